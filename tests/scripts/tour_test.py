#!/usr/bin/env python3
"""The tour that README gives, step by step: what it says there must work as it is written."""

import base64
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import AGENT, Server, expect, expect_equal, expect_in, openssl, parse_json, run

PENDING = 6  # exit code of chancery-agent: waits for approval


def enrol(server, name, *more, endpoint="demo", code=0):
    """As `./dev run` tells it: a fresh challenge in a file that is none, and the root's fingerprint."""
    fingerprint = server.cli("ca", "show", json=True)["root"]["sha256"]
    folder = server.folder / name
    reader, writer = os.pipe()
    os.write(writer, server.challenge(endpoint=endpoint).encode() + b"\n")
    os.close(writer)
    try:
        outcome = run(AGENT, "enroll", "--url", server.scep_url(endpoint), "--fingerprint", fingerprint, "--subject",
                      f"CN={name}", "--challenge-file", f"/dev/fd/{reader}", "--out", folder, *more, pass_fds=[reader],
                      code=code)
    finally:
        os.close(reader)
    return outcome, folder


def demo(*more):
    return Server("--organization", "Chancery Demo", "--endpoint", "demo", "--set", "authorisers=challenge", "--set",
                  "alternative_names=dns,ip", *more)


def test_the_tour():
    server = demo()
    page = server.get("/")
    expect_equal(page.status, 200, "the status of the device page")
    expect_in("/scep/demo", page.body.decode(), "the device page")

    outcome, folder = enrol(server, "first-device", "--dns", "first-device.example")
    certificate = folder / "cert.pem"
    expect(certificate.exists(), f"there is no {certificate}:\n{outcome}\n{sorted(folder.rglob('*'))}")
    serial = chancery.serial_of(certificate)

    listed = server.cli("cert", "list").out
    for part in (serial, "issued", "demo", "CN=first-device", "dns:first-device.example"):
        expect_in(part, listed)
    shown = server.cli("cert", "show", serial).out
    for part in (serial, "CN=first-device", "dns:first-device.example", "Chancery Demo Issuing CA 1", "rsa:2048",
                 f"{server.url}/crl/1.crl"):
        expect_in(part, shown)
    expect_equal(server.cli("cert", "export", serial).out, certificate.read_text(), "the exported certificate")
    der = server.folder / "exported.der"
    server.cli("cert", "export", serial, "--format", "der", "--out", der)
    expect_equal(openssl("x509", "-inform", "DER", "-in", der).out, certificate.read_text(), "the certificate in DER")
    chain = server.cli("cert", "export", serial, "--format", "chain").out
    expect(chain.count("BEGIN CERTIFICATE") >= 2, f"the chain has no CA certificate:\n{chain}")

    authority = server.folder / "authority.pem"
    server.cli("ca", "chain", "--out", authority)
    openssl("verify", "-x509_strict", "-CAfile", authority, certificate)

    # Colons are taken, too: that is how openssl prints a serial number.
    colons = ":".join(serial[i:i + 2] for i in range(0, len(serial), 2)).upper()
    server.cli("cert", "revoke", colons, "--reason", "keyCompromise")
    expect_in("revoked", server.cli("cert", "list", "--state", "revoked").out)
    crl = server.fetch("/crl/1.crl", "1.crl")
    crl_pem = server.folder / "1.crl.pem"
    openssl("crl", "-inform", "DER", "-in", crl, "-out", crl_pem)
    outcome = openssl("verify", "-crl_check", "-CAfile", authority, "-CRLfile", crl_pem, certificate, code="fails")
    expect_in("certificate revoked", outcome.err)
    expect_in("Key Compromise", openssl("crl", "-in", crl_pem, "-noout", "-text").out)
    expect_in("is revoked already", server.cli("cert", "revoke", serial, code=1).err)

    expect_in("The audit trail is whole", server.cli("audit", "verify").out)
    trail = server.cli("audit", "list").out
    for action in ("authority.made", "challenge.minted", "certificate.issued", "certificate.revoked"):
        expect_in(action, trail, "the audit trail")
    doctor = server.cli("doctor").out
    expect("error" not in doctor, f"the doctor finds errors:\n{doctor}")
    expect_in("the root's private key lies on this machine", doctor)
    expect_in("ready", server.cli("status").out)


def test_endpoints_are_added_changed_and_removed_while_it_runs():
    server = demo()
    added = server.cli("endpoint", "add", "printers", "--preset", "canon", "authorisers=challenge", "validity=180d")
    expect_in(server.scep_url("printers"), added.out)
    expect_in("Warning: 3DES and SHA-1 are weak", added.err)
    _, folder = enrol(server, "printer-7", endpoint="printers")
    dates = openssl("x509", "-in", folder / "cert.pem", "-noout", "-checkend", str(181 * 86400), code=1).out
    expect_in("will expire", dates)
    server.cli("endpoint", "set", "printers", "validity=1y")
    expect_equal(server.cli("endpoint", "show", "printers", json=True)["settings"]["validity"], "1y", "the validity")
    expect_in("there is an endpoint 'printers' already", server.cli("endpoint", "add", "printers", "authorisers=manual", code=1).err)
    problems = server.cli("endpoint", "set", "printers", "validity=forever", "colour=red", code=2).err
    expect_in("validity", problems)
    expect_in("colour", problems)
    expect_in("say --yes", server.cli("endpoint", "remove", "printers", code=2).err)
    server.cli("endpoint", "remove", "printers", "--yes")
    expect_equal(server.get("/scep/printers?operation=GetCACaps").status, 404, "the status of a removed endpoint")
    expect_in("printer-7", server.cli("cert", "list", "--endpoint", "printers").out)


def test_a_challenge_is_shown_once_and_can_be_taken_back():
    server = demo()
    made = server.cli("challenge", "add", "demo", "--subject", "CN=printer-7", "--note", "for the second floor", json=True)
    expect_in(".", made["challenge"])
    expect_equal(made["bound"], True, "whether it is bound")
    secret = made["challenge"].split(".")[1]
    listed = server.cli("challenge", "list").out
    expect_in("for the second floor", listed)
    expect(secret not in listed, "the list shows the challenge")
    expect(secret not in server.log(), "the log shows the challenge")
    server.cli("challenge", "remove", made["challenge"].split(".")[0])
    expect_equal(server.cli("challenge", "list", json=True)["challenges"], [], "challenges")
    file = server.folder / "challenge"
    file.touch(0o600)
    file.write_text(made["challenge"])
    outcome = run(AGENT, "enroll", "--url", server.scep_url("demo"), "--insecure-trust-first-use", "--subject",
                  "CN=printer-7", "--challenge-file", file, "--out", server.folder / "printer", code="fails")
    expect_in("the challenge password is missing, wrong, used or expired", outcome.err)


def test_a_challenge_for_nobody_in_particular_is_warned_of():
    server = demo()
    told = "can ask for any name that the endpoint's policy allows. Bind it to its device: chancery challenge add demo --subject"
    expect_in(told, server.cli("challenge", "add", "demo").err)
    quiet = server.cli("challenge", "add", "demo", "--quiet")
    expect_in(told, quiet.err)
    expect_equal(len(quiet.out.split()), 1, "the count of words printed")
    expect_in("can ask for any subject that", server.cli("challenge", "add", "demo", "--dns", "a.example").err)
    bound = server.cli("challenge", "add", "demo", "--subject", "CN=a", "--quiet")
    expect_equal(bound.err, "", "what is told of a challenge that is bound")
    outcome = server.cli("challenge", "add", "demo", "--json")
    expect_equal(parse_json(outcome)["bound"], False, "whether it is bound")
    expect_in(told, outcome.err)


def test_every_reading_command_speaks_json():
    server = demo()
    server.cli("endpoint", "add", "guests", "authorisers=manual")
    _, folder = enrol(server, "first-device")
    serial = chancery.serial_of(folder / "cert.pem")
    enrol(server, "guest", endpoint="demo")
    run(AGENT, "enroll", "--url", server.scep_url("guests"), "--insecure-trust-first-use", "--subject", "CN=waiting",
        "--no-challenge", "--out", server.folder / "waiting", code=PENDING)
    [request] = server.cli("request", "list", json=True)["requests"]
    server.challenge(endpoint="demo")
    commands = ["endpoint list", "endpoint show demo", "endpoint settings", "challenge list",
                "challenge list --endpoint demo", "request list", "request list --state all",
                f"request show {request['id']}", "cert list", "cert list --state issued --text first --limit 1",
                f"cert show {serial}", f"cert export {serial}", f"cert export {serial} --format der", "ca show", "ca chain",
                "crl list", "crl export 1", "audit list", "audit list --after 1 --limit 2",
                "audit verify", "status", "doctor", "config check"]
    for command in commands:
        for words in ([*command.split(), "--json"], ["--json", *command.split()]):
            outcome = server.cli(*words)
            answer = parse_json(outcome)
            expect(isinstance(answer, dict) and answer, f"an empty answer, or no object:\n{outcome}")
            expect_equal(outcome.err, "", f"standard error of '{command}' with --json")
        plain = server.cli(*command.split())
        expect(not plain.out.startswith("{"), f"JSON without --json:\n{plain}")
    expect_equal(server.cli("ca", "chain", json=True)["pem"], server.cli("ca", "chain").out, "the chain")
    expect_equal(server.cli("cert", "export", serial, json=True)["pem"], server.cli("cert", "export", serial).out, "the certificate")
    der = base64.b64decode(server.cli("crl", "export", "1", json=True)["der"])
    expect_equal(der, server.cli("crl", "export", "1").raw, "the CRL")
    # What changes something answers in JSON, too.
    for command in (f"request approve {request['id']}", "crl publish", f"cert revoke {serial}",
                    "challenge add demo", "endpoint set guests validity=30d", "endpoint remove guests --yes"):
        parse_json(server.cli(*command.split(), "--json"))


def test_lists_are_paged():
    server = demo()
    for number in range(3):
        enrol(server, f"device-{number}", "--key", "rsa:2048")
    first = server.cli("cert", "list", "--limit", "2")
    expect_in("There are more: continue with --after", first.err)
    page = server.cli("cert", "list", "--limit", "2", json=True)
    rest = server.cli("cert", "list", "--limit", "2", "--after", page["next"], json=True)
    names = [row["subject"] for row in page["certificates"] + rest["certificates"]]
    expect_equal(names, ["CN=device-2", "CN=device-1", "CN=device-0"], "the subjects")
    expect("next" not in rest, "the last page names a next one")


def test_what_does_not_exist_is_told_with_its_own_exit_code():
    server = demo()
    for command in ("cert show 4711", "cert revoke 4711", "cert export 4711", "request show 99", "endpoint show nothing",
                    "endpoint set nothing validity=1d", "challenge remove nothing", "challenge add nothing",
                    "crl export 9"):
        outcome = server.cli(*command.split(), code=3)
        expect(outcome.err.startswith("chancery: "), f"an error without the program's name:\n{outcome}")
        expect_equal(outcome.out, "", f"standard output of '{command}'")
        in_json = server.cli("--json", *command.split(), code=3)
        expect_equal(json.loads(in_json.err), {"error": {"code": "not_found", "text": outcome.err[len("chancery: "):-1]}},
                     f"the error of '{command}' in JSON")
        expect_equal(in_json.out, "", f"standard output of '{command}' with --json")


if __name__ == "__main__":
    chancery.main()
