#!/usr/bin/env python3
"""strongSwan's `pki` against Chancery: CA certificates, enrolment, waiting for approval, renewal, refusal."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Process, Server, expect, expect_equal, expect_in, openssl, require, wait_until

require(*strongswan.PROGRAMS)

DN = "O=Bench, CN=dev"
SUBJECT = "CN=dev,O=Bench"


def verify(server, client, certificate):
    chain = server.folder / "chain.pem"
    chain.write_text(server.cli("ca", "chain").out)
    openssl("verify", "-x509_strict", "-CAfile", chain, client.file(certificate))


def test_it_enrols_with_a_one_time_challenge():
    server = Server()
    client = strongswan.Client(server.scep_url())
    client.fetch_authority()
    shown = server.cli("ca", "show", json=True)
    for file, certificate in (("ca.pem", shown["root"]), ("ca-ra.pem", shown["generations"][0]["ra"])):
        found = openssl("x509", "-in", client.file(file), "-noout", "-fingerprint", "-sha256").out
        expect_equal(found.strip().partition("=")[2].replace(":", "").lower(), certificate["sha256"], f"fingerprint of {file}")

    challenge = server.challenge("--subject", SUBJECT, "--dns", "dev.example.com")
    client.enrol(DN, "--password", challenge, "--san", "dev.example.com")
    verify(server, client, "cert.pem")
    strongswan.check_pair(client.file("cert.pem"), client.file("key.pem"))
    text = openssl("x509", "-in", client.file("cert.pem"), "-noout", "-subject", "-nameopt", "RFC2253", "-ext",
                   "subjectAltName").out
    expect_in(SUBJECT, text)
    expect_in("DNS:dev.example.com", text)

    # Another device with the same challenge is refused: it was good once.
    other = strongswan.Client(server.scep_url())
    outcome = other.request(DN, "--password", challenge, "--san", "dev.example.com")
    expect(outcome.code != 0, f"a challenge was good twice:\n{outcome}")
    expect_equal(len(server.cli("cert", "list", json=True)["certificates"]), 1, "the number of certificates")


def test_every_cipher_and_digest_it_has_is_accepted():
    server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge",
                    "--set", "allow_3des_sha1=true")
    client = strongswan.Client(server.scep_url())
    for number, choice in enumerate([("aes", "sha256"), ("aes", "sha384"), ("aes", "sha512"), ("des3", "sha256"),
                                     ("aes", "sha1"), ("des3", "sha1")]):
        cipher, digest = choice
        client.enrol(f"CN=dev-{number}", "--password", server.challenge(), "--cipher", cipher, "--digest", digest,
                     out=f"cert-{number}.pem", key=f"key-{number}.pem")
        verify(server, client, f"cert-{number}.pem")


def test_a_wrong_challenge_is_refused():
    server = Server()
    right = server.challenge("--subject", SUBJECT)
    client = strongswan.Client(server.scep_url())
    for password, dn in (("guessed", DN), (right, "O=Bench, CN=another")):
        outcome = client.request(dn, "--password", password)
        expect(outcome.code != 0, f"this should have been refused:\n{outcome}")
        expect("BEGIN CERTIFICATE" not in outcome.out, f"a refused request brought a certificate:\n{outcome}")
        expect_in("fail", outcome.err.lower())
    expect_equal(server.cli("cert", "list", json=True)["certificates"], [], "the list of certificates")
    expect(right not in server.log(), "the challenge is in the log")


def test_it_renews_with_its_old_certificate():
    server = Server()
    client = strongswan.enrol(server, DN, subject=SUBJECT)
    client.enrol(DN, "--cert", client.file("cert.pem"), "--key", client.file("key.pem"), key="new-key.pem", out="new.pem")
    verify(server, client, "new.pem")
    strongswan.check_pair(client.file("new.pem"), client.file("new-key.pem"))
    old, new = (chancery.serial_of(client.file(file)) for file in ("cert.pem", "new.pem"))
    expect(old != new, "the renewed certificate has the old one's serial number")

    # Another name is not a renewal, and nor is one with a revoked certificate.
    renewal = ("--cert", client.file("new.pem"), "--key", client.file("new-key.pem"))
    outcome = client.request("O=Bench, CN=another", *renewal, key="third.pem")
    expect(outcome.code != 0, f"a renewal changed the subject:\n{outcome}")
    server.cli("cert", "revoke", new, "--reason", "keyCompromise")
    outcome = client.request(DN, *renewal, key="third.pem")
    expect(outcome.code != 0, f"a revoked certificate was renewed:\n{outcome}")


def waiting_request(server):
    """A device that polls, its process, and the number of its request."""
    client = strongswan.Client(server.scep_url("guests"))
    polling = Process(*client.request_command(DN, poll_seconds=30), log=client.file("pki.log"))
    requests = wait_until(lambda: server.cli("request", "list", json=True)["requests"],
                          lambda: f"no request waits; the client says:\n{polling.log()}\nthe server:\n{server.log()}")
    expect_equal(requests[0]["subject"], SUBJECT, "the subject of the waiting request")
    return client, polling, requests[0]["id"]


def test_it_polls_until_an_administrator_approves():
    server = Server("--organization", "Example", "--endpoint", "guests", "--set", "authorisers=manual")
    client, polling, number = waiting_request(server)
    expect(polling.code is None, f"the client did not wait:\n{polling.log()}")
    server.cli("request", "approve", number)
    expect_equal(polling.wait(30), 0, f"the exit code of the client:\n{polling.log()}")
    log = polling.log()
    client.file("cert.pem").write_text(log[log.index("-----BEGIN CERTIFICATE-----"):])
    verify(server, client, "cert.pem")
    strongswan.check_pair(client.file("cert.pem"), client.file("key.pem"))


def test_a_polling_client_hears_of_a_rejection():
    server = Server("--organization", "Example", "--endpoint", "guests", "--set", "authorisers=manual")
    client, polling, number = waiting_request(server)
    server.cli("request", "reject", number)
    expect(polling.wait(30) != 0, f"a rejected request succeeded:\n{polling.log()}")
    expect("BEGIN CERTIFICATE" not in polling.log(), "a rejected request brought a certificate")


if __name__ == "__main__":
    chancery.main()
