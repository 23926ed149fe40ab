#!/usr/bin/env python3
"""`openssl verify` with all its strictness over what Chancery makes: root, issuing CA, RA and device certificates, and both
CRLs, for authorities with RSA and with elliptic curves."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import agent
import chancery
import strongswan
from chancery import Server, expect, expect_equal, expect_in, openssl, require, run, serial_of

require(*strongswan.PROGRAMS)

STRICT = ("verify", "-x509_strict", "-policy_check", "-purpose", "any")
ENDPOINT = ("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge",
            "--set", "alternative_names=dns,ip")


def fetch_crls(server):
    """Both CRLs in one PEM file, as -CRLfile wants them."""
    text = ""
    for name in ("1", "root"):
        der = server.fetch(f"/crl/{name}.crl", f"{name}.crl")
        text += openssl("crl", "-inform", "DER", "-in", der).out
    file = server.folder / "crls.pem"
    file.write_text(text)
    return file


def first_certificate(text):
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----\n"
    return text[text.index(begin):text.index(end) + len(end)]


def check(server, key):
    root = server.fetch("/ca/root.pem", "root.pem")
    issuing = server.fetch("/ca/issuing-1.pem", "issuing.pem")
    crls = fetch_crls(server)
    # Not strongSwan's client here: Debian's has no elliptic curves without another plugin.
    device = agent.for_server(server)
    device.enrol("CN=dev,O=Bench", "--dns", "dev.example.com", "--key", key, challenge=server.challenge())
    ra = server.folder / "ra.pem"
    answer = server.get("/scep/devices?operation=GetCACert").body
    ra.write_text(first_certificate(openssl("pkcs7", "-inform", "DER", "-print_certs", text=answer).out))
    below_root = ("-CAfile", root, "-untrusted", issuing)
    with_crls = (*STRICT, "-crl_check_all", "-CRLfile", crls, *below_root)
    openssl(*STRICT, "-CAfile", root, root)
    openssl(*STRICT, "-crl_check_all", "-CRLfile", crls, "-CAfile", root, issuing)
    openssl(*with_crls, ra)
    for purpose in ("sslclient", "sslserver"):
        openssl(*with_crls, "-purpose", purpose, "-verify_hostname", "dev.example.com", device.file("cert.pem"))
    # What a verifier downloads by itself, from the addresses in the certificates, is the same.
    for certificate, address in ((device.file("cert.pem"), "/crl/1.crl"), (issuing, "/crl/root.crl")):
        text = openssl("x509", "-in", certificate, "-noout", "-ext", "crlDistributionPoints,authorityInfoAccess").out
        expect_in(f"URI:{server.url}{address}", text)
    openssl(*STRICT, "-crl_check", "-crl_download", *below_root, device.file("cert.pem"))

    # The bundles that people download hold the same chain.
    bundle = openssl("pkcs7", "-inform", "DER", "-in", server.fetch("/ca/chain.p7b", "chain.p7b"), "-print_certs").out
    expect_equal(bundle.count("BEGIN CERTIFICATE"), 2, "the number of certificates in chain.p7b")

    server.cli("cert", "revoke", serial_of(device.file("cert.pem")), "--reason", "keyCompromise")
    outcome = openssl(*STRICT, "-crl_check_all", "-CRLfile", fetch_crls(server), *below_root, device.file("cert.pem"),
                      code="fails")
    expect_in("certificate revoked", outcome.text())
    expect_in("Key Compromise", openssl("crl", "-in", server.folder / "1.crl", "-inform", "DER", "-noout", "-text").out)


def test_rsa_as_it_is_by_default():
    server = Server(*ENDPOINT)
    check(server, "rsa:2048")
    key_of_root = openssl("x509", "-in", server.folder / "root.pem", "-noout", "-text").out
    expect_in("(3072 bit)", key_of_root)


def test_elliptic_curves():
    server = Server(*ENDPOINT, "--root", "ec:p384", "--issuing", "ec:p256")
    check(server, "ec:p256")
    expect_in("ecdsa-with-SHA384", openssl("x509", "-in", server.folder / "issuing.pem", "-noout", "-text").out)


def old_authority(*more):
    """A folder with an issuing CA that openssl made, below a root whose key stays where it is. `more`: its extensions."""
    folder = chancery.temporary_folder()
    for name in ("root", "issuing"):
        openssl("genrsa", "-out", folder / f"{name}.key", "2048")
    openssl("req", "-x509", "-new", "-key", folder / "root.key", "-subj", "/O=Old/CN=Old Root", "-days", "3000",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-out", folder / "root.pem")
    openssl("req", "-new", "-key", folder / "issuing.key", "-subj", "/O=Old/CN=Old Issuing", "-out", folder / "issuing.csr")
    (folder / "extensions").write_text("\n".join((
        "basicConstraints=critical,CA:true,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign", "subjectKeyIdentifier=hash",
        "authorityKeyIdentifier=keyid", *more, "")))
    openssl("x509", "-req", "-in", folder / "issuing.csr", "-CA", folder / "root.pem", "-CAkey", folder / "root.key",
            "-set_serial", "4097", "-days", "2000", "-extfile", folder / "extensions", "-out", folder / "issuing.pem")
    return folder


def test_an_imported_authority():
    folder = old_authority()
    server = Server(*ENDPOINT, "--import-certificate", folder / "issuing.pem", "--import-key", folder / "issuing.key",
                    "--import-chain", folder / "root.pem")
    device = strongswan.enrol(server, "O=Bench, CN=dev")
    crl = server.folder / "1.pem"
    crl.write_text(openssl("crl", "-inform", "DER", "-in", server.fetch("/crl/1.crl", "1.crl")).out)
    openssl(*STRICT, "-crl_check", "-CRLfile", crl, "-CAfile", folder / "root.pem", "-untrusted", folder / "issuing.pem",
            device.file("cert.pem"))


def test_an_imported_authority_with_constraints():
    """What lies outside is refused before anything is signed or spent; what lies inside, openssl accepts."""
    folder = old_authority("nameConstraints=critical,permitted;DNS:example.com", "extendedKeyUsage=serverAuth,clientAuth")
    server = Server(*ENDPOINT, "--import-certificate", folder / "issuing.pem", "--import-key", folder / "issuing.key",
                    "--import-chain", folder / "root.pem")
    challenge = server.challenge()
    for subject, name in (("CN=dev,O=Bench", "dev.other.org"), ("CN=dev,O=Bench", "badexample.com")):
        refused = agent.for_server(server).enrol(subject, "--dns", name, challenge=challenge, code="fails")
        expect_in(f"name-beyond-issuer: 'dns:{name}' is not among the permitted names of CN=Old Issuing,O=Old",
                  refused.text())
    expect_in("name-beyond-issuer: 'CN=dev.other.org' is not among",
              agent.for_server(server).enrol("CN=dev.other.org", challenge=challenge, code="fails").text())
    device = agent.for_server(server)
    device.enrol("CN=dev,O=Bench", "--dns", "dev.example.com", challenge=challenge)
    below_root = ("-CAfile", folder / "root.pem", "-untrusted", folder / "issuing.pem")
    for purpose in ("sslclient", "sslserver"):
        openssl(*STRICT, *below_root, "-purpose", purpose, "-verify_hostname", "dev.example.com", device.file("cert.pem"))

    server.cli("endpoint", "add", "mail", "authorisers=challenge", "extended_key_usages=emailProtection")
    refused = agent.for_server(server, "mail").enrol("CN=dev,O=Bench", challenge=server.challenge(endpoint="mail"),
                                                     code="fails")
    expect_in("purpose-beyond-issuer: CN=Old Issuing,O=Old may not certify for emailProtection", refused.text())


if __name__ == "__main__":
    chancery.main()
