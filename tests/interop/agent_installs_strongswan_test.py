#!/usr/bin/env python3
"""The agent's daemon brings strongSwan its certificate: swanctl loads it, and the peer at the other end sees it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import network
import service
import strongswan
from chancery import Process, Server, expect, expect_equal, expect_in, require, run, wait_until

CHARON = "/usr/sbin/charon-systemd"
require("swanctl", CHARON, *strongswan.PROGRAMS)
network.become_alone()

# Debian's folders, so that swanctl has nothing to complain about.
FOLDERS = ("x509", "x509ca", "x509ocsp", "x509aa", "x509ac", "x509crl", "pubkey", "private", "rsa", "ecdsa", "bliss",
           "pkcs8", "pkcs12", "conf.d")

SETTINGS = """
charon-systemd {{
  port = {port}
  port_nat_t = {port_nat_t}
  install_routes = no
  retransmit_tries = 1
  journal {{ default = -1 }}
  filelog {{
    file {{
      path = {folder}/charon.log
      default = 1
      flush_line = yes
    }}
  }}
  plugins {{
    include /etc/strongswan.d/charon/*.conf
    vici {{
      socket = unix://{folder}/vici
    }}
  }}
}}
"""

CONNECTION = """
connections {{
  site {{
    version = 2
    local_addrs = 127.0.0.1
    remote_addrs = 127.0.0.1
    local_port = {port}
    remote_port = {remote_port}
    childless = force
    local {{
      auth = pubkey
      certs = {certificate}
    }}
    remote {{
      auth = pubkey
      {remote}
    }}
  }}
}}
"""


class Charon:
    """One end of a tunnel without traffic. There are no other programs in this network, so the ports are free."""

    def __init__(self, port, remote_port):
        self.port, self.remote_port = port, remote_port
        self.folder = chancery.temporary_folder()
        for name in FOLDERS:
            (self.folder / name).mkdir(mode=0o700 if name == "private" else 0o755)
        self.settings = self.folder / "strongswan.conf"
        self.settings.write_text(SETTINGS.format(folder=self.folder, port=port, port_nat_t=port + 1))
        self.process = Process("env", f"STRONGSWAN_CONF={self.settings}", CHARON, log=self.folder / "output.log")
        wait_until(lambda: self.process.code is not None or self.swanctl("--stats", code=None).code == 0, self.explain)
        expect(self.process.code is None, f"charon does not run:\n{self.explain()}")

    def configure(self, certificate, remote="id = %any"):
        (self.folder / "swanctl.conf").write_text(CONNECTION.format(port=self.port, remote_port=self.remote_port,
                                                                    certificate=certificate, remote=remote))

    def command(self, *words):
        """swanctl with this daemon's folders: what is elsewhere than in /etc/swanctl, only the environment can tell."""
        return ["/usr/bin/env", f"STRONGSWAN_CONF={self.settings}", f"SWANCTL_DIR={self.folder}",
                chancery.program("swanctl"), *words, "--uri", f"unix://{self.folder}/vici"]

    def swanctl(self, *words, **options):
        return run(*self.command(*words), **options)

    def explain(self):
        log = self.folder / "charon.log"
        return f"{self.process.log()}\n{log.read_text()[-6000:] if log.exists() else ''}"


class Gateway(Charon):
    """The end that the agent looks after, and a peer that tells which certificate it sees."""

    def __init__(self, server):
        super().__init__(4500, 5500)
        service.self_signed(self.folder / "private/web.pem", self.folder / "x509/web.pem")
        self.configure("web.pem")
        self.peer = Charon(5500, 4500)
        self.device = None
        own = strongswan.enrol(server, "O=Bench, CN=peer", folder=self.peer.folder)
        (self.peer.folder / "x509/own.pem").write_text(own.file("cert.pem").read_text())
        (self.peer.folder / "private/own.pem").write_text(own.file("key.pem").read_text())
        # It trusts the root and no more, so each has to send the other what is between.
        for name in ("root", "issuing-1"):
            kind = "x509ca" if name == "root" else "x509"
            (self.peer.folder / kind / f"{name}.pem").write_text(server.fetch(f"/ca/{name}.pem", f"{name}.pem").read_text())
        self.swanctl("--load-all", "--noprompt")

    def outcome_with(self, certificate):
        """What comes of the peer's attempt to authenticate the gateway when it would take this certificate and no other."""
        (self.peer.folder / "x509/remote.pem").write_text(certificate + "\n")
        self.peer.configure("own.pem", remote="id = \"O=Bench, CN=site\"\n      certs = remote.pem")
        self.peer.swanctl("--load-all", "--noprompt")
        self.peer.swanctl("--terminate", "--ike", "site", code=None)
        return self.peer.swanctl("--initiate", "--ike", "site", "--timeout", "10", code=None)

    def shown(self):
        pinned = self.device.installed()
        outcome = self.outcome_with(pinned)
        return pinned if outcome.code == 0 else str(outcome)

    def break_it(self):
        # This is why the preset looks at what is said: swanctl ends with 0 also when charon takes a key not.
        bad = self.folder / "private/bad.pem"
        bad.write_text("no key\n")
        expect_in("bad.pem' failed", self.swanctl("--load-all", "--noprompt").text())
        bad.unlink()
        self.configure("gone.pem")
        return lambda: self.configure("web.pem")


def test_strongswan_loads_what_the_agent_brings_and_the_peer_sees_it():
    server = Server()
    gateway = Gateway(server)
    key = gateway.folder / "private/web.pem"
    device = service.Site(server, "strongswan", f"reload = {service.toml(gateway.command('--load-all', '--noprompt'))}",
                          key="ec:p256", key_path=key, certificate_path=gateway.folder / "x509/web.pem",
                          chain_path=gateway.folder / "x509ca/web-issuing.pem",
                          authorities_path=gateway.folder / "x509ca/web.pem",
                          health_check="command: " + " ".join(gateway.command("--load-creds", "--noprompt")),
                          health_output=f"loaded private key from '{key}'")
    gateway.device = device
    service.expect_story(device, gateway, says="gone.pem")
    expect_equal(device.key_mode(), 0o600, "the key's mode")
    before = device.installed()
    device.run("renew", "web")
    expect_in("constraint check failed", gateway.outcome_with(before).text())


if __name__ == "__main__":
    chancery.main()
