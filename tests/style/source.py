"""What the style checks share: the files of the repository, C++ without its comments, and how a check reports."""

import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".git", "build", "dist", "var", "node_modules", "__pycache__"}

_TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<character>(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+')",
    re.DOTALL)


def files(root, *suffixes):
    """Every file of ours below `root` whose name ends in one of `suffixes`, or every one."""
    for path in sorted(root.iterdir()):
        if path.is_symlink() or path.name in NOT_OURS:
            continue
        if path.is_dir():
            yield from files(path, *suffixes)
        elif not suffixes or path.name.endswith(suffixes):
            yield path


def code_of(text):
    """C++ with comments and the insides of strings blanked out, every line still where it was. Includes are kept."""
    def blank(match):
        if match.group("comment") is None and text[text.rfind("\n", 0, match.start()) + 1:match.start()].strip() == "#include":
            return match.group()
        return re.sub(r"[^\n]", " ", match.group()) if match.group("comment") else \
            match.group()[0] + re.sub(r"[^\n]", " ", match.group()[1:-1]) + match.group()[-1]
    return _TOKEN.sub(blank, text)


def write_tree(root, tree):
    """Makes the files of `tree`, which maps paths to texts."""
    for path, text in tree.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def run(check, rows):
    """Tries `check(root)`, which gives a list of complaints, on made-up trees, and then on the repository.

    A row is what it shows, a tree, and a part of the one complaint that is expected, or None for no complaint.
    """
    failures = []
    for name, tree, expected in rows:
        with tempfile.TemporaryDirectory() as directory:
            write_tree(pathlib.Path(directory), tree)
            complaints = check(pathlib.Path(directory))
            right = complaints == [] if expected is None else len(complaints) == 1 and expected in complaints[0]
            if not right:
                failures.append(f"self-test '{name}': expected {expected!r}, got {complaints!r}")
    print("\n".join(failures) or f"self-test: {len(rows)} rows behave as they should")
    complaints = check(ROOT)
    print("\n".join(complaints) or "the repository passes")
    sys.exit(1 if failures or complaints else 0)
