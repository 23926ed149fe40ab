#!/usr/bin/env python3
# ctest: TIMEOUT 1800 COST 60
"""A server that is killed again and again while devices enrol with a password that all of them have: see tests/lib/kill.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import kill
import load


def test_killed_while_devices_enrol_with_a_shared_challenge():
    kill.story(load.shared_server("the plant's own password"), challenges=False)


if __name__ == "__main__":
    chancery.main()
