#!/usr/bin/env python3
"""What a CA had revoked before it is taken over: it stays revoked, with the dates and reasons that its last CRL has."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Server, expect, expect_equal, expect_in, openssl, require, temporary_folder
from place import Place

require("openssl")


class OldCa:
    """A CA that somebody has run with `openssl ca` so far."""

    def __init__(self, name="Old CA"):
        self.folder = temporary_folder()
        self.certificate, self.key = self.folder / "ca.pem", self.folder / "ca.key"
        (self.folder / "index.txt").touch()
        (self.folder / "number").write_text("1000\n")
        self.config = self.folder / "ca.cnf"
        self.config.write_text(f"[ca]\ndefault_ca = this\n[this]\ndatabase = {self.folder}/index.txt\n"
                               f"crlnumber = {self.folder}/number\ncertificate = {self.certificate}\n"
                               f"private_key = {self.key}\ndefault_md = sha256\ncrl_extensions = crl\n"
                               "[crl]\nauthorityKeyIdentifier = keyid:always\n"
                               "[partial]\nissuingDistributionPoint = critical, @user\n[user]\nonlyuser = TRUE\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.key, "-out", self.certificate, "-days", "3650",
                "-subj", f"/O=Old/CN={name}", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        self.key.chmod(0o600)

    def revoked(self, *rows):
        """Its books say that these serials are revoked: (serial, "YYMMDDHHMMSSZ,reason")."""
        with (self.folder / "index.txt").open("a") as index:
            for serial, revocation in rows:
                index.write(f"R\t350101000000Z\t{revocation}\t{serial}\tunknown\t/CN=device {serial}\n")

    def crl(self, name, *arguments):
        file = self.folder / name
        openssl("ca", "-config", self.config, "-gencrl", "-crldays", "30", "-out", file, *arguments)
        return file

    def init(self, *arguments):
        return ("--import-certificate", self.certificate, "--import-key", self.key, *arguments)


def entries(crl):
    """The entries of a CRL, as openssl reads them: (serial, date, reason)."""
    text = openssl("crl", "-inform", "DER", "-in", crl, "-noout", "-text").out
    found = re.findall(r"Serial Number: (\w+)\s+Revocation Date: (.+ GMT)(?:\s+CRL entry extensions:\s+X509v3 CRL Reason "
                       r"Code: \s*(.+))?", text)
    return sorted(tuple(word.strip() for word in entry) for entry in found)


def number_of(crl, form="DER"):
    return int(openssl("crl", "-inform", form, "-in", crl, "-noout", "-crlnumber").out.strip().partition("=")[2], 16)


def test_what_was_revoked_before_stays_revoked_and_crl_numbers_go_on():
    old = OldCa()
    old.revoked(("4101", "240102030405Z"), ("00C0FFEE", "240605040302Z,keyCompromise"))
    first = old.crl("first.pem")
    old.revoked(("4103", "250102030405Z,superseded"))
    newest = old.crl("newest.pem")
    # In any order the newest counts, also in DER.
    der = old.folder / "newest.crl"
    openssl("crl", "-in", newest, "-outform", "DER", "-out", der)
    server = Server(*old.init("--import-crl", der, "--import-crl", first))
    expect_equal(server.init.err, "", "warnings")
    ours = server.fetch("/crl/1.crl", "ours.crl")
    openssl("crl", "-inform", "DER", "-in", ours, "-noout", "-CAfile", old.certificate)
    expected = [("4101", "Jan  2 03:04:05 2024 GMT", ""), ("4103", "Jan  2 03:04:05 2025 GMT", "Superseded"),
                ("C0FFEE", "Jun  5 04:03:02 2024 GMT", "Key Compromise")]
    expect_equal([(serial.lstrip("0"), *rest) for serial, *rest in entries(ours)], sorted(expected), "our CRL")
    expect_equal(number_of(ours), number_of(newest, "PEM") + 1, "its number")
    server.cli("crl", "publish")
    again = server.fetch("/crl/1.crl", "again.crl")
    expect_equal(entries(again), entries(ours), "the CRL after it")
    findings = server.cli("doctor", json=True, code=None)["findings"]
    expect_equal([finding for finding in findings if finding["severity"] == "error"], [], "what the doctor finds")


def test_whoever_brings_no_crl_is_warned():
    old = OldCa()
    place = Place()
    outcome = place.command("init", *old.init())
    expect_in("Warning: certificates that this CA revoked before will not be on the new CRLs, and so be good again: take "
              "over its last CRL with --import-crl", outcome.err)
    # What cannot be released here any more is told, too.
    old.revoked(("4101", "240102030405Z,certificateHold"))
    outcome = Place().command("init", *old.init("--import-crl", old.crl("crl.pem")))
    expect_equal(outcome.err, "Warning: certificates that are suspended on the CRL of --import-crl, and cannot be released "
                              "here: 1\n", "warnings")
    expect_equal(Place().command("init", "--organization", "New").err, "", "warnings about a new CA")


def test_a_crl_that_does_not_tell_is_refused():
    old, other, same_name = OldCa(), OldCa("Other CA"), OldCa()
    old.revoked(("4101", "240102030405Z"))
    rows = [
        ("another CA's", other.crl("crl.pem"), "it is the CRL of CN=Other CA,O=Old, not of CN=Old CA,O=Old"),
        ("another key's", same_name.crl("crl.pem"), "its signature was not made with the CA's key"),
        ("one of a part", old.crl("partial.pem", "-crlexts", "partial"),
         "it does not list all that is revoked: it has the critical extension 2.5.29.28; give a full CRL"),
        ("no CRL", old.certificate, "no X509 CRL in the PEM text"),
        ("no file", old.folder / "nothing.crl", "nothing.crl"),
    ]
    place = Place()
    for name, file, expected in rows:
        outcome = place.command("init", *old.init("--import-crl", file), code="fails")
        expect_in(expected, outcome.err, f"what is said of {name}")
        expect_in(str(file), outcome.err, f"what is said of {name}")
    outcome = place.command("init", "--organization", "New", "--import-crl", old.crl("good.pem"), code=2)
    expect_in("--import-crl goes with --import-certificate or --import-pkcs12", outcome.err)
    expect(not place.data.exists(), "something was made")


chancery.main()
