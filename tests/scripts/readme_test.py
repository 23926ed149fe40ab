#!/usr/bin/env python3
"""README's tour, word for word: its code blocks are cut out of README.md and given to a shell."""

import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import BUILD, Server, expect, expect_equal, expect_in, require, run

require("pki", "openssl", "bash")
REPOSITORY = Path(__file__).resolve().parents[2]


def tour():
    """The shell's lines of the section, in order."""
    readme = (REPOSITORY / "README.md").read_text()
    section = re.search(r"^## A tour.*?(?=^## )", readme, re.MULTILINE | re.DOTALL).group()
    blocks = re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    expect(len(blocks) >= 6, f"the tour has {len(blocks)} blocks only")
    return "\n".join(blocks)


def test_the_tour_works_as_it_is_written():
    server = Server("--organization", "Chancery Demo", "--endpoint", "demo", "--set", "authorisers=challenge",
                    "--set", "alternative_names=dns,ip")
    folder = server.folder / "checkout"
    (folder / "build").mkdir(parents=True)
    (folder / "var/demo").mkdir(parents=True)
    os.symlink(BUILD, folder / "build/release")
    os.symlink(server.config_file, folder / "var/demo/chancery.toml")
    script = folder / "tour.sh"
    script.write_text(f"set -euo pipefail\nshopt -s expand_aliases\n{tour()}")
    done = run("bash", script, cwd=folder, timeout=120)

    certificates = server.cli("cert", "list", json=True)["certificates"]
    expect_equal(sorted((row["subject"], row["state"]) for row in certificates),
                 [("CN=printer-7", "issued"), ("CN=printer-7", "revoked"), ("CN=router-1", "issued"), ("CN=visitor", "issued")],
                 "what was issued")
    expect_in("Serial Number: " + next(row["serial"] for row in certificates if row["state"] == "revoked").upper(), done.out.upper().replace("SERIAL NUMBER", "Serial Number"))
    expect_in("The audit trail is whole", done.out)
    expect((folder / "visitor/cert.pem").exists() and (folder / "cert.pem").stat().st_size > 0, "a certificate is missing")


if __name__ == "__main__":
    chancery.main()
