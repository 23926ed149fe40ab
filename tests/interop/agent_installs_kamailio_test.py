#!/usr/bin/env python3
"""The agent's daemon brings Kamailio its certificate for SIP over TLS, and `kamcmd tls.reload` makes it use that."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import os
import pwd
import shutil

import chancery
import service
from chancery import Process, Server, expect_equal, expect_in, fail, free_port, require, run, wait_until

require("kamailio", "kamcmd", "openssl")
if not list(Path("/usr/lib").glob("*/kamailio/modules/tls.so")):
    print("skipped: not installed: kamailio-tls-modules")
    sys.exit(chancery.SKIPPED)

SETTINGS = """#!KAMAILIO
debug=1
log_stderror=yes
children=1
tcp_children=1
enable_tls=yes
listen=tls:127.0.0.1:{port}
loadmodule "sl.so"
loadmodule "ctl.so"
loadmodule "tls.so"
modparam("tls", "config", "{folder}/tls.cfg")
modparam("ctl", "binrpc", "unix:{folder}/run/ctl")
request_route {{ sl_send_reply("200", "OK"); }}
"""

TLS = """
[server:default]
method = TLSv1.2+
certificate = {folder}/site.pem
private_key = {folder}/site.key
[client:default]
verify_certificate = yes
require_certificate = yes
ca_list = {folder}/site-ca.pem
"""


def account():
    """Debian's account for it, when we may use that."""
    try:
        return "kamailio" if os.geteuid() == 0 and pwd.getpwnam("kamailio") else ""
    except KeyError:
        return ""


class Kamailio:
    def __init__(self):
        self.folder = chancery.temporary_folder()
        service.open_to_others(self.folder)
        (self.folder / "run").mkdir()
        self.key, self.chain, self.authorities = (self.folder / name for name in ("site.key", "site.pem", "site-ca.pem"))
        service.self_signed(self.key, self.chain)
        self.authorities.write_text(self.chain.read_text())
        self.settings, self.tls = self.folder / "kamailio.cfg", self.folder / "tls.cfg"
        self.tls.write_text(TLS.format(folder=self.folder))
        words = []
        if account():
            words = ["-u", account(), "-g", account()]
            for file in (self.folder / "run", self.key):
                shutil.chown(file, account(), account())
        for _ in range(5):
            self.port = free_port()
            self.settings.write_text(SETTINGS.format(folder=self.folder, port=self.port))
            self.process = Process(chancery.program("kamailio"), "-DD", "-E", "-f", self.settings, "-m", "32", "-M", "4",
                                   "-Y", self.folder / "run", *words, log=self.folder / "kamailio.log")
            wait_until(lambda: self.process.code is not None or self.shown(), self.explain)
            if self.process.code is None:
                return
        fail(f"Kamailio does not run:\n{self.explain()}")

    def command(self):
        return [chancery.program("kamcmd"), "-s", f"unixs:{self.folder}/run/ctl", "tls.reload"]

    def reload(self):
        """As the preset has it, without starting the system's Kamailio."""
        said = " ".join(self.command())
        return ["/bin/sh", "-c", f'said=$({said} 2>&1); echo "$said"; expr "$said" : Ok >/dev/null']

    def explain(self):
        return self.process.log()[-6000:]

    def shown(self):
        return service.shown_by_tls(self.port)

    def break_it(self):
        good = self.tls.read_text()
        self.tls.write_text(good.replace("site.key", "gone.key"))
        # This is why the preset looks at what is said: kamcmd ends with 0 all the same.
        expect_in("error: 500", run(*self.command()).text())
        return lambda: self.tls.write_text(good)


def test_kamailio_reloads_what_the_agent_brings():
    server, kamailio = Server(), Kamailio()
    device = service.Site(server, "kamailio", f"reload = {service.toml(kamailio.reload())}",
                          key_path=kamailio.key, full_chain_path=kamailio.chain, authorities_path=kamailio.authorities,
                          group=account(), health_check=f"tls:127.0.0.1:{kamailio.port}:{service.HOST}", health_timeout="1s")
    service.expect_story(device, kamailio, says="Error while fixing TLS configuration")
    service.expect_verifies(server, kamailio.port)
    expect_equal(device.key_mode(), 0o640, "the key's mode")
    pid = (chancery.run("pgrep", "-P", kamailio.process.pid).out.split() or [""])[0]
    if account():
        expect_equal(Path(f"/proc/{pid}").owner(), "kamailio", "the account that reads the key")
        expect_equal(device.file("web", "key.pem").stat().st_uid, 0, "the owner of the key")


if __name__ == "__main__":
    chancery.main()
