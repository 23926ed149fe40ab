#!/usr/bin/env python3
"""The agent's daemon brings CUPS its certificate for IPPS: in place of the one that CUPS made, without telling it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import signal

import chancery
import service
from chancery import Process, Server, expect, expect_equal, fail, free_port, require, wait_until

require("cupsd", "openssl")

FILES = """
ServerRoot {folder}
ServerKeychain {folder}/ssl
CacheDir {folder}/cache
StateDir {folder}/state
RequestRoot {folder}/spool
TempDir {folder}/tmp
AccessLog {folder}/access.log
ErrorLog {folder}/error.log
PageLog {folder}/page.log
"""

SETTINGS = """
ServerName {name}
SSLListen 127.0.0.1:{port}
Browsing No
WebInterface No
LogLevel debug
"""


class Cups:
    """Makes a self-signed pair of its own when somebody connects first."""

    def __init__(self):
        self.folder = chancery.temporary_folder()
        service.open_to_others(self.folder)
        for name in ("ssl", "cache", "state", "spool", "tmp"):
            (self.folder / name).mkdir()
        self.files, self.settings = self.folder / "cups-files.conf", self.folder / "cupsd.conf"
        self.files.write_text(FILES.format(folder=self.folder))
        for _ in range(5):
            self.port = free_port()
            self.configure(service.HOST)
            self.process = Process(chancery.program("cupsd"), "-f", "-c", self.settings, "-s", self.files,
                                   log=self.folder / "cups.log")
            wait_until(lambda: self.process.code is not None or self.shown(), self.explain)
            if self.process.code is None:
                return
        fail(f"cupsd does not run:\n{self.explain()}")

    def configure(self, name):
        self.settings.write_text(SETTINGS.format(name=name, port=self.port))

    def file(self, kind):
        return self.folder / "ssl" / f"{service.HOST}.{kind}"

    def explain(self):
        errors = self.folder / "error.log"
        return f"{self.process.log()}\n{errors.read_text()[-6000:] if errors.exists() else ''}"

    def shown(self):
        return service.shown_by_tls(self.port)

    def rename(self, name):
        """Has it be called otherwise, as by an administrator's change."""
        before = self.shown()
        self.configure(name)
        self.process.signal(signal.SIGHUP)
        wait_until(lambda: self.shown() not in ("", before), self.explain)

    def break_it(self):
        # It then looks for the files of that name, and makes them.
        self.rename("another.example.com")
        return lambda: self.rename(service.HOST)


def test_cups_shows_what_the_agent_brings_with_the_next_connection():
    server, cups = Server(), Cups()
    own = cups.file("crt").read_text()
    device = service.Site(server, "cups", key_path=cups.file("key"), full_chain_path=cups.file("crt"), health_timeout="1s",
                          health_check=f"tls:127.0.0.1:{cups.port}:{service.HOST}")
    service.expect_story(device, cups, says="CN=another.example.com", goes_on=False)
    service.expect_verifies(server, cups.port)
    expect_equal(cups.file("crt").with_name(f"{service.HOST}.crt.before-chancery").read_text(), own, "CUPS' own certificate")
    expect(cups.file("key").is_symlink(), "CUPS replaced the link to the key")
    expect_equal(device.key_mode(), 0o600, "the key's mode")


if __name__ == "__main__":
    chancery.main()
