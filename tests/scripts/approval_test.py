#!/usr/bin/env python3
"""A person decides: a request waits, is looked at, and is approved or rejected; the device polls."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Process, Server, expect, expect_equal, expect_in, openssl, require, wait_until

require(*strongswan.PROGRAMS)


def manual_server(*more):
    return Server("--organization", "Example", "--endpoint", "guests", "--set", "authorisers=manual", "--set",
                  "alternative_names=dns", *more)


def requests(server, *arguments):
    return server.cli("request", "list", *arguments, json=True)["requests"]


def ask(server, dn="O=Example, CN=guest-7", *more):
    """A device that asks and polls: its client, its process, and the number of its request."""
    client = strongswan.Client(server.scep_url("guests"))
    known = {request["id"] for request in requests(server, "--state", "all")}
    polling = Process(*client.request_command(dn, *more, poll_seconds=30), log=client.file("pki.log"))
    new = wait_until(lambda: [request for request in requests(server) if request["id"] not in known],
                     lambda: f"no request waits; the client says:\n{polling.log()}\nthe server:\n{server.log()}")
    return client, polling, new[0]["id"]


def certificate_in(client, polling):
    log = polling.log()
    file = client.file("cert.pem")
    file.write_text(log[log.index("-----BEGIN CERTIFICATE-----"):])
    return file


def test_a_request_waits_until_it_is_approved():
    server = manual_server()
    client, polling, number = ask(server, "O=Example, CN=guest-7", "--san", "guest-7.example.com")

    listed = server.cli("request", "list").out
    for part in (str(number), "pending", "guests", "CN=guest-7,O=Example", "dns:guest-7.example.com", "rsa:2048"):
        expect_in(part, listed)
    shown = server.cli("request", "show", number).out
    key = openssl("pkey", "-in", client.file("key.pem"), "-pubout", "-outform", "DER").raw
    fingerprint = openssl("dgst", "-sha256", "-hex", "-r", text=key).out.split()[0]
    for part in ("CN=guest-7,O=Example", "dns:guest-7.example.com", fingerprint, "127.0.0.1"):
        expect_in(part, shown)
    expect_equal(server.cli("cert", "list", json=True)["certificates"], [], "certificates before the approval")
    expect(polling.code is None, f"the device did not wait:\n{polling.log()}")

    done = server.cli("request", "approve", number)
    expect_in("Issued", done.out)
    expect_equal(polling.wait(), 0, f"the exit code of the client:\n{polling.log()}")
    certificate = certificate_in(client, polling)
    expect_in(chancery.serial_of(certificate), done.out)
    strongswan.check_pair(certificate, client.file("key.pem"))
    expect_equal(requests(server), [], "waiting requests")
    expect_equal([request["id"] for request in requests(server, "--state", "issued")], [number], "granted requests")


def test_a_rejection_reaches_the_device_with_its_reason():
    server = manual_server()
    client, polling, number = ask(server)
    # Longer than what is kept, which ends inside a character if nobody looks.
    server.cli("request", "reject", number, "--reason", "nobody knows guest-7: " + 400 * "あ")
    expect(polling.wait() != 0, f"a rejected request succeeded:\n{polling.log()}")
    expect("BEGIN CERTIFICATE" not in polling.log(), "a rejected request brought a certificate")
    shown = server.cli("request", "show", number, json=True)
    expect_equal(shown["state"], "rejected", "the state")
    expect_equal(shown["reason"], '"nobody knows guest-7: ' + 259 * "あ" + '"', "the reason")
    server.cli("request", "list", "--state", "rejected", json=True)
    # What the device was told is in the log and the audit trail, too.
    expect_in("nobody knows guest-7", server.log(), "the log")
    expect_in("nobody knows guest-7", server.cli("audit", "list").out, "the audit trail")
    expect_equal(server.cli("cert", "list", json=True)["certificates"], [], "certificates")


def test_a_decision_is_made_once():
    server = manual_server()
    _, polling, number = ask(server)
    server.cli("request", "approve", number)
    for words in (("approve", number), ("reject", number)):
        outcome = server.cli("request", *words, code=1)
        expect_in(f"request {number} is decided already", outcome.err)
    expect_equal(polling.wait(), 0, "the exit code of the client")
    expect_equal(len(server.cli("cert", "list", json=True)["certificates"]), 1, "the number of certificates")
    expect_in("there is no request 4711", server.cli("request", "approve", 4711, code=3).err)


def test_what_could_never_be_issued_does_not_wait():
    server = manual_server("--set", "dns_suffixes=example.com")
    client = strongswan.Client(server.scep_url("guests"))
    outcome = client.request("CN=guest", "--san", "guest.example.org", code="fails")
    expect_in("dns-suffix: 'guest.example.org' is not below a domain that is allowed here", server.log(), "the log")
    expect_equal(requests(server, "--state", "all"), [], f"requests after {outcome}")


def test_a_waiting_request_survives_a_restart_and_a_kill():
    server = manual_server()
    client, polling, number = ask(server)
    server.kill()
    server.start()
    server.restart()
    expect_equal([request["id"] for request in requests(server)], [number], "waiting requests")
    server.cli("request", "approve", number)
    # The client gave up when the server was away, or it did not; if so, it asks once more with the same key.
    if polling.wait(40) != 0:
        again = Process(*client.request_command("O=Example, CN=guest-7"), log=client.file("again.log"))
        expect_equal(again.wait(), 0, f"the exit code of the client:\n{again.log()}")
    expect_equal(len(server.cli("cert", "list", json=True)["certificates"]), 1, "the number of certificates")


if __name__ == "__main__":
    chancery.main()
