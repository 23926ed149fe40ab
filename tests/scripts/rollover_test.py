#!/usr/bin/env python3
"""The next generation: announced, fetched, enrolled with, activated; what the old one issued goes on."""

import contextlib
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Server, expect, expect_equal, expect_in, openssl, require

require(*strongswan.PROGRAMS)


def capabilities(server):
    return server.get("/scep/devices?operation=GetCACaps").body.decode().split()


def states(server):
    return {generation["number"]: generation["state"] for generation in server.cli("ca", "show", json=True)["generations"]}


def next_authority(server):
    """What GetNextCACert holds, checked as a device checks it: signed by the current CA, below the root."""
    answer = server.get("/scep/devices?operation=GetNextCACert")
    expect_equal(answer.status, 200, f"the status of GetNextCACert ({answer.body[:200]!r})")
    expect_equal(answer.headers["Content-Type"], "application/x-x509-next-ca-cert", "its type")
    signed = server.folder / "next.p7"
    signed.write_bytes(answer.body)
    inner, chain = server.folder / "next-inner.p7", server.folder / "chain.pem"
    chain.write_text(current_file(server, "issuing").read_text() + (server.data / "authority" / "root.pem").read_text())
    # -purpose any: a CA is no mail address.
    openssl("cms", "-verify", "-inform", "DER", "-in", signed, "-CAfile", chain, "-purpose", "any", "-out", inner)
    signer = server.folder / "signer.pem"
    openssl("cms", "-verify", "-inform", "DER", "-in", signed, "-noverify", "-signer", signer, "-out", "/dev/null")
    expect_equal(serial(signer), serial(current_file(server, "issuing")), "the serial number of the signer")
    return split(openssl("pkcs7", "-inform", "DER", "-in", inner, "-print_certs").out, server.folder, "next")


def current_file(server, name):
    """A file of the generation that is current now."""
    number = (server.data / "authority" / "current").read_text().strip()
    return server.data / "authority" / f"generation-{number}" / f"{name}.pem"


def serial(file):
    return chancery.serial_of(file)


def split(pem, folder, name):
    parts = [part + "-----END CERTIFICATE-----\n" for part in pem.split("-----END CERTIFICATE-----")[:-1]]
    files = []
    for number, part in enumerate(parts):
        file = folder / f"{name}-{number}.pem"
        file.write_text(part[part.index("-----BEGIN"):])
        files.append(file)
    return files


def subject(file):
    return openssl("x509", "-in", file, "-noout", "-subject", "-nameopt", "RFC2253").out.strip().partition("=")[2]


def issuer(file):
    return openssl("x509", "-in", file, "-noout", "-issuer", "-nameopt", "RFC2253").out.strip().partition("=")[2]


def revoked_in(server, generation):
    """The serial numbers on a generation's CRL, which its own issuing CA must have signed."""
    crl = server.fetch(f"/crl/{generation}.crl", f"{generation}.crl")
    ca = server.fetch(f"/ca/issuing-{generation}.crt", f"{generation}.der")
    pem = server.folder / f"{generation}.pem"
    openssl("x509", "-inform", "DER", "-in", ca, "-out", pem)
    expect_in("verify OK", openssl("crl", "-inform", "DER", "-in", crl, "-CAfile", pem, "-noout").err)
    text = openssl("crl", "-inform", "DER", "-in", crl, "-noout", "-text").out
    return [line.split(":")[1].strip().lower() for line in text.splitlines() if "Serial Number:" in line]


def enrol_at_next(server, authority):
    """A device that knows the next generation already encrypts to its RA, and accepts its signature."""
    client = strongswan.Client(server.scep_url())
    ra, issuing, *_ = authority
    client.fetch_authority()
    client.file("ca-ra.pem").write_bytes(ra.read_bytes())
    client.file("ca-1.pem").write_bytes(issuing.read_bytes())
    client.enrol("CN=early", "--password", server.challenge())
    return client


def test_a_rollover_from_announcement_to_the_old_generations_end():
    server = Server()
    old = strongswan.enrol(server, "CN=old", subject="CN=old")
    old_serial = serial(old.file("cert.pem"))

    # Nothing is planned.
    expect("GetNextCACert" not in capabilities(server), "GetNextCACert is offered without a next generation")
    expect_equal(server.get("/scep/devices?operation=GetNextCACert").status, 404, "the status of GetNextCACert")
    expect_in("no next generation is announced", server.cli("ca", "activate", "--yes", code=1).err)

    # Announced: told to whoever asks, and nothing else changes.
    server.cli("ca", "announce")
    expect_in("a next generation is announced already", server.cli("ca", "announce", code=1).err)
    expect_equal(states(server), {1: "current", 2: "next"}, "the generations")
    expect("GetNextCACert" in capabilities(server), "GetNextCACert is not offered")
    authority = next_authority(server)
    expect_equal(subject(authority[1]), "CN=Example Issuing CA 2,O=Example", "the next issuing CA")
    still = strongswan.enrol(server, "CN=still", subject="CN=still")
    expect_equal(issuer(still.file("cert.pem")), "CN=Example Issuing CA 1,O=Example", "the issuer before the change")

    # A device that knows the next generation is served by it before the change.
    early = enrol_at_next(server, authority)
    expect_equal(issuer(early.file("cert.pem")), "CN=Example Issuing CA 2,O=Example", "the issuer for the early device")
    server.restart()
    expect_equal(states(server), {1: "current", 2: "next"}, "the generations after a restart")
    expect_equal([path.read_bytes() for path in next_authority(server)], [path.read_bytes() for path in authority],
                 "the next generation after a restart")

    # Activated: new devices get the new issuer.
    expect_in("say --yes", server.cli("ca", "activate", code=2).err)
    server.cli("ca", "activate", "--yes")
    expect_equal(states(server), {1: "old", 2: "current"}, "the generations")
    expect("GetNextCACert" not in capabilities(server), "GetNextCACert is offered after the change")
    new = strongswan.enrol(server, "CN=new", subject="CN=new")
    expect_equal(issuer(new.file("cert.pem")), "CN=Example Issuing CA 2,O=Example", "the issuer after the change")

    # A certificate of the old generation renews: the device fetches the CA certificates anew first, as it should.
    client = strongswan.Client(server.scep_url())
    client.enrol("CN=old", "--cert", old.file("cert.pem"), "--key", old.file("key.pem"), out="renewed.pem")
    expect_equal(issuer(client.file("renewed.pem")), "CN=Example Issuing CA 2,O=Example", "the issuer of the renewed one")
    # And one that did not fetch them still gets an answer, from the old generation that it knows.
    late = strongswan.Client(server.scep_url(), folder=still.folder)
    late.enrol("CN=still", "--cert", still.file("cert.pem"), "--key", still.file("key.pem"), key="late.key", out="late.pem")
    expect_in("O=Example", issuer(late.file("late.pem")))

    # Both CRLs are served, and each names what its own CA issued.
    new_serial = serial(new.file("cert.pem"))
    server.cli("cert", "revoke", old_serial)
    server.cli("cert", "revoke", new_serial)
    expect_equal((revoked_in(server, 1), revoked_in(server, 2)), ([old_serial], [new_serial]), "the CRLs")

    server.restart()
    expect_equal(states(server), {1: "old", 2: "current"}, "the generations after a restart")
    expect_equal((revoked_in(server, 1), revoked_in(server, 2)), ([old_serial], [new_serial]), "the CRLs after a restart")
    chain = server.folder / "chain.pem"
    chain.write_text(server.cli("ca", "chain").out)
    for certificate in (old.file("cert.pem"), still.file("cert.pem"), early.file("cert.pem"), new.file("cert.pem"),
                        client.file("renewed.pem"), late.file("late.pem")):
        openssl("verify", "-x509_strict", "-CAfile", chain, certificate)
    actions = [event["action"] for event in server.cli("audit", "list", json=True)["events"]]
    for action in ("generation.announced", "generation.activated"):
        expect_equal(actions.count(action), 1, f"how often '{action}' is in the audit trail")
    server.cli("audit", "verify")


def test_without_the_roots_key_nothing_is_announced():
    server = Server()
    key = server.data / "authority" / "root.key.pem"
    away = server.folder / "root.key.pem"
    key.rename(away)
    outcome = server.cli("ca", "announce", code=5)
    expect_in(f"the root's key is not at {key}: bring it back for this", outcome.err)
    expect_equal(states(server), {1: "current"}, "the generations")
    away.rename(key)
    server.cli("ca", "announce", "--issuing", "ec:p256")
    expect_equal(states(server), {1: "current", 2: "next"}, "the generations")
    shown = server.cli("ca", "show", json=True)["generations"]
    expect_equal([row["issuing"]["key_type"] for row in shown], ["rsa:2048", "ec:p256"], "the kinds of keys")


def test_a_rollover_that_cannot_be_recorded_does_not_happen():
    server = Server()
    for command, before, after in ((("announce",), {1: "current"}, {1: "current", 2: "next"}),
                                   (("activate", "--yes"), {1: "current", 2: "next"}, {1: "old", 2: "current"})):
        with contextlib.closing(sqlite3.connect(server.data / "ledger.db", isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            expect_in("the database is locked", server.cli("ca", *command, code=5).err)
            database.execute("ROLLBACK")
        expect_equal(states(server), before, f"the generations after '{command[0]}' failed")
        server.restart()
        expect_equal(states(server), before, f"the generations after '{command[0]}' failed and a restart")
        server.cli("ca", *command)
        expect_equal(states(server), after, f"the generations after '{command[0]}'")
    actions = [event["action"] for event in server.cli("audit", "list", json=True)["events"]]
    for action in ("generation.announced", "generation.activated"):
        expect_equal(actions.count(action), 1, f"how often '{action}' is in the audit trail")


if __name__ == "__main__":
    chancery.main()
