#!/usr/bin/env python3
"""`chancery-agent run`: slots get their certificates, keep them, and survive what happens to devices."""

import contextlib
import os
import signal
import sqlite3
import stat
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Server, expect, expect_equal, expect_in, openssl, wait_until
from daemon import Device


def certificates(server):
    return server.cli("cert", "list", json=True)["certificates"]


def check_pair(device, slot):
    key = openssl("pkey", "-in", device.file(slot, "key.pem"), "-pubout").out
    expect_equal(openssl("x509", "-in", device.file(slot, "cert.pem"), "-noout", "-pubkey").out, key, "the key")


def test_a_slot_is_enrolled_renewed_and_put_back():
    server = Server()
    device = Device(server)
    device.add_slot("https", 'names = ["dns:a.example"]', challenge=server.challenge())
    device.start()
    first = device.wait_for("https", "valid")
    check_pair(device, "https")
    expect(first["renew_at"] < first["not_after"], f"renewal after the end: {first}")
    expect_in("good until", device.run("renew", "https").out)
    second = device.slot("https")
    expect(second["sha256"] != first["sha256"], "the certificate is the same")
    check_pair(device, "https")
    device.run("activate", "https", first["sha256"])
    expect_equal(device.slot("https")["sha256"], first["sha256"], "what is in use")
    check_pair(device, "https")
    expect_equal({row["sha256"]: row["state"] for row in device.run("certs", json=True)["certificates"]},
                 {first["sha256"]: "in use", second["sha256"]: "kept"}, "the certificates")
    expect_equal(device.process.stop(), 0, "the exit code on SIGTERM")


def test_a_pending_request_survives_a_kill():
    server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=manual")
    device = Device(server)
    device.add_slot("https")
    device.start()
    device.wait_for("https", "awaiting_approval")
    key = os.listdir(device.state / "slots/https/pending")
    device.process.kill()
    device.start()
    device.wait_for("https", "awaiting_approval")
    expect_equal(os.listdir(device.state / "slots/https/pending"), key, "what is kept of the request")
    requests = server.cli("request", "list", json=True)["requests"]
    expect_equal(len(requests), 1, "the number of requests")
    server.cli("request", "approve", requests[0]["id"])
    device.wait_for("https", "valid")
    check_pair(device, "https")
    expect_equal(len(certificates(server)), 1, "the number of certificates")


def test_what_a_service_refuses_is_tried_again_without_a_second_certificate():
    server = Server()
    device = Device(server)
    gate = device.home / "gate"
    device.add_slot("https", f'reload = ["/usr/bin/test", "-e", "{gate}"]', challenge=server.challenge())
    device.start()
    slot = wait_until(lambda: device.slot("https") if device.slot("https")["last_error"] else None, "no error is shown")
    expect_in("/usr/bin/test", slot["last_error"])
    expect("rolled_back" in device.events("https"), f"the history is {device.events('https')}")
    gate.touch()
    device.run("renew", "https")
    expect_equal(device.slot("https")["stage"], "valid", "the stage")
    expect_equal(len(certificates(server)), 1, "the number of certificates")


def test_a_refusal_is_told_and_a_new_challenge_helps():
    server = Server()
    device = Device(server)
    device.add_slot("https", challenge="AAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBB")
    device.start()
    expect_in("the authority refused", device.wait_for("https", "failed")["last_error"])
    expect_in("the authority refused", device.run("enroll", "https", code=4).err)
    device.add_slot("https", challenge=server.challenge())
    device.run("enroll", "https")
    expect_equal(device.slot("https")["stage"], "valid", "the stage")


def test_settings_are_read_again_on_sighup():
    server = Server()
    device = Device(server)
    device.start()
    expect_in("There is no slot", device.run("status").out)
    device.add_slot("ipsec", challenge=server.challenge(), subject="nonsense")
    expect_in("subject", device.run("config", "check", code=2).err)
    device.process.signal(signal.SIGHUP)
    wait_until(lambda: "the configuration is wrong" in device.log(), lambda: device.log())
    expect_equal(device.run("status", json=True)["slots"], [], "the slots")
    device.add_slot("ipsec", challenge=server.challenge())
    device.process.signal(signal.SIGHUP)
    wait_until(lambda: "the configuration was read again" in device.log(), lambda: device.log())
    device.wait_for("ipsec", "valid")


def test_config_check_finds_what_could_not_work():
    server = Server()
    device = Device(server)
    rows = [
        ('names = ["dns:foo bar"]', "slot https: 'foo bar' is no host's name"),
        ('reload = ["/usr/bin/no-such-program", "now"]', "slot https: reload: there is no program /usr/bin/no-such-program"),
    ]
    for lines, problem in rows:
        device.add_slot("https", lines, challenge=server.challenge())
        expect_in(problem, device.run("config", "check", code=2).err)
    device.add_slot("https", challenge=server.challenge(), subject="CN=")
    expect_in("slot https: the subject 'CN=' has a part without a value", device.run("config", "check", code=2).err)
    device.add_slot("https", challenge=server.challenge())
    expect_equal(device.run("config", "check", json=True), {"slots": 1}, "what is right")
    # A pipe in place of a file keeps nobody waiting: neither who checks nor the daemon.
    os.mkfifo(device.slots / "pipe.toml")
    expect_in("pipe.toml: is no regular file", device.run("config", "check", code=2).err)
    os.unlink(device.slots / "pipe.toml")
    device.start()
    device.wait_for("https", "valid")
    os.mkfifo(device.slots / "pipe.toml")
    device.process.signal(signal.SIGHUP)
    wait_until(lambda: "is no regular file" in device.log(), lambda: device.log())
    expect_equal(device.process.stop(), 0, "the exit code on SIGTERM")


def test_a_slot_that_cannot_be_opened_keeps_no_other_from_its_work():
    server = Server()
    device = Device(server)
    device.add_slot("https", challenge=server.challenge())
    device.add_slot("sip", 'owner = "nobody-of-this-name"', challenge=server.challenge())
    expect_in("slot sip: this machine has no user 'nobody-of-this-name'", device.run("config", "check", code=2).err)
    device.start()
    device.wait_for("https", "valid")
    expect_in("this machine has no user", device.wait_for("sip", "failed")["last_error"])
    device.add_slot("sip", challenge=server.challenge())
    device.process.signal(signal.SIGHUP)
    wait_until(lambda: "the configuration was read again" in device.log(), lambda: device.log())
    device.wait_for("sip", "valid")


def test_a_configuration_that_cannot_be_started_leaves_the_one_before():
    server = Server()
    device = Device(server)
    device.add_slot("https", challenge=server.challenge())
    device.start()
    device.wait_for("https", "valid")
    before = device.config_file.read_text()
    device.config_file.write_text(before.replace(str(device.home / "agent.sock"), "/proc/version/agent.sock"))
    device.process.signal(signal.SIGHUP)
    wait_until(lambda: "cannot start with the changed configuration" in device.log(), lambda: device.log())
    device.config_file.write_text(before)
    device.wait_for("https", "valid")


def test_damaged_records_are_set_aside():
    server = Server()
    device = Device(server)
    device.add_slot("https", challenge=server.challenge())
    device.start()
    first = device.wait_for("https", "valid")
    root = device.home / "root.pem"
    root.write_text(server.cli("ca", "chain").out)
    device.run("trust", "add", root, "--store", "radius")
    trusted = device.run("trust", "list", json=True)["trust"]
    device.process.stop()
    file = device.state / "agent.db"
    file.write_bytes(file.read_bytes()[:4096] + b"G" * 8192)
    device.start()
    expect_equal(device.wait_for("https", "valid")["sha256"], first["sha256"], "what is in use")
    expect_in("the agent's records were damaged", device.log())
    expect((device.state / "agent.db.corrupt").exists(), "nothing was set aside")
    expect_equal(device.run("trust", "list", json=True)["trust"], trusted, "what is trusted")
    device.run("renew", "https")
    expect_equal(len(certificates(server)), 2, "the number of certificates")


def test_one_damaged_record_hides_no_other():
    server = Server()
    device = Device(server)
    device.add_slot("https", challenge=server.challenge())
    device.start()
    first = device.wait_for("https", "valid")["sha256"]
    device.run("renew", "https")
    second = device.slot("https")["sha256"]
    root = device.home / "root.pem"
    root.write_text(server.cli("ca", "chain").out)
    device.run("trust", "add", root, "--store", "radius")
    trusted = {row["sha256"] for row in device.run("trust", "list", json=True)["trust"]}
    device.process.stop()
    with contextlib.closing(sqlite3.connect(device.state / "agent.db")) as database, database:
        database.execute("UPDATE certificate SET der = x'3003' WHERE sha256 = ?", (bytes.fromhex(first),))
        database.execute("UPDATE trust SET der = x'3003' WHERE sha256 = (SELECT min(sha256) FROM trust)")
    device.start()
    rows = {row["sha256"]: row for row in device.run("certs", json=True)["certificates"]}
    expect_equal({sha256: row["damaged"] for sha256, row in rows.items()}, {first: True, second: False}, "what is damaged")
    expect_equal(rows[second]["state"], "in use", "the state of the other one")
    expect_in("(its record is damaged)", device.run("certs").out)
    listed = device.run("trust", "list", json=True)["trust"]
    expect_equal({row["sha256"] for row in listed}, trusted, "what the stores hold")
    expect_equal(sorted(row["damaged"] for row in listed), sorted([False] * (len(listed) - 1) + [True]), "what is damaged there")
    expect_in("(its record is damaged)", device.run("trust", "list").out)


def test_the_socket_is_its_owners_and_errors_have_exit_codes():
    server = Server()
    device = Device(server)
    device.start()
    expect_equal(stat.S_IMODE((device.home / "agent.sock").stat().st_mode), 0o600, "the mode of the socket")
    expect_in("there is no slot 'nobody'", device.run("renew", "nobody", code=3).err)
    expect_in("is no slot's name", device.run("renew", "../x", code=2).err)
    device.process.stop()
    expect_in("no agent answers", device.run("status", code=5).err)


def test_authorities_are_trusted_and_not_any_more():
    server = Server()
    device = Device(server)
    device.start()
    root = device.home / "root.pem"
    root.write_text(server.cli("ca", "chain").out)
    device.run("trust", "add", root, "--store", "radius")
    anchors = device.run("trust", "list", json=True)["trust"]
    file = device.state / "trust" / "radius.pem"
    expect_equal(file.read_text().count("BEGIN CERTIFICATE"), len(anchors), "the certificates in the file")
    for anchor in anchors:
        device.run("trust", "remove", anchor["sha256"], "--store", "radius")
    expect_equal(file.read_text(), "", "the file")


if __name__ == "__main__":
    chancery.main()
