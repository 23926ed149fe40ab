"""A PostgreSQL server of the test's own: in a folder that goes with it, on a socket in there, without TCP."""

import os
import pwd
import shutil
import signal
import sys
from pathlib import Path

import chancery

PROGRAMS = Path("/usr/lib/postgresql/15/bin")  # What Debian 12 has; not on anybody's path.
# PostgreSQL refuses to run as root: then it is this user's.
UNPRIVILEGED = "nobody"
# Nothing of it outlives the test, so nothing waits for the disk.
SETTINGS = {"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
            "shared_buffers": "32MB", "max_connections": "40", "autovacuum": "off", "logging_collector": "off"}


class Server:
    """`connection`: what libpq calls it by."""

    def __init__(self):
        if not (PROGRAMS / "postgres").exists():
            print("skipped: not installed: postgresql: run './dev setup'")
            sys.exit(chancery.SKIPPED)
        self.folder = chancery.temporary_folder("chancery-pg-")  # Short: a socket's path has at most 107 octets.
        as_somebody = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            shutil.chown(self.folder, user.pw_uid, user.pw_gid)
            as_somebody = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        data = self.folder / "data"
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        # Texts are octets and in the order of these, as in SQLite.
        chancery.run(PROGRAMS / "initdb", "--pgdata", data, "--username", "chancery", "--auth", "trust", "--encoding", "SQL_ASCII",
                     "--locale", "C", "--no-sync", "--no-instructions", env=environment, cwd=self.folder, **as_somebody)
        words = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        self.process = chancery.Process(PROGRAMS / "postgres", "-D", data, "-k", self.folder, *words,
                                        log=self.folder / "server.log", env=environment, cwd=self.folder, **as_somebody)
        chancery.at_end(lambda: self.process.signal(signal.SIGINT))  # Not SIGTERM: it would wait for whoever is connected.
        self.connection = f"host={self.folder} user=chancery dbname=postgres"
        chancery.wait_until(lambda: self.process.code is not None or self._is_ready(),
                            lambda: f"PostgreSQL is not ready:\n{self.process.log()}")
        chancery.expect(self.process.code is None, f"PostgreSQL ended:\n{self.process.log()}")

    def _is_ready(self):
        return "ready to accept connections" in self.process.log()
