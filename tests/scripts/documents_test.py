#!/usr/bin/env python3
"""What the programs print of themselves: man pages, completions, the default configuration, the API's description."""

import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import AGENT, PROGRAM, expect, expect_equal, expect_in, require, run, temporary_folder

require("man", "bash")
REPOSITORY = Path(__file__).resolve().parents[2]


def test_man_pages_are_formatted_without_a_warning():
    for program, command in ((PROGRAM, "cert revoke"), (AGENT, "enroll")):
        page = temporary_folder() / "page"
        page.write_text(run(program, "docs", "man").out)
        formatted = run("man", "--warnings=all", "-l", page, env={"MANWIDTH": "100", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"})
        expect_in(f"{program.name} {command}", formatted.out.replace("\u2010", "-"))
        expect_equal(formatted.err, "", "what man complains of")


def test_the_tests_that_hold_past_mistakes_are_there():
    sources = "\n".join(file.read_text() for folder, pattern in (("src", "*_test*.*"), ("src", "*contract*"), ("tests", "*_test.py"))
                        for file in sorted((REPOSITORY / folder).rglob(pattern)))
    known = {f"{suite}.{name}" for suite, name in re.findall(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", sources, re.MULTILINE)}
    known |= set(re.findall(r"^def (test_\w+)\(", sources, re.MULTILINE))
    rows = [line.split("|")[3] for line in (REPOSITORY / "docs/mistakes.md").read_text().splitlines() if line.startswith("| ")]
    named = {word for cell in rows for word in re.findall(r"`((?:test_|\w+\.)\w+)`", cell)}
    expect(len(named) > 20, f"few tests are named: {sorted(named)}")
    expect_equal(sorted(named - known), [], "tests that are named and not there")


def completions(program, line):
    """What bash offers behind `line`, which is split at its blanks."""
    script = temporary_folder() / "completion"
    script.write_text(run(program, "docs", "completion", "bash").out)
    function = "_" + program.name.replace("-", "_")
    words = " ".join(f"'{word}'" for word in line.split(" "))
    answer = run("bash", "-c", f'source {script}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); {function}; '
                               'echo "${COMPREPLY[@]}"', cwd=script.parent)
    return answer.out.split()


def test_completions_are_shell_and_know_the_commands():
    for program, line, wanted in ((PROGRAM, "chancery cert ", "revoke"), (AGENT, "chancery-agent ", "enroll")):
        expect_in(wanted, completions(program, line))
        for shell in ("zsh", "fish"):
            expect_in(wanted, run(program, "docs", "completion", shell).out)
        run(program, "docs", "completion", "tcsh", code=2)


def test_completions_go_on_behind_options_and_know_their_values():
    commands = completions(PROGRAM, "chancery ca ")
    expect("chain" in commands and "init" not in commands, f"behind 'ca' {commands} is offered")
    states, roles = ["issued", "revoked", "intended"], ["administrator", "operator", "auditor"]
    rows = [
        ("chancery --json ca ", commands),
        ("chancery --config x.toml ca ", commands),
        ("chancery --config = x.toml --json ca ", commands),
        ("chancery --config ", ["completion"]),
        ("chancery --js", ["--json"]),
        ("chancery cert list --state ", states),
        ("chancery --json cert list --endpoint a --state ", states),
        ("chancery cert list --state = re", ["revoked"]),
        ("chancery cert list --state x", []),
        ("chancery cert revoke 4f3a --reason key", ["keyCompromise"]),
        ("chancery cert revoke --reason superseded --js", ["--json"]),
        ("chancery endpoint add printers --preset ca", ["canon"]),
        ("chancery request list --state ", ["pending", "issued", "rejected", "all"]),
        ("chancery user role anna ", roles),
        ("chancery user add anna --role ", roles),
        ("chancery docs completion ", ["bash", "zsh", "fish"]),
        ("chancery docs completion --js", ["--json"]),
    ]
    for line, wanted in rows:
        expect_equal(completions(PROGRAM, line), wanted, f"what is offered behind '{line}'")


def test_the_default_configuration_is_right():
    file = temporary_folder() / "chancery.toml"
    file.write_text(f'data = "{file.parent}/data"\n' + run(PROGRAM, "config", "default").out)
    expect_in("requests_per_second", file.read_text())
    run(PROGRAM, "config", "check", file)


def test_every_problem_of_a_configuration_is_named_at_once():
    file = temporary_folder() / "chancery.toml"
    file.write_text('base_url = "ftp://x"\n[http]\nlisen = ["0.0.0.0:80"]\nworkers = "many"\n')
    told = run(PROGRAM, "config", "check", file, code=2).err
    expect_in("did you mean 'http.listen'?", told)
    expect_in("http.workers", told)


def test_the_description_of_the_api_is_the_one_checked_in():
    printed = json.loads(run(PROGRAM, "docs", "api").out)
    expect_equal(printed, json.loads((REPOSITORY / "api/hub.openapi.json").read_text()), "the description")
    expect("/v1/certificates/{serial}/revoke" in printed["paths"], "a path is missing")


if __name__ == "__main__":
    chancery.main()
