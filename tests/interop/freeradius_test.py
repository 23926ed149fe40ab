#!/usr/bin/env python3
"""FreeRADIUS and wpa_supplicant's eapol_test: EAP-TLS with certificates of Chancery's on both sides, as on a wireless or
wired network with 802.1X; and the end of a device's access when its certificate is revoked."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Server, expect, expect_in, openssl, require, run, serial_of
from radius import SECRET, Radius

require("freeradius", "eapol_test", *strongswan.PROGRAMS)

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


def login(radius, device, identity):
    """One EAP-TLS conversation; the outcome of eapol_test: exit code 0 and SUCCESS when the device was let in."""
    network = device.file("network.conf")
    root = radius.server.fetch("/ca/root.pem", "root.pem")
    # Without the intermediate certificate a device would rely on the server's having it.
    chain = device.file("chain.pem")
    chain.write_text(device.file("cert.pem").read_text() + (radius.server.folder / "issuing.pem").read_text())
    network.write_text(NETWORK.format(identity=identity, root=root, certificate=chain, key=device.file("key.pem")))
    return run(chancery.program("eapol_test"), "-c", network, "-a", "127.0.0.1", "-p", radius.port, "-s", SECRET,
               "-t", "8", "-A", "127.0.0.1", code=None, timeout=30)


def explain(radius, outcome):
    return f"{outcome}\n--- FreeRADIUS\n{radius.explain()}"


def test_eap_tls_lets_a_device_in_until_it_is_revoked():
    server = Server()
    site = strongswan.enrol(server, "O=Bench, CN=radius.example.com", "--san", "radius.example.com")
    laptop = strongswan.enrol(server, "O=Bench, CN=laptop")
    lost = strongswan.enrol(server, "O=Bench, CN=lost laptop")
    radius = Radius(server, site)

    for device, identity in ((laptop, "laptop"), (lost, "lost laptop")):
        outcome = login(radius, device, identity)
        expect(outcome.code == 0 and outcome.out.rstrip().endswith("SUCCESS"),
               f"{identity} was not let in:\n{explain(radius, outcome)}")

    stranger = strongswan.Client(server.scep_url())
    openssl("req", "-x509", "-new", "-key", stranger.new_key(), "-subj", "/O=Bench/CN=laptop", "-out", stranger.file("cert.pem"))
    outcome = login(radius, stranger, "laptop")
    expect(outcome.code != 0 and "SUCCESS" not in outcome.out.splitlines()[-1:], f"a stranger was let in:\n{explain(radius, outcome)}")

    server.cli("cert", "revoke", serial_of(lost.file("cert.pem")), "--reason", "keyCompromise")
    radius.update_authorities()
    radius.restart()
    outcome = login(radius, lost, "lost laptop")
    expect(outcome.code != 0, f"a revoked device was let in:\n{explain(radius, outcome)}")
    expect_in("certificate revoked", radius.process.log(), "what FreeRADIUS says")
    outcome = login(radius, laptop, "laptop")
    expect(outcome.code == 0, f"the other device was turned away, too:\n{explain(radius, outcome)}")


if __name__ == "__main__":
    chancery.main()
