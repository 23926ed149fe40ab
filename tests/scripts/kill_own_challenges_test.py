#!/usr/bin/env python3
# ctest: TIMEOUT 1800 COST 60
"""A server that is killed again and again while devices enrol with a challenge each: see tests/lib/kill.py."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import kill


def test_killed_while_devices_enrol_with_challenges_of_their_own():
    server = chancery.Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge")
    kill.story(server, challenges=True)


if __name__ == "__main__":
    chancery.main()
