"""Many devices that enrol at once, by the load generator of bench/, and what they got held against the database."""

import contextlib
import hashlib
import json
import sqlite3
import struct

import chancery
from chancery import BUILD, Process, expect, expect_equal

GENERATOR = BUILD / "bench" / "scep_load"


def shared_server(password, **options):
    """A server with the endpoint `devices`, whose devices all present the same password."""
    if not GENERATOR.exists():
        chancery.fail(f"{GENERATOR} is not built: build the target scep_load")
    folder = chancery.temporary_folder()
    file = folder / "shared"
    file.touch(0o600)
    file.write_text(password + "\n")
    server = chancery.Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=shared-challenge",
                             "--set", f"shared_challenge_file={file}", **options)
    server.shared_challenge_file = file
    return server


def messages(server, count, keys=4, challenges=None, name="messages"):
    """A file of requests, each with its own transactionID. `challenges`: a file with one for each, one a line."""
    file = server.folder / name
    proof = ("--challenges", challenges) if challenges else ("--challenge-file", server.shared_challenge_file)
    chancery.run(GENERATOR, "make", "--url", server.scep_url(), "--messages", file, "--count", count, "--keys", keys, *proof,
                 timeout=300)
    return file


def command(server, file, received, first=0, count=None, connections=8, seconds=None):
    words = [GENERATOR, "run", "--url", server.scep_url(), "--messages", file, "--received", received, "--first", first,
             "--connections", connections]
    if count is not None:
        words += ["--count", count]
    if seconds is not None:
        words += ["--seconds", seconds]
    return words


def run(server, file, received, **options):
    """Sends them all, and returns the generator's report."""
    outcome = chancery.run(*command(server, file, received, **options), code=None, timeout=300)
    expect(outcome.out.startswith("{"), f"no report:\n{outcome}")
    return json.loads(outcome.out)


def start(server, file, received, **options):
    """The same in the background."""
    return Process(*command(server, file, received, **options), log=server.folder / "load.log")


def message(file, number):
    """The octets of one request of a file that `messages` made."""
    data = file.read_bytes()
    place = 0

    def count():
        nonlocal place
        place += 4
        return struct.unpack(">I", data[place - 4:place])[0]

    def octets():
        nonlocal place
        size = count()
        place += size
        return data[place - size:place]

    for _ in range(count()):
        octets()
    for _ in range(count()):
        octets(), octets()
    total = count()
    expect(number < total, f"there are only {total} messages")
    for _ in range(number):
        count(), octets(), octets(), octets()
    count(), octets(), octets()
    return octets()


def post(server, file, number, timeout=30):
    """Sends one of them, and returns the HTTP answer."""
    return server.get("/scep/devices?operation=PKIOperation", data=message(file, number),
                      headers={"Content-Type": "application/x-pki-message"}, timeout=timeout)


def read_received(file):
    """{transactionID: {(serial, SHA-256 of the certificate)}} of a file that the generator appended to."""
    got = {}
    text = file.read_text() if file.exists() else ""
    for line in text[:text.rfind("\n") + 1].splitlines():  # A generator that was killed may leave half a line.
        transaction, serial, fingerprint = line.split()
        got.setdefault(transaction, set()).add((serial, fingerprint))
    return got


def expect_in_database(server, received):
    """Every certificate that came is kept: under its serial, octet for octet, and one for each transaction."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/ledger.db?mode=ro", uri=True)) as database:
        kept = {serial: hashlib.sha256(der).hexdigest() for serial, der in database.execute(
            "SELECT serial, der FROM certificate JOIN certificate_der ON certificate_der.certificate = certificate.id")}
    for transaction, certificates in received.items():
        expect_equal(len(certificates), 1, f"the number of certificates that transaction {transaction} got")
        for serial, fingerprint in certificates:
            expect(serial in kept, f"certificate {serial} was sent, and is not in the database")
            expect_equal(kept[serial], fingerprint, f"the SHA-256 of certificate {serial} in the database")
    serials = [serial for certificates in received.values() for serial, _ in certificates]
    expect_equal(len(set(serials)), len(serials), "the number of different serial numbers")
