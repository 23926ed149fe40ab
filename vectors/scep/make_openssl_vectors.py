#!/usr/bin/env python3
"""Makes the openssl-* scenarios again: envelopes and requests by OpenSSL's command line, the signed layer around them here,
because `openssl cms -sign` cannot add the attributes of SCEP. The bytes differ with every run; what a test expects does not.
"""

import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
SEQUENCE, SET, OCTETS, OID, INTEGER, NULL, PRINTABLE, UTF8 = 0x30, 0x31, 0x04, 0x06, 0x02, 0x05, 0x13, 0x0C
DATA, SIGNED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
SCEP = "2.16.840.1.113733.1.9."
DIGESTS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2", "sha512": "2.16.840.1.101.3.4.2.3"}
RSA, SHA256_WITH_RSA = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"
ECDSA_SHA256, ED25519 = "1.2.840.10045.4.3.2", "1.3.101.112"


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=True).stdout


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def ber(tag, *parts):
    """The same with an indefinite length."""
    return bytes([tag, 0x80]) + b"".join(parts) + b"\0\0"


def oid(dotted):
    first, second, *rest = map(int, dotted.split("."))
    out = b""
    for arc in [first * 40 + second, *rest]:
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(0x80 | arc & 0x7F)
        out += bytes(reversed(octets))
    return der(OID, out)


def elements(content):
    while content:
        size, head = content[1], 2
        if size >= 0x80:
            head += size & 0x7F
            size = int.from_bytes(content[2:head], "big")
        yield content[:head + size], content[head:head + size]
        content = content[head + size:]


def issuer_and_serial(certificate):
    (_, whole), = elements(certificate)
    tbs = next(elements(whole))[1]
    fields = [element for element, _ in elements(tbs) if element[0] != 0xA0]  # A version 1 certificate has no version.
    return der(SEQUENCE, fields[2], fields[0])


def attribute(dotted, value):
    return der(SEQUENCE, oid(dotted), der(SET, value))


def sign(content, attributes, certificate, key, digest="sha256", algorithm=RSA, indefinite=False, sort=True):
    """A SignedData over `content`, whose attributes are `attributes` and the two that CMS wants."""
    hashed = openssl("dgst", f"-{digest}", "-binary", data=content)
    attributes = [attribute("1.2.840.113549.1.9.3", oid(DATA)), attribute("1.2.840.113549.1.9.4", der(OCTETS, hashed)), *attributes]
    # In descending order where they are not to be sorted: surely not the order of DER.
    attributes = b"".join(sorted(attributes, reverse=not sort))
    with tempfile.NamedTemporaryFile() as file:
        file.write(der(SET, attributes))
        file.flush()
        if algorithm == ED25519:
            signature = openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name)
        else:
            signature = openssl("dgst", f"-{digest}", "-sign", key, file.name)
    with_null = der(NULL) if algorithm in (RSA, SHA256_WITH_RSA) else b""
    digest_algorithm = der(SEQUENCE, oid(DIGESTS[digest]), der(NULL))
    signer = der(SEQUENCE, der(INTEGER, b"\1"), issuer_and_serial(certificate), digest_algorithm, der(0xA0, attributes),
                 der(SEQUENCE, oid(algorithm), with_null), der(OCTETS, signature))
    node = ber if indefinite else der
    if indefinite:
        pieces = [der(OCTETS, content[i:i + 100]) for i in range(0, len(content), 100)]
        octets = ber(OCTETS | 0x20, *pieces)
    else:
        octets = der(OCTETS, content)
    signed = node(SEQUENCE, der(INTEGER, b"\1"), der(SET, digest_algorithm), node(SEQUENCE, oid(DATA), node(0xA0, octets)),
                  node(0xA0, certificate), der(SET, signer))
    return node(SEQUENCE, oid(SIGNED), node(0xA0, signed))


def scep_attributes(kind, transaction, nonce=bytes(range(16)), tag=PRINTABLE, more=()):
    return [attribute(SCEP + "7", der(tag, transaction.encode())), attribute(SCEP + "2", der(PRINTABLE, str(kind).encode())),
            attribute(SCEP + "5", der(OCTETS, nonce)), *more]


def request(key, common_name, directory):
    config = directory / "req.cnf"
    config.write_text("[req]\ndistinguished_name=d\nprompt=no\nattributes=a\nreq_extensions=e\n"
                      f"[d]\nO=Chancery Test\nCN={common_name}\n[a]\nchallengePassword=test-challenge\n"
                      f"[e]\nsubjectAltName=DNS:{common_name}.example\n")
    csr = openssl("req", "-new", "-config", config, "-key", key, "-outform", "DER")
    certificate = openssl("req", "-new", "-x509", "-config", config, "-key", key, "-days", "36500", "-outform", "DER")
    return csr, certificate


def write(name, text, **files):
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    for stem, content in files.items():
        (folder / f"{stem}.der").write_bytes(content)
    (folder / "scenario.txt").write_text(text.strip() + f"\nmade: vectors/scep/make_openssl_vectors.py, with OpenSSL's command line\n")


def make_request(directory, name, what, why, key="new-client", encrypt=("-aes-128-cbc",), expect="", **outer):
    key = HERE / "keys" / f"{key}.test-key.pem"
    csr, certificate = request(key, name, directory)
    ra = directory / "ra.pem"
    ra.write_bytes(openssl("x509", "-inform", "DER", "-in", HERE / "authority/ra.der"))
    envelope = openssl("cms", "-encrypt", "-binary", "-outform", "DER", *encrypt, "-recip", ra, data=csr)
    attributes = scep_attributes(19, f"{name}-1", outer.pop("nonce", bytes(range(16))), outer.pop("tag", PRINTABLE), outer.pop("more", ()))
    message = sign(envelope, attributes, certificate, key, **outer)
    write(name, f"kind: request\nwhat: {what}\nwhy: {why}\ntype: PKCSReq\ntransaction: {name}-1\nsubject: CN={name},O=Chancery Test\n"
          f"challenge: test-challenge\nname: dns:{name}.example\n{expect}", message=message)


def make_password_reply(directory):
    name = "openssl-password-reply"
    key = HERE / "keys/ec-client.test-key.pem"
    csr, certificate = request(key, name, directory)
    bundle = openssl("crl2pkcs7", "-nocrl", "-certfile", "/dev/stdin", "-outform", "DER",
                     data=openssl("x509", "-inform", "DER", data=certificate))
    envelope = openssl("cms", "-encrypt", "-binary", "-outform", "DER", "-aes-256-cbc", "-pwri_password", "test-challenge", data=bundle)
    nonce = bytes(range(16))
    more = [attribute(SCEP + "3", der(PRINTABLE, b"0")), attribute(SCEP + "6", der(OCTETS, nonce))]
    reply = sign(envelope, scep_attributes(3, f"{name}-1", bytes(reversed(nonce)), more=more), (HERE / "authority/ra.der").read_bytes(),
                 HERE / "keys/ra.test-key.pem")
    write(name, "kind: password reply\nwhat: a CertRep for an EC client, encrypted under its challengePassword by OpenSSL\n"
          "why: no key agreement is needed for keys that cannot encrypt (RFC 8894 section 3.1), and others must be able to follow\n"
          f"transaction: {name}-1\nsubject: CN={name},O=Chancery Test", message=reply)


def main():
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        def make(*arguments, **named):
            make_request(directory, *arguments, **named)
        make("openssl-indefinite-envelope", "the envelope in BER: indefinite lengths, the content in pieces",
             "OpenSSL writes it so when it streams, and so do Java libraries", encrypt=("-aes-128-cbc", "-stream"),
             expect="digest: sha256\ncipher: aes128")
        make("openssl-indefinite-everywhere", "the signed layer in BER, too, with an eContent in 100-octet pieces",
             "old client libraries write nothing else", encrypt=("-aes-128-cbc", "-stream"), indefinite=True,
             expect="digest: sha256\ncipher: aes128")
        make("openssl-aes192", "AES-192-CBC and SHA-384", "nobody sends it, and a reply must mirror it all the same",
             encrypt=("-aes-192-cbc",), digest="sha384", expect="digest: sha384\ncipher: aes192")
        make("openssl-aes256", "AES-256-CBC and SHA-512", "what security guides ask for", encrypt=("-aes-256-cbc",),
             digest="sha512", expect="digest: sha512\ncipher: aes256")
        make("openssl-des3", "3DES", "old printers", encrypt=("-des-ede3-cbc",), expect="digest: sha256\ncipher: des3")
        make("openssl-key-identifier", "the recipient named by its subjectKeyIdentifier", "CMS allows it, and some clients do",
             encrypt=("-aes-128-cbc", "-keyid"), expect="digest: sha256\ncipher: aes128")
        make("openssl-unsorted-attributes", "signed attributes in descending order, and signed in that order",
             "some clients do not sort the SET as DER wants", sort=False, expect="digest: sha256\ncipher: aes128")
        make("openssl-combined-signature-identifier", "signatureAlgorithm sha256WithRSAEncryption", "others write plain rsaEncryption",
             algorithm=SHA256_WITH_RSA, expect="digest: sha256\ncipher: aes128")
        make("openssl-utf8-transaction", "transactionID as UTF8String and a nonce of 8 octets",
             "old iOS sends such nonces; both have to come back as they are", tag=UTF8, nonce=b"8 octets",
             expect="digest: sha256\ncipher: aes128\ntag: 0c\nnonce: 38206f6374657473")
        make("openssl-unknown-attributes", "two signed attributes that nobody defined", "they are to be ignored",
             more=[attribute("1.3.6.1.4.1.99999.1", der(UTF8, b"hello")), attribute("1.3.6.1.4.1.99999.2", der(NULL))],
             expect="digest: sha256\ncipher: aes128")
        make("openssl-ec-client", "a request signed with an EC key", "only the reply needs a key that can encrypt", key="ec-client",
             algorithm=ECDSA_SHA256, expect="digest: sha256\ncipher: aes128")
        make("openssl-ed25519-client", "a request signed with an Ed25519 key and SHA-512 (RFC 8419)",
             "only the reply needs a key that can encrypt", key="ed25519-client", algorithm=ED25519, digest="sha512",
             expect="digest: sha512\ncipher: aes128")
        make_oaep(directory, "openssl-oaep", "RSAES-OAEP with its default digests (SHA-1)", "a well-known client does it",
                  (), "oaep: sha1")
        make_oaep(directory, "openssl-oaep-sha256", "RSAES-OAEP with SHA-256 for label and mask, AES-256", "current libraries do it",
                  ("-keyopt", "rsa_oaep_md:sha256", "-keyopt", "rsa_mgf1_md:sha256"), "oaep: sha256")
        make_password_reply(directory)


def make_oaep(directory, name, what, why, options, expect):
    key = HERE / "keys/new-client.test-key.pem"
    csr, certificate = request(key, name, directory)
    envelope = openssl("cms", "-encrypt", "-binary", "-outform", "DER", "-aes-256-cbc", "-recip", directory / "ra.pem",
                       "-keyopt", "rsa_padding_mode:oaep", *options, data=csr)
    message = sign(envelope, scep_attributes(19, f"{name}-1"), certificate, key)
    write(name, f"kind: request\nwhat: {what}\nwhy: {why}\ntype: PKCSReq\ntransaction: {name}-1\nsubject: CN={name},O=Chancery Test\n"
          f"challenge: test-challenge\nname: dns:{name}.example\ndigest: sha256\ncipher: aes256\n{expect}", message=message)


if __name__ == "__main__":
    main()
