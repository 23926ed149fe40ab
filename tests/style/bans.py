#!/usr/bin/env python3
"""Looks for what this repository does not use, and names what it uses instead."""

import re
from dataclasses import dataclass

import source


@dataclass(frozen=True)
class Ban:
    pattern: str  # searched in code without comments and the insides of strings
    instead: str
    owners: tuple = ()  # the paths that may: files, or directories that end in '/'


# Code below these directories is held to the bans on code. bench/ measures real time, so it is not among them.
CODE = ("src/", "fuzz/")
CODE_BANS = [
    Ban(r"\b(system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime)\b"
        r"|\btime\s*\(\s*(nullptr|NULL|0|&\w+)\s*\)|\bstd::time\b", "take a Clock (base/time.h)", ("src/base/time.cc",)),
    Ban(r"\b(adjtimex|ntp_adjtime|ntp_gettime)\b", "take an agent::TimeSource (agent/time_source.h)",
        ("src/device/time_sync.cc",)),
    Ban(r"\b(sleep|usleep|nanosleep)\s*\(|\bthis_thread::sleep_(for|until)\b",
        "wait for an event, or take a Clock and call its sleep_for (base/time.h)", ("src/base/time.cc",)),
    Ban(r"\bs?rand\s*\(|\bstd::(random_device|mt19937(_64)?|default_random_engine)\b|\bRAND_(priv_)?bytes|\barc4random"
        r"|\bgetrandom\s*\(", "take a Random (base/random.h)", ("src/base/random.cc",)),
    Ban(r"\b(secure_)?getenv\b|\b(set|put|unset)env\b", "read the environment in the program and pass the value on",
        ("src/programs/", "src/device/softhsm_testing.h", "src/testing/postgresql.cc")),
    Ban(r"\bstd::(cout|cerr|clog)\b|\b[fv]?printf\s*\(|\bputs\s*\(|\bfmt::print\b",
        "return an Error, or take a Log (base/log.h); programs print", ("src/programs/", "src/base/check.cc", "fuzz/")),
    Ban(r"\b(sprintf|vsprintf|strcpy|strcat|gets|strtok|atoi|atol|atof)\s*\(", "use fmt::format, std::string, std::from_chars"),
    Ban(r"\busing\s+namespace\s+std\s*(;|::(?!\w*literals))", "write std:: in full; literals are the exception"),
    Ban(r"\bshared_ptr\b|\bmake_shared\b|\benable_shared_from_this\b", "a value, a reference, or unique_ptr",
        ("src/http/",)),
    Ban(r"\b\w*[a-z](Manager|Helper|Utils?|Impl)\b|\b(class|struct)\s+(Manager|Helper|Utils?|Impl)\b",
        "a name that says what the thing is"),
    Ban(r"\bassert\s*\(", "CHECK (base/check.h), which is on in release too"),
    Ban(r"[^\s(]\s*\bnew\s+\w[\w:<>]*\s*[({\[]|\bdelete\s+\w|\bdelete\[\]|\b(m|c|re)alloc\s*\(",
        "a value, std::vector, std::make_unique, or std::unique_ptr<T>(new T(…))"),
    Ban(r"\bsystem\s*\(\s*[\"\w]|\bpopen\s*\(", "no shell: posix_spawn with a list of arguments"),
    Ban(r"\bEVP_(md5|sha1|des_cbc|des_ede3_cbc)\s*\(", "algorithms are looked up where policy allows the weak ones",
        ("src/pki/",)),
]

# Unit tests, and what they share, wait for events; a fake clock does not sleep.
UNIT_TEST = ("_test.cc", "_testing.h")
UNIT_TEST_BANS = [
    Ban(r"(\.|->)\s*sleep_for\s*\(", "wait for an event: a semaphore, or what comes over a socket; or advance a FakeClock"),
]

# Bans on every line of every text file of ours, comments and documents included.
LINE_BANS = [
    Ban(r"\b(TODO|FIX[M]E|XX[X])\b", "do it, or open an issue"),
    Ban(r"[ \t]+$", "no white space at the end of a line"),
    Ban(r"(?<![\w.$}~-])/(home/\w|Users/\w|work/\w|root/\w)|\b[A-Z]:\\Users\b", "no path of somebody's machine"),
]
# Words in a file's name that say nothing.
NAME_BAN = Ban(r"(^|_)(manager|helpers?|utils?|impl|misc|common)(_|\.|$)", "a name that says what is in the file")
LONGEST_FILE = 500

# Files that may break one rule, each with its reason: (path or directory, a part of the rule's advice, reason).
ALLOWED = [
    ("tests/style/bans.py", "", "it shows what it looks for"),
    ("vectors/", "", "other people's bytes"),
    ("fuzz/corpus/", "", "inputs, not sources"),
    ("LICENSE", "", "not ours to change"),
    ("src/base/log.cc", "unique_ptr", "spdlog takes its sinks as shared pointers"),
]
TEXT = (".cc", ".h", ".py", ".sh", ".cmake", ".txt", ".md", ".toml", ".sql", ".json", ".yaml", ".service", ".html", ".css", ".js")
SOURCES = (".cc", ".h", ".py", ".sh", ".sql", ".cmake")


def is_allowed(path, advice):
    return any((path == place or (place.endswith("/") and path.startswith(place))) and part in advice
               for place, part, reason in ALLOWED)


def find(ban, path, text):
    """Complaints about `text`, which is the file `path` or its code."""
    if is_allowed(path, ban.instead) or any(path == owner or (owner.endswith("/") and path.startswith(owner)) for owner in ban.owners):
        return []
    return [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: '{match.group().strip()}': {ban.instead}"
            for match in re.finditer(ban.pattern, text, re.MULTILINE)]


def check(root):
    complaints = []
    for file in source.files(root):
        path = file.relative_to(root).as_posix()
        is_script = file.suffix == "" and file.stat().st_size < 100_000 and not is_allowed(path, "")
        if not path.endswith(TEXT) and not is_script:
            continue
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue  # Data, not text.
        for ban in LINE_BANS:
            complaints += find(ban, path, text)
        if path.endswith(SOURCES):
            advice = "split it: one subject a file"
            lines = text.count("\n")
            if lines > LONGEST_FILE and not is_allowed(path, advice):
                complaints.append(f"{path}: {lines} lines: {advice}")
            if re.search(NAME_BAN.pattern, file.name) and not is_allowed(path, NAME_BAN.instead):
                complaints.append(f"{path}: {NAME_BAN.instead}")
        if path.startswith(CODE) and path.endswith((".cc", ".h")):
            code = source.code_of(text)
            for ban in CODE_BANS + (UNIT_TEST_BANS if path.endswith(UNIT_TEST) else []):
                complaints += find(ban, path, code)
    return complaints


def row(line, expected, path="src/hub/a.cc"):
    return (f"{path}: {line}", {path: line + "\n"}, expected)


if __name__ == "__main__":
    source.run(check, [
        row("auto now = std::chrono::system_clock::now();", "take a Clock"),
        row("auto now = std::chrono::system_clock::now();", None, "src/base/time.cc"),
        row("const auto now = time(nullptr);", "take a Clock"),
        row("adjtimex(&question);", "take an agent::TimeSource"),
        row("adjtimex(&question);", None, "src/device/time_sync.cc"),
        row("auto when = renewal_time(validity, jitter);", None),
        row("Timestamp time() const;", None),
        row("asio::steady_timer timer(executor);", None, "src/http/a.cc"),
        row("std::this_thread::sleep_for(1s);", "wait for an event"),
        row("clock.sleep_for(1s);", None),
        row("clock.sleep_for(1s);", "wait for an event", "src/hub/a_test.cc"),
        row("clock_->sleep_for(1s);", "wait for an event", "src/hub/a_testing.h"),
        row("int dice = rand() % 6;", "take a Random"),
        row("RAND_bytes(out, 16);", "take a Random"),
        row("random_.fill(out);", None),
        row('auto home = std::getenv("HOME");', "read the environment"),
        row('auto home = std::getenv("HOME");', None, "src/programs/chancery/main.cc"),
        row('std::printf("%d", 1);', "programs print"),
        row("std::cout << 1;", "programs print"),
        row("using namespace std;", "literals are the exception"),
        row("using namespace std::chrono_literals;", None),
        row("std::shared_ptr<int> p;", "unique_ptr"),
        row("std::shared_ptr<int> p;", None, "src/http/a.cc"),
        row("class JobManager;", "a name that says"),
        row("// A sentence about time(nullptr), rand() and shared_ptr.", None),
        row('const char* text = "do not sleep(1)";', None),
        row("auto thing = new Thing();", "std::make_unique"),
        row("return std::unique_ptr<Thing>(new Thing(a));", None),
    row("std::unique_ptr<Thing> thing(\n    new Thing(a));", None),
    row("Thing(const Thing&) = delete;", None),
        row("int x;  ", "end of a line"),
        row("// TODO: more.", "open an issue"),
        row("The file is /home/alice/a.txt.", "somebody's machine", "docs/a.md"),
        row("The file is $ROOT/job/a.txt, or https://example.com/home/a.", None, "docs/a.md"),
        row("", "what is in the file", "src/hub/string_utils.cc"),
        ("501 lines", {"src/hub/a.cc": "int x;\n" * 501}, "501 lines"),
        ("500 lines", {"src/hub/a.cc": "int x;\n" * 500}, None),
    ])
