#!/usr/bin/env python3
"""nginx that shows a certificate of Chancery's and asks its clients for one: who has one is let in, until it is revoked."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import nginx
import strongswan
from chancery import Server, expect, expect_equal, expect_in, free_port, openssl, require, run, serial_of

require("nginx", "curl", *strongswan.PROGRAMS)

MUTUAL = """
    ssl_client_certificate {folder}/chain.pem;
    ssl_crl {folder}/crls.pem;
    ssl_verify_client on;
    ssl_verify_depth 2;
    location / {{ return 200 "welcome $ssl_client_s_dn\\n"; }}
"""


class Door(nginx.Nginx):
    """An nginx that lets in who has a certificate of the authority's."""

    def __init__(self, server, site):
        """`site`: the strongswan.Client whose certificate nginx shows."""
        folder = chancery.temporary_folder()
        self.server, self.folder = server, folder
        (folder / "chain.pem").write_text(server.cli("ca", "chain").out)
        issuing = server.fetch("/ca/issuing-1.pem", "issuing.pem").read_text()
        (folder / "server.pem").write_text(site.file("cert.pem").read_text() + issuing)
        self.update_crls()
        super().__init__(folder, folder / "server.pem", site.file("key.pem"), MUTUAL.format(folder=folder))

    def update_crls(self):
        """Fetches both CRLs, as a cron job would; nginx wants one for every CA of the chain."""
        text = ""
        for name in ("1", "root"):
            der = self.server.fetch(f"/crl/{name}.crl", f"{name}.crl")
            text += openssl("crl", "-inform", "DER", "-in", der).out
        (self.folder / "crls.pem").write_text(text)

    def ask(self, client=None, code=0):
        """A GET by curl, with the certificate of `client`."""
        identity = ("--cert", client.file("cert.pem"), "--key", client.file("key.pem")) if client else ()
        root = self.server.fetch("/ca/root.pem", "root.pem")
        return run("curl", "-sS", "--noproxy", "*", "--fail", "--max-time", "10", "--cacert", root, *identity,
                   "--resolve", f"site.example.com:{self.port}:127.0.0.1", f"https://site.example.com:{self.port}/", code=code)


def test_certificates_of_the_authority_open_the_door_until_they_are_revoked():
    server = Server()
    site = strongswan.enrol(server, "O=Bench, CN=site", "--san", "site.example.com")
    friend = strongswan.enrol(server, "O=Bench, CN=friend")
    thief = strongswan.enrol(server, "O=Bench, CN=thief")
    door = Door(server, site)

    expect_equal(door.ask(friend).out, "welcome CN=friend,O=Bench\n", "the answer")
    expect_equal(door.ask(thief).out, "welcome CN=thief,O=Bench\n", "the answer")
    nobody = door.ask(code=None)
    expect(nobody.code != 0 and "welcome" not in nobody.out, f"nobody was let in:\n{nobody}")
    expect_in("400", nobody.err)
    stranger = strongswan.Client(server.scep_url())
    key = stranger.new_key()
    openssl("req", "-x509", "-new", "-key", key, "-subj", "/O=Bench/CN=friend", "-out", stranger.file("cert.pem"))
    refused = door.ask(stranger, code=None)
    expect(refused.code != 0 and "welcome" not in refused.out, f"a self-signed certificate was let in:\n{refused}")

    server.cli("cert", "revoke", serial_of(thief.file("cert.pem")), "--reason", "keyCompromise")
    door.update_crls()
    door.reload()
    refused = door.ask(thief, code=None)
    expect(refused.code != 0 and "welcome" not in refused.out, f"a revoked certificate was let in:\n{refused}")
    expect_in("certificate revoked", door.explain())
    expect_equal(door.ask(friend).out, "welcome CN=friend,O=Bench\n", "the answer after the revocation")


def test_chancery_itself_serves_https_with_such_a_certificate():
    server = Server()
    site = strongswan.enrol(server, "O=Bench, CN=site", "--san", "site.example.com")
    chain = server.folder / "site.pem"
    chain.write_text(site.file("cert.pem").read_text() + server.fetch("/ca/issuing-1.pem", "issuing.pem").read_text())
    root = server.fetch("/ca/root.pem", "root.pem")
    port = free_port()
    server.config_file.write_text(server.config_file.read_text() +
                                  f'[https]\nlisten = ["127.0.0.1:{port}"]\ncertificate_file = "{chain}"\n'
                                  f'key_file = "{site.file("key.pem")}"\n')
    server.restart()
    answer = run("curl", "-sS", "--noproxy", "*", "--fail", "--max-time", "10", "--cacert", root, "--resolve",
                 f"site.example.com:{port}:127.0.0.1",
                 f"https://site.example.com:{port}/scep/devices?operation=GetCACaps").out
    expect_in("SCEPStandard", answer)


if __name__ == "__main__":
    chancery.main()
