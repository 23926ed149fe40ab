#!/usr/bin/env python3
"""What README promises: the demo of `./dev run`, and the tour, word for word. Its code blocks are cut out of README.md and given
to a shell beside a demo that was made as `./dev run` makes it."""
# ctest: TIMEOUT 400 RUN_SERIAL ON

import os
import re
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import BUILD, Process, expect, expect_equal, expect_in, parse_json, require, run, wait_until

require("pki", "openssl", "bash")
REPOSITORY = Path(__file__).resolve().parents[2]


def tour():
    """The shell's lines of the section, in order."""
    readme = (REPOSITORY / "README.md").read_text()
    section = re.search(r"^## A tour.*?(?=^## )", readme, re.MULTILINE | re.DOTALL).group()
    blocks = re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    expect(len(blocks) >= 7, f"the tour has {len(blocks)} blocks only")
    return "\n".join(blocks)


class Demo:
    """What `./dev run` starts, in a folder of its own."""

    def __init__(self):
        self.folder = chancery.temporary_folder() / "checkout"
        (self.folder / "build").mkdir(parents=True)
        os.symlink(BUILD, self.folder / "build/release")
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        script = f"set -euo pipefail; fail() {{ echo \"$*\" >&2; exit 1; }}; source {REPOSITORY}/dev-lib/demo.sh; run_demo"
        self.process = Process("bash", "-c", script, log=self.folder / f"demo-{self.starts}.log", cwd=self.folder,
                               env={**os.environ, "CHANCERY_BUILD": "build/release", "CHANCERY_DEMO_ADDRESS": "127.0.0.1"})
        wait_until(lambda: "The hub is running" in self.process.log(), lambda: f"no demo:\n{self.process.log()}", timeout=90)

    def cli(self, *arguments):
        return parse_json(run(BUILD / "chancery", "--json", "--config", "var/demo/chancery.toml", *arguments, cwd=self.folder))

    def nodes(self):
        return {node["name"]: node for node in self.cli("node", "list")["nodes"]}

    def stop(self):
        """As Ctrl-C does, which every process of the terminal gets."""
        self.process.signal(signal.SIGTERM)
        self.process.wait()
        left = run("pgrep", "-f", str(self.folder.resolve()), code=None).out.split()
        expect_equal(left, [], "processes that are left")


def test_the_demo_has_devices_that_enrol_one_that_waits_and_one_that_may_not():
    demo = Demo()
    fleet = {"printer-1", "room-1", "uc-publisher", "uc-subscriber"}
    wait_until(lambda: all(demo.nodes().get(name, {}).get("online") for name in fleet), lambda: f"not all are here: {demo.nodes()}",
               timeout=60)
    wait_until(lambda: [row["subject"] for row in demo.cli("request", "list")["requests"]] == ["CN=room-2"],
               lambda: f"room-2 does not wait:\n{demo.process.log()}", timeout=60)
    demo.cli("request", "approve", demo.cli("request", "list")["requests"][0]["id"])
    wait_until(lambda: 'subject="CN=old-printer"' in demo.process.log(), lambda: f"old-printer was not refused:\n{demo.process.log()}",
               timeout=60)
    wait_until(lambda: demo.nodes().get("room-2", {}).get("state") == "waiting", lambda: f"room-2 does not come: {demo.nodes()}", timeout=60)
    expect_in("room-2 waits for you, twice", demo.process.log())
    # As in a folder from before.
    demo.cli("endpoint", "set", "by-hand", "renewal_grace=0s")
    demo.stop()

    # The same keys and devices are there when it is run again, however long it stood still.
    demo.start()
    for endpoint in ("fleet", "by-hand"):
        expect_equal(demo.cli("endpoint", "show", endpoint)["settings"]["renewal_grace"], "30d", f"the grace of {endpoint}")
    expect_in("waits until you admit it", demo.process.log())
    wait_until(lambda: all(demo.nodes().get(name, {}).get("online") for name in fleet), "the fleet does not come back", timeout=60)
    demo.stop()


def test_the_tour_works_as_it_is_written():
    demo = Demo()
    wait_until(lambda: demo.nodes().get("printer-1", {}).get("online"), "printer-1 does not come", timeout=60)
    script = demo.folder / "tour.sh"
    script.write_text(f"set -euo pipefail\nshopt -s expand_aliases\n{tour()}")
    done = run("bash", script, cwd=demo.folder, timeout=120)

    certificates = [row for row in demo.cli("cert", "list", "--limit", "100")["certificates"] if row["endpoint"] in ("demo", "visitors")]
    expect_equal(sorted((row["subject"], row["state"]) for row in certificates),
                 [("CN=printer-7", "issued"), ("CN=printer-7", "revoked"), ("CN=router-1", "issued"), ("CN=visitor", "issued")],
                 "what was issued")
    expect_in("Serial Number: " + next(row["serial"] for row in certificates if row["state"] == "revoked").upper(), done.out.upper().replace("SERIAL NUMBER", "Serial Number"))
    expect_in("The audit trail is whole", done.out)
    expect((demo.folder / "visitor/cert.pem").exists() and (demo.folder / "cert.pem").stat().st_size > 0, "a certificate is missing")
    demo.stop()


if __name__ == "__main__":
    chancery.main()
