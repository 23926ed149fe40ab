"""What the tests share in which the agent installs certificates into a service of Debian's: a device with one slot, what
the service shows to those who connect, and the story that is the same for all of them.

A service is an object that runs with a pair of its own before any agent is there, and has:
    shown()            the certificate that it shows to a new peer now, PEM; empty: none
    explain()          its own words, for a failure
    break_it()         spoils something so that it takes no new certificate; returns what mends that
"""

import json
import stat
from pathlib import Path

import daemon
from chancery import expect, expect_equal, expect_in, openssl, run, serial_of

HOST = "site.example.com"
BEGIN, END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"


def self_signed(key, chain, subject="/CN=its own"):
    """A pair as a package's installation makes it."""
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
            "-keyout", key, "-out", chain)


def first_certificate(text):
    """The first PEM certificate in a text; empty when there is none."""
    begin, end = text.find(BEGIN), text.find(END)
    return text[begin:end + len(END)] if begin >= 0 else ""


def shown_by_tls(port, host=HOST, *more):
    """The certificate of a handshake, PEM; empty without one."""
    return first_certificate(run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", host, *more,
                                 text="", code=None).out)


def expect_verifies(server, port, *more):
    """Who trusts no more than the root finds the chain complete and the name right."""
    root = server.fetch("/ca/root.pem", "root.pem")
    outcome = run("openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", HOST, "-verify_hostname", HOST,
                  "-CAfile", root, "-no-CApath", "-no-CAstore", *more, text="", code=None)
    expect_in("Verify return code: 0 (ok)", outcome.out)


def toml(words):
    """A list of texts as a slot's file has it."""
    return json.dumps([str(word) for word in words])


def open_to_others(folder):
    """Lets a service's account enter a folder of the test's."""
    Path(folder).chmod(0o755)


class Site(daemon.Device):
    """A device with the slot 'web' for one service. `lines`, `options`: of the slot's file, as daemon.Device takes them."""

    def __init__(self, server, preset, *lines, **options):
        super().__init__(server)
        open_to_others(self.home)
        options.setdefault("health_timeout", "5s")
        self.add_slot("web", f'names = ["dns:{HOST}"]', *lines, subject="CN=site,O=Bench", preset=preset,
                      challenge=server.challenge("--subject", "CN=site,O=Bench", "--dns", HOST), **options)

    def installed(self, name="cert.pem"):
        return self.file("web", name).read_text().strip()

    def serial(self):
        return serial_of(self.file("web", "cert.pem"))

    def explain(self):
        return f"{self.log()}\n{self.run('history', 'web', code=None).out}"

    def key_mode(self):
        return stat.S_IMODE(self.file("web", "key.pem").stat().st_mode)


def expect_story(site, service, says, goes_on=True):
    """The first certificate in place of the service's own, a renewed one, and back when the service does not take it.

    `says`: what the refusal has to name; `goes_on`: whether the service works with the certificate before while it is
    broken."""
    site.start()

    def explain():
        return f"{site.explain()}\n--- the service\n{service.explain()}"

    site.wait_for("web", "valid", timeout=60)
    first = site.serial()
    expect_equal(service.shown(), site.installed(), f"after the first installation, what is shown ({explain()})")

    site.run("renew", "web")
    second = site.serial()
    expect(second != first, "the certificate was not renewed")
    expect_equal(service.shown(), site.installed(), f"after the renewal, what is shown ({explain()})")

    mend = service.break_it()
    refused = site.run("renew", "web", code="fails")
    expect_in(says, refused.err)
    expect_equal(site.serial(), second, "the certificate in use")
    if goes_on:
        expect_equal(service.shown(), site.installed(), f"after the refusal, what is shown ({explain()})")

    mend()
    site.run("renew", "web")
    expect(site.serial() != second, "the certificate was not renewed after the service was mended")
    expect_equal(service.shown(), site.installed(), f"after all, what is shown ({explain()})")
