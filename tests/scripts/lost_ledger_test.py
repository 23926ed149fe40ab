#!/usr/bin/env python3
"""An authority without its ledger, with another's or with an older one: it is not served, for everything that was revoked
would be good again. It is said what happened and what to do."""

import contextlib
import shutil
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Server, expect, expect_equal, expect_in, openssl, run
from place import Place

MISSING, CONFLICT = 3, 1
# Keys that are made quickly.
INIT = ("--organization", "Example", "--root", "ec:p256", "--issuing", "ec:p256")


def refused(server, code, *texts, doctor=None):
    """What serve says, and the doctor, who says the same or what `doctor` is."""
    outcome = run(*server.command("serve"), code=code)
    findings = server.cli("doctor", json=True, code=1)["findings"]
    told = "\n".join(f"{finding['what']}: {finding['fix']}" for finding in findings)
    for text in texts:
        expect_in(text, outcome.err, "what serve says")
    for text in doctor or texts:
        expect_in(text, told, "what the doctor says")
    return outcome


def crl_number(server):
    file = server.fetch("/crl/1.crl", "1.crl")
    return int(openssl("crl", "-inform", "DER", "-in", file, "-noout", "-crlnumber").out.strip().partition("=")[2], 16)


def test_a_lost_ledger_is_not_made_anew():
    server = Server(*INIT, start=False)
    (server.data / "ledger.db").unlink()
    refused(server, MISSING, f"its ledger {server.data}/ledger.db is missing", "would be good again",
            "restore ledger.db and the authority folder together from one backup (docs/backup.md)",
            doctor=(f"there is no ledger at {server.data}/ledger.db", "together from one backup"))
    expect_equal([file.name for file in server.data.iterdir()], ["authority"], "what is in the data folder")
    # And neither is an authority beside a ledger that is in use.
    used = Server(*INIT)
    used.stop()
    shutil.rmtree(used.data / "authority")
    outcome = used.cli("init", *used.init_arguments, code=CONFLICT)
    expect_in(f"{used.data}/ledger.db is the ledger of an authority whose keys are not here", outcome.err)
    expect_equal([file.name for file in used.data.glob("authority*")], [], "what was made")


def test_an_init_that_failed_half_way_can_be_tried_again():
    place = Place()
    place.command("init", *INIT)
    shutil.rmtree(place.data / "authority")
    made = chancery.parse_json(place.command("--json", "init", *INIT))
    # Nothing of the one before is left in it.
    with contextlib.closing(sqlite3.connect(place.data / "ledger.db")) as ledger:
        expect_equal(ledger.execute("SELECT count(*) FROM audit_event WHERE action = 'authority.made'").fetchone(), (1,), "events")
    doctor = chancery.parse_json(place.command("--json", "doctor", code=None))
    expect("another authority" not in str(doctor), f"{doctor} says that {made} is another authority")


def test_the_ledger_of_another_authority_is_not_served():
    one, other = Server(*INIT, start=False), Server(*INIT, start=False)
    roots = [openssl("x509", "-in", server.data / "authority/root.pem", "-noout", "-fingerprint", "-sha256")
             .out.strip().partition("=")[2].replace(":", "").lower() for server in (one, other)]
    shutil.copy(other.data / "ledger.db", one.data / "ledger.db")
    refused(one, CONFLICT, f"the ledger {one.data}/ledger.db is of another authority than {one.data}/authority",
            f"it was made for the root {roots[1]}, and the root here is {roots[0]}")
    # The empty file that a failed copy leaves is no ledger, either.
    (one.data / "ledger.db").write_bytes(b"")
    outcome = run(*one.command("serve"), code="fails")
    expect_in("reading the ledger", outcome.err)
    expect_equal((one.data / "ledger.db").read_bytes(), b"", "the file")


def test_an_older_ledger_is_served_only_when_told_and_uses_no_crl_number_twice():
    server = Server(*INIT)
    server.stop()
    copy = server.folder / "copy"
    shutil.copy(server.data / "ledger.db", copy)
    server.start()
    for _ in range(3):
        server.cli("crl", "publish")
    published = crl_number(server)
    server.restart()
    server.stop()
    shutil.copy(copy, server.data / "ledger.db")
    refused(server, CONFLICT, f"the ledger {server.data}/ledger.db is an older copy",
            f"number {published} was published already", "chancery serve --accept-older-ledger")

    process = chancery.Process(*server.command("serve", "--accept-older-ledger"), log=server.log_file)
    chancery.wait_until(lambda: process.code is not None or answers(server), "the server is not ready", timeout=30)
    expect_equal(crl_number(server), published + 1)
    expect_in("what was issued and revoked since is not in it", server.log())
    process.stop()
    # From then on it is the ledger.
    server.start()
    expect_equal(crl_number(server), published + 1)


def test_an_older_ledger_without_the_newest_generation_is_accepted_once():
    server = Server(*INIT)
    server.stop()
    backup = server.folder / "backup"
    shutil.copytree(server.data, backup, ignore=shutil.ignore_patterns("*.sock"))
    server.start()
    server.cli("ca", "announce")
    numbers = (server.data / "authority/crl-numbers").read_text()
    expect_in("\n2 1\n", numbers)
    server.stop()
    shutil.rmtree(server.data)
    shutil.copytree(backup, server.data)
    # An empty line at its end is nothing.
    (server.data / "authority/crl-numbers").write_text(numbers.replace("\n1 1\n", "\n1 7\n") + "\n")
    refused(server, CONFLICT, "number 7 was published already")
    process = chancery.Process(*server.command("serve", "--accept-older-ledger"), log=server.log_file)
    chancery.wait_until(lambda: process.code is not None or answers(server), "the server is not ready", timeout=30)
    process.stop()
    server.start()
    expect_equal(crl_number(server), 8)


def test_the_doctor_sees_that_the_file_of_a_running_server_is_gone():
    server = Server(*INIT)
    (server.data / "ledger.db").unlink()
    expect_in("ledger.db is not there any more: what is decided from now on is lost", server.cli("doctor", code=1).out)


def answers(server):
    try:
        return server.get("/readyz").status == 200
    except OSError:
        return False


chancery.main()
