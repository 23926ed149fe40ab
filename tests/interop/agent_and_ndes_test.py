#!/usr/bin/env python3
"""`chancery-agent` against a server that answers as Windows' Network Device Enrollment Service does (lib/ndes_like_server.py)."""

import os
import sys
import urllib.request
from pathlib import Path

LIB = Path(__file__).resolve().parents[1] / "lib"
sys.path.insert(0, str(LIB))
import chancery
import strongswan
from agent import Agent
from chancery import Process, expect, expect_equal, expect_in, openssl, require, run, serial_of, wait_until
from daemon import Device

require("openssl")
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's modules
if run(PYTHON, "-c", "import asn1crypto, cryptography", code=None).code != 0:
    print("skipped: not installed: python3-asn1crypto, python3-cryptography")
    sys.exit(chancery.SKIPPED)


class Ndes:
    def __init__(self):
        self.folder = chancery.temporary_folder()
        self.process = Process(PYTHON, LIB / "ndes_like_server.py", log=self.folder / "server.log")
        wait_until(lambda: " " in self.process.log(), lambda: f"the server does not start:\n{self.process.log()}")
        port, self.fingerprint = self.process.log().split()[:2]
        self.home = f"http://127.0.0.1:{port}"
        self.url = f"{self.home}/certsrv/mscep/mscep.dll"

    def get(self, path):
        with urllib.request.urlopen(self.home + path, timeout=10) as answer:
            return answer.read().decode()

    def mode(self, name):
        self.get(f"/mode?is={name}")

    def challenge(self):
        return self.get("/certsrv/mscep_admin/")

    # As a daemon's Device asks a server of ours.
    def scep_url(self, endpoint):
        return self.url

    def cli(self, *words, json):
        expect_equal((words, json), (("ca", "show"), True), "what is asked")
        return {"root": {"sha256": self.fingerprint}}

    def agent(self, *more):
        return Agent(self.url, self.fingerprint, "--allow-weak-algorithms", *more)


def check(server, device):
    openssl("verify", "-CAfile", device.file("ca.pem"), device.file("cert.pem"))
    strongswan.check_pair(device.file("cert.pem"), device.file("key.pem"))
    return serial_of(device.file("cert.pem"))


def enrolled(server):
    device = server.agent()
    device.enrol("CN=mfp-7,O=Plant", "--dns", "mfp-7.example", challenge=server.challenge())
    return device, check(server, device)


def test_it_enrols_where_two_ra_certificates_share_the_work_and_replies_come_in_3des_and_oaep():
    server = Ndes()
    device, _ = enrolled(server)
    expect_in("mfp-7.example", openssl("x509", "-in", device.file("cert.pem"), "-noout", "-ext", "subjectAltName").out)


def test_it_says_which_option_takes_a_server_without_aes():
    server = Ndes()
    strict = Agent(server.url, server.fingerprint)
    outcome = strict.enrol("CN=mfp-7,O=Plant", challenge=server.challenge(), code="fails")
    expect_in("--allow-weak-algorithms", outcome.err)


def test_it_renews_with_the_old_certificate_and_without_a_challenge():
    server = Ndes()
    device, first = enrolled(server)
    device.run("renew")
    expect(check(server, device) != first, "the renewed certificate is the old one")


def test_a_daemon_that_is_told_to_renew_gets_over_the_refused_renewal_request_at_once():
    server = Ndes()
    device = Device(server)
    device.add_slot("https", 'names = ["dns:mfp-12.example"]', subject="CN=mfp-12,O=Plant", algorithms="weak", challenge=server.challenge())
    device.start()
    before = device.wait_for("https", "valid")
    for _ in range(2):
        expect_in("good until", device.run("renew", "https").out)
        slot = device.slot("https")
        expect(slot["sha256"] != before["sha256"], "the certificate is the same")
        expect_equal((slot["stage"], slot["last_error"], slot["next_attempt"]), ("valid", "", None), "how the slot stands")
        before = slot
    expect_in("message type 17", server.process.log())


def test_a_server_that_answers_a_renewal_request_with_an_http_error_gets_a_signed_request():
    server = Ndes()
    server.mode("crash")
    device, first = enrolled(server)
    device.run("renew")
    expect(check(server, device) != first, "the renewed certificate is the old one")


def test_it_keeps_what_it_has_when_a_renewal_is_answered_with_the_certificate_that_is_there_already():
    server = Ndes()
    device, first = enrolled(server)
    server.mode("existing")
    outcome = device.run("renew", code="fails")
    expect_in("key", outcome.err)
    expect_equal(check(server, device), first, "the serial number")
    server.mode("issue")
    device.run("renew")
    expect(check(server, device) != first, "the renewed certificate is the old one")


def test_it_waits_for_the_manager_of_the_ca():
    server = Ndes()
    server.mode("pending")
    device = server.agent()
    outcome = device.enrol("CN=mfp-8,O=Plant", challenge=server.challenge(), code=None)
    expect(not os.path.exists(device.file("cert.pem")), f"something was installed:\n{outcome}")
    server.mode("issue")
    device.run("poll")
    check(server, device)


def test_a_server_that_answers_post_with_nothing_is_asked_by_get():
    server = Ndes()
    server.mode("empty")
    device, _ = enrolled(server)
    device.run("renew")


def test_a_used_challenge_and_an_empty_answer_are_told_as_they_are():
    server = Ndes()
    challenge = server.challenge()
    server.agent().enrol("CN=mfp-9,O=Plant", challenge=challenge)
    outcome = server.agent().enrol("CN=mfp-10,O=Plant", challenge=challenge, code="fails")
    expect_in("badRequest", outcome.err)
    server.mode("silent")
    outcome = server.agent().enrol("CN=mfp-11,O=Plant", challenge=server.challenge(), code="fails")
    expect_in("empty", outcome.err)


if __name__ == "__main__":
    chancery.main()
