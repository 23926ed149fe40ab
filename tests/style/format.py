#!/usr/bin/env python3
"""Checks that clang-format would change nothing. Skips (exit code 77) where clang-format-19 is not installed."""

import shutil
import subprocess
import sys

import source

FORMATTER = "clang-format-19"


def main():
    if shutil.which(FORMATTER) is None:
        print(f"{FORMATTER} is not installed: './dev setup lint' installs it")
        return 77
    files = [path for directory in ("src", "fuzz", "bench", "tests") if (source.ROOT / directory).is_dir()
             for path in source.files(source.ROOT / directory, ".cc", ".h")]
    badly = subprocess.run([FORMATTER, "--style=file", "--dry-run", "-Werror"], input="int  x ;\n", cwd=source.ROOT,
                           capture_output=True, text=True, check=False).returncode
    if badly == 0:
        print("self-test: badly formatted text was not noticed")
        return 1
    result = subprocess.run([FORMATTER, "--dry-run", "-Werror", *files], capture_output=True, text=True, check=False)
    print(result.stderr if result.returncode else f"{len(files)} files are formatted", end="\n")
    if result.returncode:
        print("'./dev fmt' formats them")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
