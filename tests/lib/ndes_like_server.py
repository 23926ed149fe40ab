#!/usr/bin/python3
"""A SCEP server that answers as Windows' Network Device Enrollment Service does, for tests of our agent.

Made from what is documented of that service: the path below /certsrv/mscep/; capabilities without AES; a GetCACert with the CA
and two RA certificates whose key usages are apart (one signs, one decrypts); 3DES and RSAES-OAEP in its replies; a renewal that
is a PKCSReq signed with the old certificate, and that may be answered with the certificate that is there already; challenges of
sixteen hexadecimal digits that are good once. Debian's asn1crypto and cryptography do the encoding and the mathematics, so that
not a line is shared with what is tested.

GET /mode?is=NAME switches what it does next: issue, pending, existing (a renewal gets the old certificate back), empty (HTTP 200
without a body to a POST, as Server 2012 does; a GET is answered), silent (nor to a GET), reject, crash (HTTP 500 to a RenewalReq, as
servers made of jscep do). It prints its port and the CA's SHA-256 when it listens."""

import base64
import datetime
import hashlib
import http.server
import os
import sys
import urllib.parse

from asn1crypto import algos, cms, core, csr as csr_asn1, x509 as x509_asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

ARC = "2.16.840.1.113733.1.9."
MESSAGE_TYPE, PKI_STATUS, FAIL_INFO, SENDER_NONCE, RECIPIENT_NONCE, TRANSACTION_ID = (ARC + str(n) for n in range(2, 8))


class PrintableStrings(core.SetOf):
    _child_spec = core.PrintableString


class OctetStrings(core.SetOf):
    _child_spec = core.OctetString


for oid, spec in ((MESSAGE_TYPE, PrintableStrings), (PKI_STATUS, PrintableStrings), (FAIL_INFO, PrintableStrings),
                  (SENDER_NONCE, OctetStrings), (RECIPIENT_NONCE, OctetStrings), (TRANSACTION_ID, PrintableStrings)):
    cms.CMSAttributeType._map[oid] = "scep_" + oid.rsplit(".", 1)[1]
    cms.CMSAttribute._oid_specs["scep_" + oid.rsplit(".", 1)[1]] = spec

RSA_OAEP = {"algorithm": "rsaes_oaep"}


class Party:
    """A key with its certificate."""

    def __init__(self, name, issuer=None, usage=(), extended=(), is_ca=False):
        self.key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = certificate_for(self.key.public_key(), subject, issuer or (subject, self.key), usage, extended, is_ca)

    @property
    def name_and_key(self):
        return self.certificate.subject, self.key

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)


def certificate_for(public_key, subject, issuer, usage, extended=(), is_ca=False, names=None, days=365):
    now = datetime.datetime.utcnow()
    every = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign",
             "crl_sign", "encipher_only", "decipher_only")
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer[0]).public_key(public_key)
               .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(minutes=10))
               .not_valid_after(now + datetime.timedelta(days=days))
               .add_extension(x509.KeyUsage(**{word: word in usage for word in every}), critical=True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer[1].public_key()), critical=False))
    if is_ca:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=False)
    if names is not None:
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer[1], hashes.SHA256())


class Refused(Exception):
    """Told to the client as this failInfo."""

    def __init__(self, fail_info, text):
        super().__init__(text)
        self.fail_info = fail_info


class Crashed(Exception):
    """Told to the client as HTTP status 500."""


class Authority:
    def __init__(self):
        self.root = Party("Plant CA", usage=("digital_signature", "key_cert_sign", "crl_sign"), is_ca=True)
        agent = [ObjectIdentifier("1.3.6.1.4.1.311.20.2.1")]  # Certificate Request Agent
        self.signer = Party("NDES-MSCEP-RA", self.root.name_and_key, ("digital_signature",), agent)
        self.decrypter = Party("NDES-MSCEP-RA", self.root.name_and_key, ("key_encipherment",), agent)
        self.challenges = set()
        self.issued = {}  # subject → certificate in DER
        self.waiting = {}  # transactionID → PKCS#10
        self.mode = "issue"

    def fresh_challenge(self):
        challenge = os.urandom(8).hex().upper()
        self.challenges.add(challenge)
        return challenge

    # What the message asks for, with the attributes that its reply mirrors.
    def read(self, message):
        signed = cms.ContentInfo.load(message)["content"]
        info = signed["signer_infos"][0]
        attributes = {attribute["type"].dotted: attribute["values"][0].native for attribute in info["signed_attrs"]}
        sender = signed["certificates"][0].chosen
        content = signed["encap_content_info"]["content"].native
        digest = info["digest_algorithm"]["algorithm"].native
        if attributes["1.2.840.113549.1.9.4"] != hashlib.new(digest, content).digest():
            raise Refused(1, "the content's digest is another")
        signed_bytes = b"\x31" + info["signed_attrs"].dump()[1:]
        x509.load_der_x509_certificate(sender.dump()).public_key().verify(
            info["signature"].native, signed_bytes, padding.PKCS1v15(), getattr(hashes, digest.upper())())
        return attributes, sender, self.decrypt(content)

    def decrypt(self, content):
        enveloped = cms.ContentInfo.load(content)["content"]
        recipient = enveloped["recipient_infos"][0].chosen
        if recipient["rid"].chosen["serial_number"].native != self.decrypter.certificate.serial_number:
            raise Refused(1, "not encrypted to the RA certificate that encrypts")
        oaep = recipient["key_encryption_algorithm"]["algorithm"].native == "rsaes_oaep"
        key = self.decrypter.key.decrypt(recipient["encrypted_key"].native, oaep_padding() if oaep else padding.PKCS1v15())
        encrypted = enveloped["encrypted_content_info"]
        algorithm = encrypted["content_encryption_algorithm"]
        if algorithm["algorithm"].native != "tripledes_3key":
            raise Refused(0, "only 3DES")
        decryptor = Cipher(algorithms.TripleDES(key), modes.CBC(algorithm["parameters"].native)).decryptor()
        padded = decryptor.update(encrypted["encrypted_content"].native) + decryptor.finalize()
        return padded[:-padded[-1]]

    def answer(self, message):
        attributes, sender, content = self.read(message)
        try:
            certificate = self.decide(attributes, sender, content)
        except Refused as refusal:
            print(f"refused: {refusal}", file=sys.stderr, flush=True)
            return self.reply(attributes, sender, "2", fail_info=str(refusal.fail_info))
        if certificate is None:
            return self.reply(attributes, sender, "3")
        return self.reply(attributes, sender, "0", certificate=certificate)

    def decide(self, attributes, sender, content):
        kind, transaction = attributes[MESSAGE_TYPE], attributes[TRANSACTION_ID]
        if kind == "20":  # CertPoll
            if self.mode == "pending":
                return None
            return self.issue(self.waiting.pop(transaction))
        if kind != "19":
            if self.mode == "crash":
                raise Crashed()
            raise Refused(2, f"message type {kind}")  # that service knows no RenewalReq
        if self.mode == "reject":
            raise Refused(2, "denied by the policy module")
        request = csr_asn1.CertificationRequest.load(content)
        is_renewal = sender.issuer == self.root_name and sender.subject != sender.issuer
        if not is_renewal:
            challenge = [value["values"][0].native for value in request["certification_request_info"]["attributes"]
                         if value["type"].native == "challenge_password"]
            if not challenge or challenge[0] not in self.challenges:
                raise Refused(2, "the challenge is unknown")
            self.challenges.remove(challenge[0])
        elif self.mode == "existing":
            return self.issued[sender.subject.dump()]
        if self.mode == "pending":
            self.waiting[transaction] = content
            return None
        return self.issue(content)

    @property
    def root_name(self):
        return x509_asn1.Certificate.load(self.root.der).subject

    def issue(self, content):
        request = x509.load_der_x509_csr(content)
        assert request.is_signature_valid
        names = [extension.value for extension in request.extensions if extension.oid.dotted_string == "2.5.29.17"]
        certificate = certificate_for(
            request.public_key(), request.subject, self.root.name_and_key, ("digital_signature", "key_encipherment"),
            [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH], names=names[0] if names else None)
        der = certificate.public_bytes(serialization.Encoding.DER)
        self.issued[x509_asn1.Certificate.load(der).subject.dump()] = der
        return der

    def reply(self, attributes, receiver, status, certificate=None, fail_info=None):
        content = b"" if certificate is None else enveloped_for(receiver, degenerate([certificate, self.root.der]))
        signed = [
            ("1.2.840.113549.1.9.3", [cms.ContentType("data")]),
            ("1.2.840.113549.1.9.4", [core.OctetString(hashlib.sha256(content).digest())]),
            (TRANSACTION_ID, [attributes[TRANSACTION_ID]]), (MESSAGE_TYPE, ["3"]), (PKI_STATUS, [status]),
            (RECIPIENT_NONCE, [attributes[SENDER_NONCE]]), (SENDER_NONCE, [os.urandom(16)]),
        ]
        if fail_info is not None:
            signed.append((FAIL_INFO, [fail_info]))
        signed_attributes = cms.CMSAttributes([cms.CMSAttribute({"type": cms.CMSAttributeType(kind), "values": values})
                                               for kind, values in signed])
        signer = x509_asn1.Certificate.load(self.signer.der)
        signature = self.signer.key.sign(b"\x31" + signed_attributes.dump(force=True)[1:], padding.PKCS1v15(), hashes.SHA256())
        info = cms.SignerInfo({
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(
                {"issuer": signer.issuer, "serial_number": signer.serial_number})),
            "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "signed_attrs": signed_attributes,
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}),
            "signature": signature})
        return signed_data(content, [self.signer.der], [info], [algos.DigestAlgorithm({"algorithm": "sha256"})])


def oaep_padding():
    return padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)


def signed_data(content, certificates, infos, digests):
    inner = {"content_type": "data"} if content is None else {"content_type": "data", "content": content}
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData({
        "version": "v1", "digest_algorithms": digests, "encap_content_info": inner, "signer_infos": infos,
        "certificates": [cms.CertificateChoices("certificate", x509_asn1.Certificate.load(der)) for der in certificates]})}).dump()


def degenerate(certificates):
    return signed_data(None, certificates, [], [])


def enveloped_for(receiver, content):
    key, iv = os.urandom(24), os.urandom(8)
    room = 8 - len(content) % 8
    encryptor = Cipher(algorithms.TripleDES(key), modes.CBC(iv)).encryptor()
    encrypted = encryptor.update(content + bytes([room]) * room) + encryptor.finalize()
    public_key = x509.load_der_x509_certificate(receiver.dump()).public_key()
    recipient = cms.KeyTransRecipientInfo({
        "version": "v0",
        "rid": cms.RecipientIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(
            {"issuer": receiver.issuer, "serial_number": receiver.serial_number})),
        "key_encryption_algorithm": cms.KeyEncryptionAlgorithm(RSA_OAEP),
        "encrypted_key": public_key.encrypt(key, oaep_padding())})
    return cms.ContentInfo({"content_type": "enveloped_data", "content": cms.EnvelopedData({
        "version": "v0", "recipient_infos": [cms.RecipientInfo("ktri", recipient)],
        "encrypted_content_info": {
            "content_type": "data",
            "content_encryption_algorithm": {"algorithm": "tripledes_3key", "parameters": iv},
            "encrypted_content": encrypted}})}).dump()


class Handler(http.server.BaseHTTPRequestHandler):
    authority = None
    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-IIS/10.0"

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if url.path == "/mode":
            self.authority.mode = query["is"]
            return self.send(200, "text/plain", b"")
        if url.path == "/certsrv/mscep_admin/":
            return self.send(200, "text/plain", self.authority.fresh_challenge().encode())
        if url.path != "/certsrv/mscep/mscep.dll":
            return self.send(404, "text/html", b"<h1>404</h1>")
        operation = query.get("operation")
        if operation == "GetCACaps":
            return self.send(200, "text/plain", b"POSTPKIOperation\r\nRenewal\r\nSHA-512\r\nSHA-256\r\nSHA-1\r\nDES3\r\n")
        if operation == "PKIOperation":
            silent = self.authority.mode == "silent"
            answer = b"" if silent else self.authority.answer(base64.b64decode(query["message"], validate=True))
            return self.send(200, "application/x-pki-message", answer)
        if operation == "GetCACert":
            bundle = degenerate([self.authority.decrypter.der, self.authority.signer.der, self.authority.root.der])
            return self.send(200, "application/x-x509-ca-ra-cert", bundle)
        return self.send(501, "text/html", b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.authority.mode in ("empty", "silent"):
            return self.send(200, "application/x-pki-message", b"")
        try:
            answer = self.authority.answer(body)
        except Crashed:
            return self.send(500, "text/html", b"<h1>500</h1>")
        return self.send(200, "application/x-pki-message", answer)

    def log_message(self, *arguments):
        pass


if __name__ == "__main__":
    Handler.authority = Authority()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], hashlib.sha256(Handler.authority.root.der).hexdigest(), flush=True)
    server.serve_forever()
