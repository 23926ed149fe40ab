#!/usr/bin/env python3
"""An enrolment that is rejected, or asked for with another challenge, goes on with the same key; and hints for newcomers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import agent
import chancery
from chancery import PROGRAM, Server, expect, expect_equal, expect_in, openssl, run

PENDING, REJECTED = 6, 7  # exit codes of chancery-agent
NAME = ["CN=device-1,O=Example", "--key", "ec:p256"]


def server_with(authorisers):
    return Server("--organization", "Example", "--endpoint", "devices", "--set", f"authorisers={authorisers}")


def pending_key(device):
    return openssl("pkey", "-in", device.folder / "pending" / "key.pem", "-pubout").out


def test_a_mistyped_challenge_is_corrected():
    server = server_with("challenge")
    device = agent.for_server(server)
    outcome = device.enrol(*NAME, code=REJECTED)
    expect_in("--challenge-file FILE", outcome.err, "a hint for who gave no challenge")
    outcome = device.enrol(*NAME, challenge="mistyped", code=REJECTED)
    expect_in("Key and request are kept", outcome.err)
    expect("No challenge was sent" not in outcome.err, f"a challenge was sent:\n{outcome}")
    key = pending_key(device)
    device.enrol(*NAME, challenge="mistyped", code=REJECTED)
    device.run("poll", code=REJECTED)
    device.enrol(*NAME, challenge=server.challenge())
    installed = openssl("x509", "-in", device.file("cert.pem"), "-noout", "-pubkey").out
    expect_equal(installed, key, "the key of the certificate")
    expect(not (device.folder / "pending").exists(), "something is pending after all")
    expect_equal(len(server.cli("cert", "list", json=True)["certificates"]), 1, "the number of certificates")


def test_another_challenge_takes_the_place_of_a_request_that_waits():
    server = server_with("challenge,manual")
    device = agent.for_server(server)
    device.enrol(*NAME, challenge=server.challenge(), code=PENDING)
    device.enrol(*NAME, challenge=server.challenge(), code=PENDING)
    waiting = server.cli("request", "list", json=True)["requests"]
    expect_equal(len(waiting), 1, "the number of waiting requests")
    server.cli("request", "approve", waiting[0]["id"])
    # The file with the challenge is not needed any more.
    (device.home / "challenge").unlink()
    device.run("enroll", "--subject", *NAME, "--challenge-file", device.home / "challenge")
    expect(device.file("cert.pem").exists(), "there is no certificate")


def test_what_a_person_rejected_stays_so_until_somebody_starts_over():
    server = server_with("manual")
    device = agent.for_server(server)
    device.enrol(*NAME, code=PENDING)
    server.cli("request", "reject", 1, "--reason", "by mistake")
    for _ in range(2):
        told = device.enrol(*NAME, code=REJECTED).err
        expect_in("by mistake", told)
        expect("No challenge was sent" not in told, "a hint at a challenge where a person said no")
    device.enrol(*NAME, "--start-over", code=PENDING)
    expect_equal(len(server.cli("request", "list", json=True)["requests"]), 1, "the number of waiting requests")


def test_a_revoked_certificate_is_told_how_to_go_on():
    server = server_with("challenge")
    device = agent.for_server(server)
    device.enrol(*NAME, challenge=server.challenge())
    server.cli("cert", "revoke", chancery.serial_of(device.file("cert.pem")))
    outcome = device.run("renew", code=REJECTED)
    expect_in("the certificate to renew is revoked", outcome.err)
    # What it says is what works.
    command = next(line for line in outcome.err.splitlines() if line.startswith("  chancery-agent enroll ")).strip()
    file = device.home / "fresh"
    file.touch(0o600)
    file.write_text(server.challenge())
    run("sh", "-c", command.replace("chancery-agent", str(chancery.AGENT), 1).replace(" FILE", f" {file}"))
    run(*device.command("renew"))


def test_a_certificate_is_renewed_so_many_times():
    server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge", "--set",
                    "renewals_per_certificate=1")
    device = agent.for_server(server)
    device.enrol(*NAME, challenge=server.challenge())
    # A device that was set back to an earlier state after each renewal.
    run("cp", "-a", device.folder, device.home / "before")
    device.run("renew")
    run("rm", "-r", device.folder)
    run("mv", device.home / "before", device.folder)
    outcome = device.run("renew", code=REJECTED)
    expect_in("the certificate was renewed already (valid renewals: 1): renew with the newest", outcome.err)


def test_newcomers_are_asked_what_they_meant():
    server = server_with("challenge")
    expect_in("did you mean 'devices'?", server.cli("endpoint", "show", "devcies", code=3).err)
    expect_in("did you mean 'devices'?", server.cli("challenge", "add", "device", code=3).err)
    expect_in("'chancery endpoint list' lists them", server.cli("endpoint", "show", "printers", code=3).err)
    expect_in("'chancery cert list --text 'printer 7'' finds", server.cli("cert", "revoke", "printer 7", code=2).err)
    expect_in("'chancery cert list --text cafe' finds", server.cli("cert", "revoke", "cafe", code=3).err)
    # Clusters go by their names, as nodes do.
    server.cli("cluster", "add", "Berlin")
    server.cli("cluster", "rename", "Berlin", "Bonn")
    expect_in("a name is missing", server.cli("cluster", "rename", "Bonn", "", code="fails").err)
    expect_in("there is no 'Berlin'", server.cli("cluster", "remove", "Berlin", code=3).err)
    server.cli("cluster", "remove", "Bonn")
    expect_in("did you mean 'cert'?", run(PROGRAM, "certs", "list", code=2).err)
    expect_in("Certificates: list, show, revoke, release, export", " ".join(run(PROGRAM, "--help").out.split()))


if __name__ == "__main__":
    chancery.main()
