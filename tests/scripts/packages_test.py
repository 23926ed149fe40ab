#!/usr/bin/env python3
"""The .deb packages: everything that belongs to a program is in its package, and the units are what systemd understands."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import os
import re
import shutil

import chancery
from chancery import expect, expect_equal, expect_in, require, run

require("dpkg-deb", "dpkg-shlibdeps", "strip")

MAKE = Path(__file__).resolve().parents[2] / "packaging/make-debs"
PROGRAMS = ("chancery", "chancery-agent")
FILES = ("usr/bin/{0}", "usr/lib/systemd/system/{0}.service", "usr/share/man/man1/{0}.1.gz",
         "usr/share/bash-completion/completions/{0}", "usr/share/zsh/vendor-completions/_{0}",
         "usr/share/fish/vendor_completions.d/{0}.fish", "usr/share/doc/{0}/copyright", "usr/share/doc/{0}/changelog.gz",
         "usr/share/doc/{0}/README.systemd")


def test_packages_hold_what_belongs_to_each_program():
    out = chancery.temporary_folder()
    # What takes long is to compress them, and nothing here is about that.
    made = run(MAKE, chancery.BUILD, out, timeout=180, env=dict(os.environ, DPKG_DEB_COMPRESSOR_TYPE="none")).out
    expect("without" not in made, f"something is missing:\n{made}")
    root = out / "root"
    for program in PROGRAMS:
        package = next(out.glob(f"{program}_*.deb"))
        control = out / f"{program}.control"
        run("dpkg-deb", "-e", package, control)
        run("dpkg-deb", "-x", package, root)
        for file in FILES:
            expect((root / file.format(program)).stat().st_size > 0, f"{file.format(program)} is empty")
        for script in ("postinst", "prerm", "postrm"):
            run("sh", "-n", control / script)
        run("md5sum", "--check", "--quiet", control / "md5sums", cwd=root)
        expect_in("libssl3", run("dpkg-deb", "-f", package, "Depends").out)
        run("bash", "-n", root / f"usr/share/bash-completion/completions/{program}")
    expect((root / "usr/share/doc/chancery-agent/services.md").exists(), "the agent's package does not tell about services")
    # With 'full' or 'strict' /etc is read-only in spite of any ReadWritePaths=/etc, and services have their files there.
    expect_in("\nProtectSystem=yes\n", (root / "usr/lib/systemd/system/chancery-agent.service").read_text())
    check_units(root)


def check_units(root):
    """systemd knows each setting; the exposure that it counts, from 0 to 10, does not grow unseen."""
    if not shutil.which("systemd-analyze"):
        return
    for program, most in (("chancery", 17), ("chancery-agent", 34)):
        unit = f"{program}.service"
        # Other units and programs are not below this root, so only what it says of lines of the file counts.
        said = run("systemd-analyze", f"--root={root}", "verify", "--man=no", unit, code=None).text()
        complaints = [line for line in said.splitlines() if re.search(rf"/{unit}:\d+:", line)]
        expect_equal(complaints, [], f"what systemd says of {unit}")
        run("systemd-analyze", f"--root={root}", "security", "--offline=true", f"--threshold={most}", unit)


if __name__ == "__main__":
    chancery.main()
