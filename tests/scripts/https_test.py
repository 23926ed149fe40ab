#!/usr/bin/env python3
"""HTTPS beside HTTP: SCEP over TLS, with a server certificate that Chancery issued itself."""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import AGENT, Server, expect, expect_equal, expect_in, free_port, openssl, run, wait_until


def new_challenge(server):
    """The file of a challenge, which only its owner may read."""
    file = server.folder / "challenge"
    file.touch(0o600)
    file.write_text(server.challenge())
    return file


def enrol(server, out, *names, url=None, more=()):
    challenge = new_challenge(server)
    root = server.cli("ca", "show", json=True)["root"]["sha256"]
    return run(AGENT, "enroll", "--url", url or server.scep_url(), "--fingerprint", root, "--challenge-file", challenge, *names,
               "--out", out, *more)


def server_with_https():
    """A server that listens on HTTPS, too, its HTTPS port, and the root's file."""
    server = Server()
    port = free_port()
    enrol(server, server.folder / "tls", "--subject", "CN=127.0.0.1", "--ip", "127.0.0.1")
    server.stop()
    server.config_file.write_text(server.config_file.read_text() + f'[https]\nlisten = ["127.0.0.1:{port}"]\n'
                                  f'certificate_file = "{server.folder}/tls/fullchain.pem"\nkey_file = "{server.folder}/tls/key.pem"\n')
    server.start()
    return server, port, server.fetch("/ca/root.pem", "root.pem")


def test_a_device_enrols_over_tls_and_checks_the_server():
    server, port, root = server_with_https()
    url = f"https://127.0.0.1:{port}/scep/devices"
    enrol(server, server.folder / "device", "--subject", "CN=device", url=url, more=("--ca-file", root))
    openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", server.folder / "device/chain.pem", server.folder / "device/cert.pem")
    handshake = run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", root, "-verify_return_error", "-brief", text="")
    expect_in("Verification: OK", handshake.text())

    # Without the root as trust anchor the agent goes no further, and says what is wrong.
    challenge = new_challenge(server)
    refused = run(AGENT, "enroll", "--url", url, "--fingerprint", "00" * 32, "--challenge-file", challenge, "--subject", "CN=x", "--out",
                  server.folder / "none", code="fails")
    expect("certificate" in refused.err, f"the reason is not told:\n{refused}")
    expect(not (server.folder / "none/cert.pem").exists(), "something was written")


def test_a_certificate_that_an_operator_renewed_is_shown_without_a_restart():
    server, port, root = server_with_https()

    def shown():
        handshake = run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", text="", code=None)
        return run("openssl", "x509", "-noout", "-serial", text=handshake.text()).text()

    def replace(name):
        shutil.copy(server.folder / "next" / name, server.folder / "copy")
        os.replace(server.folder / "copy", server.folder / "tls" / name)

    before = shown()
    enrol(server, server.folder / "next", "--subject", "CN=127.0.0.1", "--ip", "127.0.0.1")
    # The certificate alone fits no key: the old pair goes on being shown.
    replace("fullchain.pem")
    wait_until(lambda: "cannot be used" in server.log_file.read_text(), "the log's word about the pair that does not fit")
    expect_equal(shown(), before, "the serial number that is shown between the two writes")
    replace("key.pem")
    wait_until(lambda: shown() != before, "the new certificate")
    handshake = run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", root, "-verify_return_error", "-brief", text="")
    expect_in("Verification: OK", handshake.text())


def test_old_tls_is_refused():
    _, port, _ = server_with_https()
    run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0", text="", code="fails")


if __name__ == "__main__":
    chancery.main()
