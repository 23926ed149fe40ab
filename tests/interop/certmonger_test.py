#!/usr/bin/env python3
"""certmonger against Chancery, whole but without D-Bus' system bus: certmonger is the client and the keeper of its key."""

import os
import re
import shlex
import stat
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Process, Server, expect, expect_equal, expect_in, openssl, require, run, serial_of, wait_until

require("certmonger", "getcert", "scep-submit", "openssl")

SUBJECT = "CN=dev,O=Bench"  # certmonger sends it the other way round


class Certmonger:
    """A certmonger with all its files in one folder, which ends when the script that it runs does. Its private bus is the
    one it hands to that script, so everything asked of it is asked in the script."""

    def __init__(self):
        self.folder = chancery.temporary_folder()
        self.folder.chmod(stat.S_IRWXU)
        self.environment = dict(os.environ, TZ="UTC", LC_ALL="C")
        for name in ("CAS_DIR", "REQUESTS_DIR", "CONFIG_DIR", "LOCAL_CA_DIR"):
            folder = self.folder / name.lower()
            folder.mkdir()
            self.environment["CERTMONGER_" + name] = str(folder)
        self.environment["CERTMONGER_TMPDIR"] = str(self.folder)
        self.environment["CERTMONGER_SYSTEM_LOCK_FILE"] = str(self.folder / "lock")

    def file(self, name):
        return self.folder / name

    def do(self, *lines, timeout=120):
        """Runs the lines as a shell script under certmonger. What they print."""
        script = self.file("script.sh")
        script.write_text("#!/bin/bash\nexec >>" + str(self.file("out")) + " 2>&1\nset -x\n" + "\n".join(lines) + "\n")
        script.chmod(0o700)
        self.file("out").write_text("")
        process = Process(chancery.program("certmonger"), "-L", "-P", self.file("cm.sock"), "-n", "-d", "2",
                          "-c", script, log=self.file("certmonger.log"), env=self.environment, cwd=self.folder)
        process.wait(timeout)
        return self.file("out").read_text(errors="replace")

    def explain(self):
        return f"\n{self.file('out').read_text(errors='replace')}\n--- certmonger\n{self.file('certmonger.log').read_text()[-4000:]}"


def test_it_enrols_and_renews_and_keeps_watching():
    server = Server()
    root = server.fetch("/ca/root.pem", "root.pem")
    challenge = server.challenge("--subject", SUBJECT)
    certmonger = Certmonger()
    certificate, key = certmonger.file("cert.pem"), certmonger.file("key.pem")
    first = certmonger.file("first.pem")
    out = certmonger.do(
        f"getcert add-scep-ca -c bench -u {server.scep_url()} -N {root}",
        f"getcert request -c bench -f {certificate} -k {key} -I id -N 'CN=dev,O=Bench' -L '{challenge}' -G rsa -g 2048 -w -v",
        f"cp {certificate} {first}",
        "getcert list -i id; echo = enrolled",
        "getcert resubmit -i id -w -v",
        "getcert list -i id; echo = renewed")
    expect(certificate.exists() and first.exists(), f"no certificate came:{certmonger.explain()}\n--- server\n{server.log()}")
    enrolled, renewed = re.split(r"^= ?(?:enrolled|renewed)$", out, flags=re.MULTILINE)[:2]
    for stage, text in (("enrolment", enrolled), ("renewal", renewed)):
        expect_in("status: MONITORING", text, f"what getcert lists after {stage}{certmonger.explain()}")
        expect_in("stuck: no", text, f"what getcert lists after {stage}")

    chain = server.folder / "chain.pem"
    chain.write_text(server.cli("ca", "chain").out)
    for file in (first, certificate):
        openssl("verify", "-x509_strict", "-CAfile", chain, file)
    expect(serial_of(first) != serial_of(certificate),
           f"renewal brought the old certificate:{certmonger.explain()}\n--- server\n{server.log()}")
    expect_equal(len(server.cli("cert", "list", json=True)["certificates"]), 2, "the number of certificates")


def test_a_wrong_challenge_is_refused():
    server = Server()
    root = server.fetch("/ca/root.pem", "root.pem")
    certmonger = Certmonger()
    certificate, key = certmonger.file("cert.pem"), certmonger.file("key.pem")
    out = certmonger.do(
        f"getcert add-scep-ca -c bench -u {server.scep_url()} -N {root}",
        f"getcert request -c bench -f {certificate} -k {key} -I id -N 'CN=dev,O=Bench' -L guessed -G rsa -g 2048 -w -v",
        "getcert list -i id")
    expect_in("status: CA_REJECTED", out, f"what getcert lists{certmonger.explain()}")
    expect(not certificate.exists(), "a refused request brought a certificate")


def test_it_waits_until_an_administrator_approves():
    server = Server("--organization", "Example", "--endpoint", "guests", "--set", "authorisers=manual")
    root = server.fetch("/ca/root.pem", "root.pem")
    certmonger = Certmonger()
    certificate, key = certmonger.file("cert.pem"), certmonger.file("key.pem")
    out = certmonger.do(
        f"getcert add-scep-ca -c bench -u {server.scep_url('guests')} -N {root}",
        f"getcert request -c bench -f {certificate} -k {key} -I id -N 'CN=dev,O=Bench' -G rsa -g 2048 -w -v",
        "getcert list -i id; echo = asked",
        shlex.join(server.command("request", "approve", 1)),
        "getcert refresh -i id",
        "for time in {1..100}; do getcert status -i id >/dev/null && break; sleep 0.1; done",
        "getcert list -i id; echo = approved")
    asked, approved = re.split(r"^= ?(?:asked|approved)$", out, flags=re.MULTILINE)[:2]
    expect_in("status: CA_WORKING", asked, f"what getcert lists while it waits{certmonger.explain()}")
    expect_in("status: MONITORING", approved, f"what getcert lists after the approval{certmonger.explain()}")
    openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", server.fetch("/ca/issuing-1.pem", "issuing.pem"),
            certificate)


def test_its_helper_reads_capabilities_and_certificates():
    server = Server()
    helper = chancery.program("scep-submit")
    capabilities = run(helper, "-u", server.scep_url(), "-c").out.split()
    for capability in ("AES", "POSTPKIOperation", "Renewal", "SHA-256", "SCEPStandard"):
        expect(capability in capabilities, f"{capability} is not among {capabilities}")
    answer = run(helper, "-u", server.scep_url(), "-C", "-R", server.fetch("/ca/root.pem", "root.pem")).out
    expect_equal(answer.count("-----BEGIN CERTIFICATE-----"), 3, f"the number of CA certificates in\n{answer}")


if __name__ == "__main__":
    chancery.main()
