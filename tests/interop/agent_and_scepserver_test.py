#!/usr/bin/env python3
"""`chancery-agent` against micromdm's `scepserver`, the most common SCEP server of others. That one listens on all addresses,
so it runs in a network of its own, which has nothing but a loopback interface."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from agent import Agent
from chancery import Process, expect, expect_in, fail, openssl, require, run, serial_of, wait_until

require("scepserver", "openssl", "unshare", "nsenter", "ip", "curl")

CHALLENGE = "open sesame"
PORT = 18080  # of a network where nobody else is

IS_ROOT = os.geteuid() == 0
NEW_NETWORK = ["unshare", "--net", *([] if IS_ROOT else ["--map-root-user"]), "--"]
if run(*NEW_NETWORK, "ip", "link", "set", "lo", "up", code=None).code != 0:
    print("skipped: this machine lets us make no network of our own: " + " ".join(NEW_NETWORK))
    sys.exit(chancery.SKIPPED)


class ScepServer:
    def __init__(self, *options, challenge=CHALLENGE):
        self.folder = chancery.temporary_folder()
        run("scepserver", "ca", "-init", "-keySize", "2048", "-depot", self.folder / "depot", "-organization", "Bench", cwd=self.folder)
        self.root = self.folder / "depot" / "ca.pem"
        self.process = Process(*NEW_NETWORK, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", chancery.program("scepserver"),
                               "-depot", self.folder / "depot", "-port", str(PORT), *options,
                               *(["-challenge", challenge] if challenge else []), log=self.folder / "scepserver.log", cwd=self.folder)
        into = ["--net"] if IS_ROOT else ["--net", "--user", "--preserve-credentials"]
        self.inside = ["nsenter", "--target", str(self.process.pid), *into, "--"]
        self.url = f"http://127.0.0.1:{PORT}/scep"
        wait_until(self.answers, lambda: f"scepserver does not answer:\n{self.process.log()}")

    def answers(self):
        if self.process.code is not None:
            fail(f"scepserver ended with {self.process.code}:\n{self.process.log()}")
        # Until it is in its own network, nsenter would stay in ours.
        if not self.is_apart():
            return False
        outcome = run(*self.inside, "curl", "-s", "--noproxy", "*", "--max-time", "5", f"{self.url}?operation=GetCACaps", code=None)
        return "POSTPKIOperation" in outcome.out

    def is_apart(self):
        return os.readlink(f"/proc/{self.process.pid}/ns/net") != os.readlink("/proc/self/ns/net")

    def fingerprint(self):
        return openssl("x509", "-in", self.root, "-noout", "-fingerprint", "-sha256").out.strip().partition("=")[2]


def check(server, device):
    """What the agent has installed; its serial number."""
    openssl("verify", "-CAfile", server.root, device.file("cert.pem"))
    strongswan.check_pair(device.file("cert.pem"), device.file("key.pem"))
    return serial_of(device.file("cert.pem"))


# It signs with SHA-1, and encrypts its replies with single DES whatever the request used.
BROKEN = "--insecure-allow-single-des-and-md5"


def test_it_enrols_with_a_challenge_when_broken_algorithms_are_allowed():
    server = ScepServer()
    device = Agent(server.url, server.fingerprint(), BROKEN, prefix=server.inside)
    device.enrol("CN=dev,O=Bench", challenge=CHALLENGE)
    check(server, device)
    expect_in("dev", openssl("x509", "-in", device.file("cert.pem"), "-noout", "-subject").out)


def test_it_renews():
    # With a challenge this server asks for it in renewals, too, where the RFC has the old certificate in its place.
    server = ScepServer("-allowrenew", "0", challenge=None)
    device = Agent(server.url, server.fingerprint(), BROKEN, prefix=server.inside)
    device.enrol("CN=dev,O=Bench")
    first = check(server, device)
    device.run("renew")
    second = check(server, device)
    device.run("renew", "--reuse-key")
    expect(len({first, second, check(server, device)}) == 3, "a renewed certificate is the old one")


def test_it_does_not_without_and_not_with_a_wrong_challenge_or_ca():
    server = ScepServer()
    fingerprint = server.fingerprint()
    strict = Agent(server.url, fingerprint, prefix=server.inside)
    outcome = strict.enrol("CN=strict,O=Bench", challenge=CHALLENGE, code="fails")
    expect_in("sha1", outcome.err)
    weak = Agent(server.url, fingerprint, "--allow-weak-algorithms", prefix=server.inside)
    outcome = weak.enrol("CN=weak,O=Bench", challenge=CHALLENGE, code="fails")
    expect_in("encrypted with des, which is not allowed", outcome.err)
    wrong = Agent(server.url, fingerprint, BROKEN, prefix=server.inside)
    outcome = wrong.enrol("CN=wrong,O=Bench", challenge="close sesame", code="fails")
    expect_in("badRequest", outcome.err)
    deceived = Agent(server.url, "00" * 32, BROKEN, prefix=server.inside)
    outcome = deceived.enrol("CN=deceived,O=Bench", challenge=CHALLENGE, code="fails")
    expect_in("fingerprint", outcome.err)
    for device in (strict, weak, wrong, deceived):
        expect(not device.file("cert.pem").exists(), f"there is a certificate in {device.folder}")


if __name__ == "__main__":
    chancery.main()
