"""A server that is killed again and again while devices enrol keeps every promise that it made.

The number of kills is CHANCERY_KILLS, 200 unless it is set. Half of them are at the mercy of one-time challenges, half of a
shared one, in a test each (tests/scripts/kill_*_test.py): the former are used up in the same transaction that keeps the
certificate.
"""

import concurrent.futures
import contextlib
import http.client
import json
import os
import random
import socket
import sqlite3
import time

import chancery
import load
from chancery import expect, expect_equal, expect_in

KILLS = int(os.environ.get("CHANCERY_KILLS", "200")) // 2
# Enough for each round to be cut off in the middle: what is left at the end is sent then.
MESSAGES_A_ROUND = 24
CONNECTIONS = 8


class AdminConnection(http.client.HTTPConnection):
    """The administrators' API, for what would be thousands of commands."""

    def __init__(self, path):
        super().__init__("chancery")
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def mint(server, count):
    """A file with `count` one-time challenges, one a line."""
    def some(number):
        connection = AdminConnection(server.data / "admin.sock")
        challenges = []
        for _ in range(number):
            connection.request("POST", "/v1/challenges", json.dumps({"endpoint": "devices", "lifetime": "1d"}),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            expect_equal(answer.status, 201, f"the status of a new challenge ({body!r})")
            challenges.append(json.loads(body)["challenge"])
        connection.close()
        return challenges

    parts = 8
    with concurrent.futures.ThreadPoolExecutor(parts) as pool:
        shares = [count // parts + (part < count % parts) for part in range(parts)]
        minted = [challenge for part in pool.map(some, shares) for challenge in part]
    file = server.folder / "challenges"
    file.touch(0o600)
    file.write_text("\n".join(minted) + "\n")
    return file


class Lines:
    """How many lines a file has to which somebody appends; none while it is not there."""

    def __init__(self, file):
        self.file, self.place, self.known = file, 0, 0

    def count(self):
        if self.file.exists():
            with open(self.file, "rb") as text:
                text.seek(self.place)
                more = text.read()
            self.place += len(more)
            self.known += more.count(b"\n")
        return self.known


def kill_again_and_again(server, messages, received, kills):
    """Enrols, kills in the middle of it, starts again, `kills` times. Returns how long each start took, and how many kills came
    while devices waited for an answer."""
    chance = random.Random(1)
    starts, under_way = [], 0
    answered = Lines(received)
    for number in range(kills):
        # From the beginning of the file: what was answered before is asked again, and what was cut off is asked again.
        running = load.start(server, messages, received, first=number * MESSAGES_A_ROUND // 2, count=MESSAGES_A_ROUND,
                             connections=CONNECTIONS)
        target = answered.count() + chance.randrange(0, MESSAGES_A_ROUND - CONNECTIONS)
        end = time.monotonic() + 0.5
        while answered.count() < target and time.monotonic() < end and running.code is None:
            time.sleep(0.001)
        time.sleep(chance.random() * 0.004)
        under_way += running.code is None
        server.kill()
        running.stop()
        if number % 5 == 4:  # Now and then it does not even get to its feet.
            starting = chancery.Process(*server.command("serve"), log=server.log_file)
            time.sleep(chance.random() * 0.2)
            starting.kill()
        begin = time.monotonic()
        server.start()
        starts.append(time.monotonic() - begin)
    return starts, under_way


def check(server, messages, total, received):
    # Whatever happened, the database is sound, and who got a certificate finds it there.
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/ledger.db?mode=ro", uri=True)) as database:
        expect_equal(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "the database's integrity check")
        serials = [row[0] for row in database.execute("SELECT serial FROM certificate")]
    expect_equal(len(set(serials)), len(serials), "the number of different serial numbers")
    before = load.read_received(received)
    load.expect_in_database(server, before)
    expect(before, "nobody got a certificate")
    expect_in("The audit trail is whole", server.cli("audit", "verify").out)

    # Every device asks again, and gets the certificate that it had; those without one get theirs.
    report = load.run(server, messages, received)
    expect_equal((report["granted"], report["errors"]), (total, {}), "what the last round brought")
    after = load.read_received(received)
    expect_equal(len(after), total, "the number of transactions with a certificate")
    load.expect_in_database(server, after)
    with contextlib.closing(sqlite3.connect(f"file:{server.data}/ledger.db?mode=ro", uri=True)) as database:
        states = dict(database.execute("SELECT state, count(*) FROM certificate GROUP BY state"))
        transactions = database.execute("SELECT count(*), count(DISTINCT serial) FROM enrolment WHERE state = 1").fetchone()
        issued_events = database.execute("SELECT count(*) FROM audit_event WHERE action = 'certificate.issued'").fetchone()[0]
    expect_equal(states, {1: total}, "certificates by state (0 intended, 1 issued)")
    expect_equal(transactions, (total, total), "transactions, and their different certificates")
    expect_equal(issued_events, total, "events of issued certificates in the audit trail")
    expect_in("The audit trail is whole", server.cli("audit", "verify").out)
    return len(before)


def story(server, challenges, kills=KILLS):
    """`challenges`: devices present one-time challenges of their own."""
    total = MESSAGES_A_ROUND // 2 * (kills + 1)
    messages = load.messages(server, total, challenges=mint(server, total) if challenges else None)
    received = server.folder / "received"
    begin = time.monotonic()
    starts, under_way = kill_again_and_again(server, messages, received, kills)
    took = time.monotonic() - begin
    had = check(server, messages, total, received)
    print(f"{kills} kills in {took:.0f} s, {under_way} of them while devices waited for an answer; {had} of {total} devices had "
          f"their certificate before the end; slowest start {max(starts):.2f} s", flush=True)
    expect(under_way * 10 >= kills * 8, f"only {under_way} of {kills} kills came while devices enrolled")
    if challenges:
        states = {row["state"] for row in server.cli("challenge", "list", json=True)["challenges"]}
        expect_equal(states, {"used"}, "the states of the challenges")
