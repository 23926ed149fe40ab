#!/usr/bin/env python3
"""Devices call the hub: the challenge of a node leads to it, orders arrive at once, a revoked certificate ends the link,
a suspended one until it is released, and a device that nobody announced waits."""
# ctest: TIMEOUT 300

import http.client
import json
import ssl
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import agent as agents
import chancery
from chancery import Process, expect, expect_equal, expect_in, wait_until
from link import find_link, hub


class Device:
    """What an agent would say, by hand."""

    def __init__(self, server, challenge, subject="CN=printer-7"):
        self.server = server
        self.agent = agents.for_server(server)
        self.agent.enrol(subject, challenge=challenge)

    def context(self):
        context = ssl.create_default_context(cafile=self.server.folder / "root.pem")
        context.load_cert_chain(self.agent.file("fullchain.pem"), self.agent.file("key.pem"))
        return context

    def call(self, timeout=30, **message):
        """A check-in: the HTTP status and the answer."""
        connection = http.client.HTTPSConnection("127.0.0.1", self.server.link, timeout=timeout, context=self.context())
        try:
            connection.request("POST", "/link/v1/check-in", json.dumps({"version": 1, "node": "by-hand", **message}),
                               {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def wait(self, seconds=20):
        """A check-in that is held: a function that waits for its status and answer."""
        answers = []

        def call():
            answers.append(self.call(hold_seconds=seconds))
            self.answered_at = time.monotonic()

        held = self.server.metric("chancery_http_held_requests")
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
        wait_until(lambda: self.server.metric("chancery_http_held_requests") > held, lambda: f"the call was not held: {answers}")

        def answer():
            thread.join(seconds + 10)
            expect(answers, "the call was never answered")
            return answers[0]

        return answer


class RunningAgent:
    """`chancery-agent run` with one slot, "web", that calls the hub."""

    def __init__(self, server, challenge, name="printer-7"):
        self.home = chancery.temporary_folder()
        slots = self.home / "slots.d"
        slots.mkdir()
        file = self.home / "challenge"
        file.touch(0o600)
        self.set_challenge(challenge)
        self.config = self.home / "agent.toml"
        self.config.write_text(
            f'state = "{self.home}/state"\nsocket = "{self.home}/agent.sock"\nnode = "{name}"\nproduct = "printer"\n'
            f'[hub]\nurl = "https://127.0.0.1:{server.link}"\nhold = "20s"\n'
            f'[source]\nurl = "{server.scep_url()}"\n'
            f'fingerprint = "{server.cli("ca", "show", json=True)["root"]["sha256"]}"\n')
        (slots / "web.toml").write_text(f'subject = "CN={name}"\nkey = "ec:p256"\nchallenge_file = "{file}"\n')
        self.process = Process(chancery.AGENT, "run", "--config", self.config, log=self.home / "agent.log")

    def set_challenge(self, challenge):
        (self.home / "challenge").write_text(challenge + "\n")

    def log(self):
        return self.process.log()

    def status(self, *words):
        return chancery.run(chancery.AGENT, "status", "--config", self.config, *words)


def node(server, name):
    return server.cli("node", "show", name, json=True)


def test_a_device_is_the_node_that_its_challenge_was_minted_for():
    server = hub()
    added = server.cli("node", "add", "printer-7", "--product", "printer", "--slot", "ipps", "--endpoint", "devices",
                       "--subject", "CN=printer-7", json=True)
    expect_equal(node(server, "printer-7")["state"], "expected", "the state before it came")
    device = Device(server, added["challenge"]["challenge"])
    status, answer = device.call(agent_version="9.9")
    expect_equal((status, answer["state"]), (200, "admitted"), "the answer")
    shown = node(server, "printer-7")
    expect_equal(shown["state"], "admitted", "the state")
    expect_equal(shown["agent_version"], "9.9", "the agent's version")
    expect_equal(shown["certificate"], chancery.serial_of(device.agent.file("cert.pem")), "its certificate")
    # It is the same node with a renewed certificate, and after a restart of the hub.
    device.agent.run("renew")
    server.restart()
    find_link(server)
    expect_equal(device.call()[1]["state"], "admitted", "the state after a renewal and a restart")
    expect_equal(len(server.cli("node", "list", json=True)["nodes"]), 1, "the number of nodes")


def test_an_order_arrives_within_a_second_and_its_result_comes_back():
    server = hub()
    challenge = server.cli("node", "add", "printer-7", "--slot", "ipps", "--endpoint", "devices", "--quiet").out.strip()
    device = Device(server, challenge)
    answer = device.wait()
    wait_until(lambda: node(server, "printer-7")["online"], "the node is not online")
    order = server.cli("node", "order", "printer-7", "renew-slot", "--slot", "ipps", json=True)
    given = time.monotonic()
    status, said = answer()
    took = device.answered_at - given
    expect_equal(status, 200, "the status")
    expect_equal([(each["verb"], each["slot"]) for each in said["orders"]], [("renew_slot", "ipps")], "the orders")
    token = said["orders"][0]["id"]
    expect(len(token) == 32 and token != str(order["id"]), f"devices know the order as {token}")
    expect(took < 1.0, f"the order took {took:.1f} s")
    device.call(results=[{"id": token, "outcome": "failed", "text": "the CA said no",
                          "finished_at": "2026-01-01T00:00:00Z"}])
    expect_in("the CA said no", server.cli("node", "orders", "printer-7").out)
    expect_in("order.failed", server.cli("audit", "list").out, "the audit trail")


def test_a_revoked_certificate_ends_the_link_at_once():
    server = hub()
    challenge = server.cli("node", "add", "printer-7", "--slot", "ipps", "--endpoint", "devices", "--quiet").out.strip()
    device = Device(server, challenge)
    # Who has copied its files has the pair before, too.
    old_serial = chancery.serial_of(device.agent.file("cert.pem"))
    old = {name: device.agent.file(name).read_bytes() for name in ("cert.pem", "fullchain.pem", "key.pem")}
    device.agent.run("renew")
    new_serial = chancery.serial_of(device.agent.file("cert.pem"))
    answer = device.wait()
    told = server.cli("cert", "revoke", new_serial, "--reason", "keyCompromise")
    expect_in(f"chancery cert revoke {old_serial} --reason keyCompromise", told.out)
    revoked = time.monotonic()
    status, said = answer()
    expect(device.answered_at - revoked < 1.0, "the link outlived its certificate")
    expect_equal((status, said["error"]["code"], said["error"]["text"]), (403, "refused", "the certificate is revoked"),
                 "the answer")
    expect_equal(device.call()[0], 403, "the status of the next call")
    for name, content in old.items():
        device.agent.file(name).write_bytes(content)
    status, said = device.call()
    expect_equal((status, said["error"]["text"]), (403, "a later certificate of this device is revoked"), "the old pair")
    expect_in("a later certificate of this device is revoked", device.agent.run("renew", code="fails").err)


def reasons_on_crl(server):
    """What the CRL says of each serial number."""
    crl = server.fetch("/crl/1.crl", "1.crl")
    text = chancery.openssl("crl", "-inform", "DER", "-in", crl, "-noout", "-text").out
    lines = [line.strip() for line in text.splitlines()]
    serials = [(at, line.split(":")[1].strip().lower()) for at, line in enumerate(lines) if line.startswith("Serial Number:")]
    return {serial: lines[lines.index("X509v3 CRL Reason Code:", at) + 1] for at, serial in serials}


def test_a_suspended_certificate_ends_the_link_until_it_is_released():
    server = hub()
    challenge = server.cli("node", "add", "printer-7", "--slot", "ipps", "--endpoint", "devices", "--quiet").out.strip()
    device = Device(server, challenge)
    serial = chancery.serial_of(device.agent.file("cert.pem"))
    answer = device.wait()
    said = server.cli("cert", "revoke", serial, "--reason", "certificateHold")
    expect_in("is suspended", said.out)
    status, told = answer()
    expect_equal((status, told["error"]["text"]), (403, "the certificate is suspended"), "the answer to the held call")
    expect_equal(device.call()[0], 403, "the status of the next call")
    expect_equal(reasons_on_crl(server), {serial: "Certificate Hold"}, "the CRL")
    expect_in("the certificate to renew is suspended", device.agent.run("renew", code="fails").err)

    expect_in("is released", server.cli("cert", "release", serial).out)
    expect_equal(reasons_on_crl(server), {}, "the CRL after the release")
    expect_equal(server.cli("cert", "show", serial, json=True)["status"], "valid", "what it is now")
    status, told = device.call()
    expect_equal((status, told["state"]), (200, "admitted"), "the answer after the release")
    device.agent.run("renew")
    expect_equal(device.call()[0], 200, "the status with the renewed certificate")
    expect_equal(len(server.cli("node", "list", json=True)["nodes"]), 1, "the number of nodes")
    expect_in("is not suspended", server.cli("cert", "release", serial, code=1).err)
    expect_in("certificate.released", server.cli("audit", "list").out, "the audit trail")


def test_an_unknown_device_waits_until_somebody_admits_it():
    server = hub()
    device = Device(server, server.challenge(), subject="CN=stranger")
    answer = device.wait()
    waiting = server.cli("node", "list", "--state", "waiting", json=True)["nodes"]
    expect_equal([each["name"] for each in waiting], ["stranger"], "the waiting nodes")
    server.cli("node", "admit", "stranger")
    expect_equal(answer()[1]["state"], "admitted", "what it is told")
    server.cli("node", "block", "stranger")
    status, said = device.call()
    expect_equal((status, said["error"]["code"], said["error"]["text"]), (403, "blocked", "this node is blocked"),
                 "the answer to a blocked node")


def test_nobody_calls_without_a_certificate_of_ours():
    server = hub()
    context = ssl.create_default_context(cafile=server.folder / "root.pem")
    connection = http.client.HTTPSConnection("127.0.0.1", server.link, timeout=20, context=context)
    connection.request("POST", "/link/v1/check-in", "{}")
    expect_equal(connection.getresponse().status, 403, "the status without a certificate")
    connection.close()
    key, certificate = server.folder / "self.key", server.folder / "self.crt"
    chancery.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                     "/CN=printer-7", "-keyout", key, "-out", certificate)
    context.load_cert_chain(certificate, key)
    connection = http.client.HTTPSConnection("127.0.0.1", server.link, timeout=20, context=context)
    connection.request("POST", "/link/v1/check-in", '{"version": 1}')
    expect_equal(connection.getresponse().status, 403, "the status with a certificate of somebody else")
    connection.close()
    expect_equal(server.cli("node", "list", json=True)["nodes"], [], "the nodes")


def test_the_servers_own_certificate_is_in_the_ledger_and_stays():
    server = hub()
    first = ssl.get_server_certificate(("127.0.0.1", server.link))
    identity = server.data / "server" / "identity.pem"
    expect_equal(oct(identity.stat().st_mode & 0o777), "0o600", "the mode of the file with the server's key")
    listed = server.cli("cert", "list", json=True)["certificates"]
    expect_equal([each["endpoint"] for each in listed], ["(server)"], "the certificates")
    server.restart()
    find_link(server)
    expect_equal(ssl.get_server_certificate(("127.0.0.1", server.link)), first, "the certificate after a restart")


def wait_for_slot(server, device, name, condition, what):
    def look():
        shown = [each for each in server.cli("node", "list", json=True)["nodes"] if each["name"] == name]
        slots = node(server, name)["slots"] if shown else []
        return slots[0] if slots and condition(slots[0]) else None

    return wait_until(look, lambda: f"{what}:\n{device.log()}\nthe hub:\n{server.log()}", timeout=30)


def test_an_agent_enrols_appears_and_does_what_it_is_asked_for():
    server = hub()
    challenge = server.cli("node", "add", "printer-7", "--slot", "web", "--endpoint", "devices", "--subject",
                           "CN=printer-7", "--quiet").out.strip()
    device = RunningAgent(server, challenge)
    slot = wait_for_slot(server, device, "printer-7", lambda slot: slot["stage"] == "valid", "the slot is not valid")
    expect_equal(slot["subject"], "CN=printer-7", "the subject of the certificate in use")
    wait_until(lambda: node(server, "printer-7")["online"], "the agent is not online")

    order = server.cli("node", "order", "printer-7", "renew-slot", "--slot", "web", json=True)
    given = time.monotonic()

    def state():
        return {each["id"]: each["state"] for each in server.cli("node", "orders", "printer-7", json=True)["orders"]}[order["id"]]

    wait_until(lambda: state() != "queued", lambda: f"the order was not delivered:\n{device.log()}", timeout=5, pause=0.02)
    # Between two calls the agent pauses for up to a second.
    took = time.monotonic() - given
    expect(took < 2.0, f"the order took {took:.1f} s to be delivered")
    wait_until(lambda: state() == "done", lambda: f"the order is {state()}:\n{device.log()}", timeout=30)
    renewed = wait_for_slot(server, device, "printer-7", lambda now: now["serial"] != slot["serial"],
                            "the hub does not see the new certificate")
    expect(renewed["stage"] == "valid", f"the slot is {renewed}")
    events = [each["what"] for each in server.cli("node", "events", "printer-7", json=True)["events"]]
    expect("installed" in events, f"no certificate was installed: {events}")
    expect_equal(len(server.cli("node", "list", json=True)["nodes"]), 1, "the number of nodes")


def test_an_agent_whose_certificate_is_revoked_is_shut_out():
    server = hub()
    challenge = server.cli("node", "add", "printer-7", "--slot", "web", "--endpoint", "devices", "--quiet").out.strip()
    device = RunningAgent(server, challenge)
    slot = wait_for_slot(server, device, "printer-7", lambda slot: slot["stage"] == "valid", "the slot is not valid")
    server.cli("cert", "revoke", slot["serial"])
    wait_until(lambda: "the certificate is revoked" in device.log(), lambda: f"the agent does not know:\n{device.log()}")
    wait_until(lambda: "hub: certificate refused, " in device.status().out, lambda: device.status().out)


def test_an_agent_that_is_blocked_says_so_and_spends_no_challenge():
    server = hub()
    challenge = server.cli("node", "add", "printer-7", "--slot", "web", "--endpoint", "devices", "--quiet").out.strip()
    device = RunningAgent(server, challenge)
    wait_for_slot(server, device, "printer-7", lambda slot: slot["stage"] == "valid", "the slot is not valid")
    device.set_challenge(server.challenge())
    server.cli("node", "block", "printer-7")
    wait_until(lambda: chancery.parse_json(device.status("--json"))["hub"]["state"] == "blocked",
               lambda: f"the agent does not know:\n{device.log()}")
    expect_in("hub: blocked, ", device.status().out)
    expect(not chancery.parse_json(device.status("--json"))["hub"]["certificate_refused"], "the certificate is said to be refused")
    issued = [each for each in server.cli("cert", "list", json=True)["certificates"] if each["endpoint"] == "devices"]
    expect_equal(len(issued), 1, "the certificates")


def test_an_unknown_agent_waits_and_is_admitted():
    server = hub()
    device = RunningAgent(server, server.challenge(), name="stranger")
    wait_until(lambda: [each for each in server.cli("node", "list", "--state", "waiting", json=True)["nodes"]],
               lambda: f"nobody waits:\n{device.log()}", timeout=30)
    expect_equal(node(server, "stranger")["slots"], [], "what is kept of a node that nobody admitted")
    number = node(server, "stranger")["id"]
    server.cli("node", "admit", f"#{number}")
    expect_equal(node(server, "stranger")["state"], "admitted", "its state after it was named by #id")
    wait_for_slot(server, device, "stranger", lambda slot: slot["stage"] == "valid", "the slot is not seen")


if __name__ == "__main__":
    chancery.main()
