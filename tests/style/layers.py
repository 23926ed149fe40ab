#!/usr/bin/env python3
"""Checks every #include below src/ against src/LAYERS: only named layers, only named third-party headers, no cycle, and
nothing sideways or upwards."""

import re

import source

# A layer may name only layers of a lower level. ARCHITECTURE.md has the picture.
LEVELS = [
    ["base"],
    ["pki", "sql", "config", "files", "cli", "http"],
    ["scep", "ca", "fleet", "wire"],
    ["hub", "agent"],
    ["api", "connectors", "notify", "store/hub", "store/agent", "device"],
    ["sim"],
    ["programs/chancery", "programs/chancery-agent", "programs/chancery-sim", "testing"],
]

# Which name in src/LAYERS allows a header. The first pattern that fits counts; a header may be allowed by several names.
THIRD_PARTY = [
    (r"fmt/", ["fmt"]),
    (r"spdlog/", ["spdlog"]),
    (r"openssl/", ["openssl"]),
    (r"sqlite3\.h$", ["sqlite3"]),
    (r"toml\+\+/", ["toml"]),
    (r"boost/(json|describe)[/.]|boost/system/", ["boost/json", "boost"]),
    (r"boost/", ["boost"]),
    (r"curl/", ["curl"]),
    (r"sodium\.h$|sodium/", ["sodium"]),
    (r"prometheus/", ["prometheus"]),
    (r"CLI/", ["CLI"]),
    (r"p11-kit/", ["p11-kit"]),
    (r"gtest/|gmock/", ["gtest"]),
    (r"libpq-fe\.h$", ["libpq"]),
    (r"benchmark/", ["benchmark"]),
]

# Headers of the standard library and of POSIX are free, but for these. The paths name who owns one.
KEPT_HEADERS = {
    "iostream": ("programs/", "it runs code before main; use fmt, or Log"),
    "regex": ("", "slow, and a long input overflows its stack; write the few lines that parse"),
    "random": ("base/random.cc", "take a Random"),
    "ctime": ("base/time.cc", "take a Clock; base/time.h formats and parses"),
    "time.h": ("base/time.cc", "take a Clock; base/time.h formats and parses"),
    "sys/time.h": ("base/time.cc", "take a Clock"),
    "sys/random.h": ("base/random.cc", "take a Random"),
    "format": ("", "g++ 12 lacks it; use fmt"),
    "print": ("", "g++ 12 lacks it; use fmt"),
    "iomanip": ("", "use fmt"),
    "sstream": ("", "use fmt"),
}
POSIX = re.compile(r"(sys|netinet|arpa|net|linux)/\w+\.h$|(unistd|fcntl|errno|signal|poll|pwd|grp|termios|time|dirent|netdb"
                   r"|pthread|semaphore|spawn|stdio|stdlib|string|syslog|dlfcn|ifaddrs|limits|malloc)\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def read_layers(path):
    """src/LAYERS as {layer: (our layers, third-party names)}, and what is wrong with it."""
    layers, complaints = {}, []
    level_of = {layer: level for level, names in enumerate(LEVELS) for layer in names}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        layer, _, rest = line.partition(":")
        ours, _, theirs = rest.partition("|")
        layer, ours, theirs = layer.strip(), ours.split(), theirs.split()
        if ours == ["*"]:
            ours = [name for name in layers if not name.startswith("programs/") and name != "testing"]
        where = f"src/LAYERS:{number}: {layer}"
        if layer not in level_of:
            complaints.append(f"{where} has no level: give it one in tests/style/layers.py")
        for other in ours:
            if other not in layers:
                complaints.append(f"{where} names {other}, which no earlier line has: that could make a cycle")
            elif level_of.get(other, 0) >= level_of.get(layer, len(LEVELS)):
                complaints.append(f"{where} names {other}, which is not below it: let the layer above both translate")
        layers[layer] = (ours, theirs)
    return layers, complaints


def layer_of(path, layers):
    """The layer whose directory holds `path`, which starts below src/: the longest that fits."""
    fitting = [layer for layer in layers if path.startswith(layer + "/")]
    return max(fitting, key=len) if fitting else None


def complaint_about(path, quote, header, layers):
    """What is wrong with this include, or None. `path` starts below src/."""
    layer = layer_of(path, layers)
    is_test = path.endswith(("_test.cc", "_testing.h"))
    ours, theirs = layers[layer]
    target = layer_of(header, layers)
    if target is not None or quote == '"':
        if target is None:
            return "is no header of ours: write paths from src/, and other people's in angle brackets"
        if quote == "<":
            return "is ours: write it in quotes"
        if target == layer or target in ours or (is_test and target == "testing"):
            return None
        return f"is of {target}, which the line '{layer}' in src/LAYERS does not name"
    for pattern, names in THIRD_PARTY:
        if re.match(pattern, header):
            allowed = theirs + (["gtest"] if is_test else [])
            return None if set(names) & set(allowed) else f"needs '{names[0]}' in the line '{layer}' of src/LAYERS"
    if header in KEPT_HEADERS:
        owner, instead = KEPT_HEADERS[header]
        return None if owner and path.startswith(owner) else f"is kept out: {instead}"
    if re.fullmatch(r"\w+", header) or POSIX.match(header):
        return None
    return "is of a library that tests/style/layers.py does not know"


def check(root):
    layers, complaints = read_layers(root / "src/LAYERS")
    for file in source.files(root / "src", ".cc", ".h"):
        path = file.relative_to(root / "src").as_posix()
        if layer_of(path, layers) is None:
            complaints.append(f"src/{path}: lies in no layer of src/LAYERS")
            continue
        code = source.code_of(file.read_text())
        for match in INCLUDE.finditer(code):
            complaint = complaint_about(path, match.group(1), match.group(2), layers)
            if complaint:
                line = code.count("\n", 0, match.start(1)) + 1
                complaints.append(f"src/{path}:{line}: {match.group(2)} {complaint}")
    return complaints


LAYERS = "base: | fmt\npki: base | openssl\nsql: base | sqlite3\nscep: base pki |\nprograms/chancery: * | CLI\ntesting: * | gtest\n"


def tree(path, text, layers=LAYERS):
    return {"src/LAYERS": layers, f"src/{path}": text}


if __name__ == "__main__":
    source.run(check, [
        ("own, lower, third-party and standard headers",
         tree("scep/a.cc", '#include "scep/a.h"\n#include "pki/key.h"\n#include <vector>\n#include <sys/stat.h>\n'), None),
        ("a layer that is not named", tree("pki/a.cc", '#include "sql/a.h"\n'), "src/pki/a.cc:1: sql/a.h is of sql"),
        ("a layer above", tree("base/a.h", '\n#include "pki/key.h"\n'), "src/base/a.h:2: pki/key.h is of pki"),
        ("third-party, not named", tree("scep/a.cc", "#include <openssl/cms.h>\n"), "needs 'openssl'"),
        ("third-party, unknown", tree("scep/a.cc", "#include <zlib.h>\n"), "does not know"),
        ("a kept header", tree("scep/a.cc", "#include <iostream>\n"), "is kept out"),
        ("a kept header at its owner", tree("programs/chancery/main.cc", "#include <iostream>\n"), None),
        ("ours in angle brackets", tree("scep/a.cc", "#include <pki/key.h>\n"), "write it in quotes"),
        ("a path that is not from src/", tree("scep/a.cc", '#include "a.h"\n'), "write paths from src/"),
        ("tests may use fakes and GoogleTest",
         tree("scep/a_test.cc", '#include <gtest/gtest.h>\n#include "testing/fakes.h"\n'), None),
        ("so may what several tests share", tree("scep/a_testing.h", "#include <gtest/gtest.h>\n"), None),
        ("others may not", tree("scep/a.cc", '#include "testing/fakes.h"\n'), "is of testing"),
        ("an include in a comment", tree("base/a.h", '// #include "pki/key.h"\n/*\n#include "sql/a.h"\n*/\n'), None),
        ("programs may use what stands above them", tree("programs/chancery/main.cc", '#include "sql/a.h"\n'), None),
        ("a file outside the layers", tree("misc/a.cc", ""), "lies in no layer"),
        ("a cycle", tree("base/a.cc", "", "base: pki |\npki: base |\n"), "no earlier line has"),
        ("sideways", tree("base/a.cc", "", "base: |\npki: base |\nsql: pki |\n"), "is not below it"),
        ("a layer without a level", tree("base/a.cc", "", "base: |\nmisc: base |\n"), "has no level"),
    ])
