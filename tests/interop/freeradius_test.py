#!/usr/bin/env python3
"""FreeRADIUS and wpa_supplicant's eapol_test: EAP-TLS with certificates of Chancery's on both sides, as on a wireless or
wired network with 802.1X; and the end of a device's access when its certificate is revoked."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Process, Server, expect, expect_in, fail, free_udp_port, openssl, require, run, serial_of, wait_until

require("freeradius", "eapol_test", *strongswan.PROGRAMS)

SECRET = "between-the-switch-and-radius"

RADIUS = """
prefix = {folder}
logdir = {folder}
run_dir = {folder}
libdir = {libdir}
pidfile = {folder}/radius.pid
max_request_time = 10
cleanup_delay = 2
max_requests = 1024
log {{
  destination = stdout
  auth = yes
}}
client switch {{
  ipaddr = 127.0.0.1
  secret = {secret}
}}
modules {{
  eap {{
    default_eap_type = tls
    timer_expire = 30
    max_sessions = 64
    tls-config common {{
      private_key_file = {server_key}
      certificate_file = {folder}/server.pem
      ca_file = {folder}/authorities.pem
      check_crl = yes
      tls_min_version = "1.2"
      tls_max_version = "1.2"
      ecdh_curve = ""
      cache {{
        enable = no
      }}
    }}
    tls {{
      tls = common
    }}
  }}
}}
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {port}
  }}
  authorize {{
    eap
  }}
  authenticate {{
    eap
  }}
}}
"""

NETWORK = """
network={{
  key_mgmt=IEEE8021X
  eap=TLS
  identity="{identity}"
  ca_cert="{root}"
  client_cert="{certificate}"
  private_key="{key}"
  domain_match="radius.example.com"
}}
"""


def library_folder():
    """Where FreeRADIUS has its modules."""
    for line in run("dpkg", "-L", "freeradius").out.splitlines():
        if line.endswith("/rlm_eap.so"):
            return Path(line).parent
    fail("FreeRADIUS' modules are not where Debian has them")


class Radius:
    def __init__(self, server, site):
        """`site`: the strongswan.Client whose certificate the RADIUS server shows."""
        self.server, self.site, self.folder = server, site, chancery.temporary_folder()
        issuing = server.fetch("/ca/issuing-1.pem", "issuing.pem").read_text()
        (self.folder / "server.pem").write_text(site.file("cert.pem").read_text() + issuing)
        self.update_authorities()
        self.process = None
        self.start()

    def update_authorities(self):
        """The CA certificates and, in the same file, their CRLs: that is where check_crl finds them."""
        text = self.server.cli("ca", "chain").out
        for name in ("1", "root"):
            der = self.server.fetch(f"/crl/{name}.crl", f"{name}.crl")
            text += openssl("crl", "-inform", "DER", "-in", der).out
        (self.folder / "authorities.pem").write_text(text)

    def start(self):
        for _ in range(5):
            self.port = free_udp_port()
            (self.folder / "radiusd.conf").write_text(RADIUS.format(
                folder=self.folder, libdir=library_folder(), secret=SECRET, server_key=self.site.file("key.pem"), port=self.port))
            self.log_file = self.folder / f"radius-{self.port}.log"
            self.process = Process(chancery.program("freeradius"), "-f", "-X", "-d", self.folder, log=self.log_file)
            wait_until(lambda: self.process.code is not None or "Ready to process requests" in self.process.log(),
                       lambda: f"FreeRADIUS is not ready:\n{self.process.log()}", timeout=30)
            if self.process.code is None:
                return
            if "in use" not in self.process.log():
                break
        fail(f"FreeRADIUS does not run:\n{self.process.log()}")

    def restart(self):
        self.process.stop()
        self.start()

    def login(self, device, identity):
        """One EAP-TLS conversation; the outcome of eapol_test: exit code 0 and SUCCESS when the device was let in."""
        network = device.file("network.conf")
        root = self.server.fetch("/ca/root.pem", "root.pem")
        # Without the intermediate certificate a device would rely on the server's having it.
        chain = device.file("chain.pem")
        chain.write_text(device.file("cert.pem").read_text() + (self.server.folder / "issuing.pem").read_text())
        network.write_text(NETWORK.format(identity=identity, root=root, certificate=chain, key=device.file("key.pem")))
        return run(chancery.program("eapol_test"), "-c", network, "-a", "127.0.0.1", "-p", self.port, "-s", SECRET,
                   "-t", "8", "-A", "127.0.0.1", code=None, timeout=30)

    def explain(self, outcome):
        return f"{outcome}\n--- FreeRADIUS\n{self.process.log()[-6000:]}"


def test_eap_tls_lets_a_device_in_until_it_is_revoked():
    server = Server()
    site = strongswan.enrol(server, "O=Bench, CN=radius.example.com", "--san", "radius.example.com")
    laptop = strongswan.enrol(server, "O=Bench, CN=laptop")
    lost = strongswan.enrol(server, "O=Bench, CN=lost laptop")
    radius = Radius(server, site)

    for device, identity in ((laptop, "laptop"), (lost, "lost laptop")):
        outcome = radius.login(device, identity)
        expect(outcome.code == 0 and outcome.out.rstrip().endswith("SUCCESS"),
               f"{identity} was not let in:\n{radius.explain(outcome)}")

    stranger = strongswan.Client(server.scep_url())
    openssl("req", "-x509", "-new", "-key", stranger.new_key(), "-subj", "/O=Bench/CN=laptop", "-out", stranger.file("cert.pem"))
    outcome = radius.login(stranger, "laptop")
    expect(outcome.code != 0 and "SUCCESS" not in outcome.out.splitlines()[-1:], f"a stranger was let in:\n{radius.explain(outcome)}")

    server.cli("cert", "revoke", serial_of(lost.file("cert.pem")), "--reason", "keyCompromise")
    radius.update_authorities()
    radius.restart()
    outcome = radius.login(lost, "lost laptop")
    expect(outcome.code != 0, f"a revoked device was let in:\n{radius.explain(outcome)}")
    expect_in("certificate revoked", radius.process.log(), "what FreeRADIUS says")
    outcome = radius.login(laptop, "laptop")
    expect(outcome.code == 0, f"the other device was turned away, too:\n{radius.explain(outcome)}")


if __name__ == "__main__":
    chancery.main()
