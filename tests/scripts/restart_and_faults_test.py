#!/usr/bin/env python3
"""What goes wrong around a server: it is stopped, its database locked, its disk full, its clock set back, its audit trail
forged. It says so, loses nothing, and goes on when it can."""

import concurrent.futures
import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import load
import strongswan
from chancery import Server, at_end, expect, expect_equal, expect_in, openssl, require, run, wait_until

require(*strongswan.PROGRAMS)

SHARED = "the plant's own password"


def shared_server(**options):
    """A server whose devices all know one password, so that many requests can be made beforehand."""
    return load.shared_server(SHARED, **options)


def rows(server, query, *values):
    """What stands in the database, read beside the running server."""
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/ledger.db?mode=ro", uri=True)) as database:
        return database.execute(query, values).fetchall()


def count_certificates(server):
    return rows(server, "SELECT count(*) FROM certificate WHERE state = 1")[0][0]


def crl_number(server):
    file = server.fetch("/crl/1.crl", "1.crl")
    return int(openssl("crl", "-inform", "DER", "-in", file, "-noout", "-crlnumber").out.strip().partition("=")[2], 16)


def test_sigterm_ends_it_after_what_was_received_is_answered():
    server = shared_server()
    messages = load.messages(server, 40)
    received = server.folder / "received"
    running = load.start(server, messages, received, connections=8)
    wait_until(lambda: received.exists() and received.read_text().count("\n") > 5, "no certificate came")
    begin = time.monotonic()
    expect_equal(server.stop(), 0, "the exit code")
    expect(time.monotonic() - begin < 10, "it took more than 10 s to end")
    running.wait()
    log = server.log()
    expect_in("stopping", log, "the log")
    for name in ("admin.sock",):
        expect(not (server.data / name).exists(), f"{name} is left behind")
    expect_equal(sorted(file.name for file in server.data.glob("ledger.db*")), ["ledger.db"],
                 "the database's files after an orderly end")
    got = load.read_received(received)
    server.start()
    load.expect_in_database(server, got)
    # SIGINT, as from a terminal, is as good.
    server.process.signal(2)
    expect_equal(server.process.wait(), 0, "the exit code after SIGINT")


def test_a_closed_terminal_ends_it_as_sigterm_does():
    server = Server()
    server.process.signal(signal.SIGHUP)
    wait_until(lambda: server.process.code is not None, lambda: server.log())
    expect_equal(server.process.code, 0, "the exit code on SIGHUP")
    expect_in("stopping", server.log())


def test_the_administrators_socket_is_the_owners():
    server = Server()
    for _ in range(2):
        expect_equal(oct((server.data / "admin.sock").stat().st_mode & 0o777), "0o600", "the mode of the socket")
        # After a kill the old socket file is there still, and is no obstacle.
        server.kill()
        server.start()
    server.cli("status")
    # It is not reachable by the devices' address.
    for path in ("/v1/status", "/v1/certificates", "/metrics"):
        expect_equal(server.get(path).status, 404, f"the status of {path} at the devices' address")


def test_a_second_server_on_the_same_data_does_not_start():
    server = Server()
    outcome = run(*server.command("serve"), code="fails", timeout=20)
    expect_in("in use", outcome.err.lower())
    server.cli("status")
    expect_equal(server.get("/readyz").status, 200, "the status of /readyz of the first server")


@contextlib.contextmanager
def locked_database(server):
    """Another process writes to the database and does not end, as a careless backup would."""
    with contextlib.closing(sqlite3.connect(server.data / "ledger.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield
        database.execute("ROLLBACK")


def test_a_locked_database_is_told_as_503_and_nothing_is_lost():
    server = shared_server()
    messages = load.messages(server, 3)
    with locked_database(server):
        refused = load.post(server, messages, 0, timeout=60)
        expect_equal(refused.status, 503, "the status while the database is locked")
        expect_equal(refused.headers["Retry-After"], "10", "Retry-After")
        expect_in("Try again later", refused.body.decode())
        expect_in("the database is locked by another connection", server.log(), "the log")
        # Reading goes on: a CRL and the CA's certificates are needed most when something is wrong.
        for path in ("/scep/devices?operation=GetCACert", "/crl/1.crl", "/ca/root.crt"):
            expect_equal(server.get(path).status, 200, f"the status of {path} while the database is locked")
        expect_in("the database is locked", server.cli("crl", "publish", code=5).err)
        server.cli("cert", "list")
    # The same message again, and others.
    received = server.folder / "received"
    report = load.run(server, messages, received)
    expect_equal(report["granted"], 3, f"certificates granted afterwards ({report})")
    expect_equal(count_certificates(server), 3, "the number of certificates")
    expect_in("the database can be written again", server.log(), "the log")
    server.cli("audit", "verify")


@contextlib.contextmanager
def small_disk(mebibytes):
    """A file system of its own that is soon full; None where nothing may be mounted."""
    folder = chancery.temporary_folder("chancery-disk-")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0700", "tmpfs", str(folder)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        yield None
        return
    at_end(lambda: subprocess.run(["umount", "-l", str(folder)], check=False))
    yield folder


def test_a_full_disk_is_told_as_503_and_nothing_is_half_written():
    with small_disk(8) as disk:
        if disk is None:
            print("not tested: a full disk; mounting a small one is not permitted here")
            return
        server = shared_server(start=False)
        shutil.move(server.data, disk / "data")
        server.data.symlink_to(disk / "data")
        server.start()
        messages = load.messages(server, 60)
        received = server.folder / "received"
        before = load.run(server, messages, received, count=20)
        expect_equal(before["granted"], 20, f"certificates granted while there is room ({before})")
        filler = disk / "filler"
        fill(filler)
        during = load.run(server, messages, received, first=20, count=20)
        expect(during["granted"] < 20, f"the disk was full, and all was granted: {during}")
        expect_equal([error for error in during["errors"] if error != "HTTP status 503"], [], "other errors")
        refused = load.post(server, messages, 59)
        expect_equal((refused.status, refused.headers["Retry-After"]), (503, "10"), "status and Retry-After")
        expect_in("full", server.log(), "the log")
        expect_equal(server.get("/crl/1.crl").status, 200, "the status of the CRL")
        server.cli("cert", "list")
        server.cli("doctor", code=None)

        # Killed in that state, it starts again once there is room, and every certificate that went out is known.
        server.kill()
        filler.unlink()
        server.start()
        after = load.run(server, messages, received)
        expect_equal(after["granted"], 60, f"certificates granted afterwards ({after})")
        load.expect_in_database(server, load.read_received(received))
        expect_equal(count_certificates(server), 60, "the number of certificates")
        server.cli("audit", "verify")
        expect_equal(rows(server, "PRAGMA integrity_check"), [("ok",)], "the database's integrity check")


def fill(file):
    """Leaves no room on the file's disk."""
    with open(file, "wb", buffering=0) as out:
        for size in (65536, 4096):
            with contextlib.suppress(OSError):
                while out.write(b"\0" * size) == size:
                    pass


def test_a_full_disk_without_restart_recovers_by_itself():
    with small_disk(8) as disk:
        if disk is None:
            print("not tested: a full disk; mounting a small one is not permitted here")
            return
        server = shared_server(start=False)
        shutil.move(server.data, disk / "data")
        server.data.symlink_to(disk / "data")
        server.start()
        messages = load.messages(server, 40)
        filler, received = disk / "filler", server.folder / "received"
        fill(filler)
        during = load.run(server, messages, received)
        expect(during["granted"] < 40, f"the disk was full, and all was granted: {during}")
        filler.unlink()
        after = load.run(server, messages, received)
        expect_equal(after["granted"], 40, f"certificates granted afterwards ({after})")
        load.expect_in_database(server, load.read_received(received))
        server.cli("audit", "verify")


def faketime(offset):
    """The words that run a program with its clock moved by `offset`, such as "-3 days"."""
    return (chancery.program("faketime"), "-f", offset)


def test_a_clock_that_was_set_back_repeats_nothing():
    require("faketime")
    server = shared_server()
    messages = load.messages(server, 6)
    received = server.folder / "received"
    load.run(server, messages, received, count=2)
    server.cli("crl", "publish")
    before = crl_number(server)
    # The machine comes up with a wrong clock: first behind its own past, then right again.
    for offset, first in (("-2h", 2), ("-1h", 4)):
        server.stop()
        server.start(wrapper=faketime(offset))
        expect_equal(server.get("/scep/devices?operation=GetCACert").status, 200, "the status of GetCACert")
        answer = load.post(server, messages, first)
        expect(answer.status in (200, 503), f"the status of a request with the clock {offset}: {answer.status}")
        server.cli("crl", "publish")
        expect(crl_number(server) > before, f"the CRL's number fell from {before} to {crl_number(server)}")
        before = crl_number(server)
    server.stop()
    server.start()
    report = load.run(server, messages, received)
    expect_equal(report["granted"], 6, f"certificates granted once the clock is right ({report})")
    serials = [row[0] for row in rows(server, "SELECT serial FROM certificate")]
    expect_equal(len(set(serials)), len(serials), "the number of different serial numbers")
    load.expect_in_database(server, load.read_received(received))
    server.cli("crl", "publish")
    expect(crl_number(server) > before, "the CRL's number fell")
    server.cli("audit", "verify")


def change_database(server, *statements):
    with contextlib.closing(sqlite3.connect(server.data / "ledger.db")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


def test_a_forged_audit_trail_is_found_and_the_place_named():
    server = Server()
    for _ in range(3):
        server.challenge()
    events = server.cli("audit", "list", json=True)["events"]
    last = max(event["sequence"] for event in events)
    expect_in(f"The audit trail is whole: {last} events", server.cli("audit", "verify").out)
    server.stop()
    whole = (server.data / "ledger.db").read_bytes()
    forgeries = [
        ("a changed actor", ["UPDATE audit_event SET actor = 'somebody else' WHERE sequence = 3"],
         "audit event 3 does not fit the one before it, or was changed"),
        ("a changed detail", ["UPDATE audit_event SET details = replace(details, 'devices', 'printers') WHERE sequence = 4"],
         "audit event 4 does not fit the one before it, or was changed"),
        ("a moved time", ["UPDATE audit_event SET at = at - 1 WHERE sequence = 2"],
         "audit event 2 does not fit the one before it, or was changed"),
        ("a removed event", ["DELETE FROM audit_event WHERE sequence = 3"], "audit event 3 is missing: 4 follows"),
        ("a removed event, closed up", ["DELETE FROM audit_event WHERE sequence = 3",
                                        "UPDATE audit_event SET sequence = sequence - 1 WHERE sequence > 3"],
         "audit event 3 does not fit the one before it, or was changed"),
        ("a cut off end", [f"DELETE FROM audit_event WHERE sequence = {last}"],
         f"audit event {last} is missing: the trail ends at {last - 1}"),
        ("an added event", [f"INSERT INTO audit_event SELECT sequence + 1, at, actor, action, subject, details, hash "
                            f"FROM audit_event WHERE sequence = {last}"],
         f"audit event {last + 1} does not fit the one before it, or was changed"),
    ]
    for name, statements, expected in forgeries:
        (server.data / "ledger.db").write_bytes(whole)
        change_database(server, *statements)
        server.start()
        outcome = server.cli("audit", "verify", code=1)
        expect_in(expected, outcome.err, f"what is said of {name}")
        server.stop()
    (server.data / "ledger.db").write_bytes(whole)
    server.start()
    server.cli("audit", "verify")


def test_a_damaged_or_foreign_database_is_not_served():
    server = Server()
    server.stop()
    database = server.data / "ledger.db"
    whole = database.read_bytes()
    database.write_bytes(b"This is no database. " * 1000)
    expect_in("it is not a database", run(*server.command("serve"), code="fails").err)
    database.unlink()
    with contextlib.closing(sqlite3.connect(database)) as foreign:
        foreign.execute("CREATE TABLE recipe (name TEXT)")
        foreign.commit()
    expect_in("it is the database of another program", run(*server.command("serve"), code="fails").err)
    database.write_bytes(whole)
    server.start()
    server.cli("audit", "verify")


def test_silent_and_slow_peers_do_not_keep_others_out():
    server = shared_server()
    messages = load.messages(server, 8)
    # More peers than there are threads say nothing, or half a request.
    peers = []
    at_end(lambda: [peer.close() for peer in peers])
    for number in range(40):
        peer = socket.create_connection(("127.0.0.1", server.port), timeout=10)
        peers.append(peer)
        if number % 2:
            peer.sendall(b"POST /scep/devices?operation=PKIOperation HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nhalf")
    report = load.run(server, messages, server.folder / "received")
    expect_equal(report["granted"], 8, f"certificates granted beside silent peers ({report})")
    expect_equal(server.stop(), 0, "the exit code while silent peers are connected")


def test_the_same_message_from_many_connections_is_one_certificate():
    server = shared_server()
    messages = load.messages(server, 1)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: load.post(server, messages, 0), range(32)))
    expect_equal({answer.status for answer in answers}, {200}, "the statuses")
    expect_equal(count_certificates(server), 1, "the number of certificates")


if __name__ == "__main__":
    chancery.main()
