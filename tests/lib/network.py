"""A network of the test's own, for what changes interfaces or the kernel's tables: nothing of it is seen outside, and it
goes with the last process of the test."""

import os
import subprocess
import sys

import chancery

MARK = "CHANCERY_TEST_HAS_OWN_NETWORK"


def become_alone():
    """Runs the test file anew in a network of its own, where it may do everything; skips it where that is forbidden, as in
    a container without CAP_SYS_ADMIN."""
    if os.environ.get(MARK):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        return
    chancery.require("unshare", "ip")
    options = ["--net"] if os.geteuid() == 0 else ["--net", "--map-root-user"]
    tried = subprocess.run(["unshare", *options, "ip", "link", "set", "lo", "up"], capture_output=True, text=True)
    if tried.returncode != 0:
        print(f"skipped: no network of its own: {tried.stderr.strip()}")
        sys.exit(chancery.SKIPPED)
    os.environ[MARK] = "yes"
    sys.stdout.flush()
    os.execvp("unshare", ["unshare", *options, sys.executable, *sys.argv])
