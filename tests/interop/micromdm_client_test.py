#!/usr/bin/env python3
"""micromdm's `scepclient` against Chancery. It encrypts with single DES and hashes with SHA-1 whatever a server offers, so
it stands for the oldest devices: an endpoint for it must be opened by two settings, and every other endpoint refuses it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Server, expect, expect_equal, expect_in, openssl, require, run, serial_of

require("scepclient", "openssl")

WEAK = ("allow_3des_sha1=true", "insecure_allow_single_des_and_md5=true")


def make_server(*settings):
    words = [word for setting in ("authorisers=challenge", *settings) for word in ("--set", setting)]
    return Server("--organization", "Example", "--endpoint", "devices", *words)


def scepclient(folder, server, *more, name="dev", code=0):
    # The issuing CA's certificate is not for encryption, the RA's is: the client picks by key usage.
    return run("scepclient", "-server-url", server.scep_url(), "-private-key", folder / "key.pem", "-certificate",
               folder / "client.pem", "-cn", name, "-organization", "Bench", *more, code=code, cwd=folder)


def test_it_enrols_and_renews_where_two_settings_let_it():
    server = make_server(*WEAK)
    folder = chancery.temporary_folder()
    chain = server.folder / "chain.pem"
    chain.write_text(server.cli("ca", "chain").out)
    scepclient(folder, server, "-challenge", server.challenge())
    openssl("verify", "-x509_strict", "-CAfile", chain, folder / "client.pem")
    strongswan.check_pair(folder / "client.pem", folder / "key.pem")
    first = serial_of(folder / "client.pem")

    # The same command again is a RenewalReq, signed with the certificate and with the same key and PKCS#10.
    for time in ("first", "second"):
        before = serial_of(folder / "client.pem")
        scepclient(folder, server)
        openssl("verify", "-x509_strict", "-CAfile", chain, folder / "client.pem")
        strongswan.check_pair(folder / "client.pem", folder / "key.pem")
        expect(serial_of(folder / "client.pem") != before, f"the {time} renewal brought the old certificate:\n{server.log()}")
    certificates = server.cli("cert", "list", json=True)["certificates"]
    expect_equal(len(certificates), 3, "the number of certificates")
    expect(first in {certificate["serial"] for certificate in certificates}, f"{first} is not in {certificates}")


def test_a_wrong_challenge_is_refused():
    server = make_server(*WEAK)
    folder = chancery.temporary_folder()
    outcome = scepclient(folder, server, "-challenge", "guessed", code=None)
    expect_in("badRequest", outcome.text())
    expect(not (folder / "client.pem").exists(), "a refused request brought a certificate")
    expect_equal(server.cli("cert", "list", json=True)["certificates"], [], "the list of certificates")


def test_other_endpoints_refuse_its_algorithms():
    for settings in ((), ("allow_3des_sha1=true",)):
        server = make_server(*settings)
        folder = chancery.temporary_folder()
        outcome = scepclient(folder, server, "-challenge", server.challenge(), code=None)
        expect_in("badAlg", outcome.text(), f"what the client says with {settings}")
        expect(not (folder / "client.pem").exists(), "a refused request brought a certificate")
        expect_equal(server.cli("cert", "list", json=True)["certificates"], [], "the list of certificates")
        # The challenge was not used up: the device may come back once it can do better.
        expect_equal(len(server.cli("challenge", "list", json=True)["challenges"]), 1, "the number of challenges")


if __name__ == "__main__":
    chancery.main()
