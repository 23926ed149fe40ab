#!/usr/bin/env python3
"""Fails if a library uses a symbol of a library that its line in src/LAYERS does not name.

usage: symbols.py program layer declared,declared,… layer=archive…
The program holds the whole library; that it runs shows that everything was found.
"""

import subprocess
import sys


def symbols(archive):
    """The names an archive needs from elsewhere, and those that it alone gives: what several may give, such as an inline
    function, is no dependency."""
    needed, given = set(), set()
    listing = subprocess.run(["nm", "-C", "--no-sort", archive], capture_output=True, text=True, check=True).stdout
    weak = set()
    for line in listing.splitlines():
        kind, name = line[17:18], line[19:]
        if kind == "U":
            needed.add(name)
        elif kind in "TDBRS" and kind:
            given.add(name)
        elif kind in "WVu" and kind:
            weak.add(name)
    return needed - given - weak, given


def main():
    program, layer, declared, archives = sys.argv[1], sys.argv[2], sys.argv[3].split(","), sys.argv[4:]
    subprocess.run([program], check=True)
    archives = dict(entry.split("=", 1) for entry in archives)
    needed, _ = symbols(archives[layer])
    failures = []
    for other, archive in archives.items():
        if other != layer and other not in declared:
            failures += [f"{layer} uses {name} of {other}, which its line in src/LAYERS does not name"
                         for name in sorted(needed & symbols(archive)[1])]
    print("\n".join(failures) or f"{layer}: {len(needed)} symbols come from elsewhere, all from where the line says")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
