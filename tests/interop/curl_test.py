#!/usr/bin/env python3
"""SCEP by hand: one real request, recorded from strongSwan's `pki`, is sent by curl in every form in which clients have been
seen to send it. The same message is the same request, so each answer must bring the same certificate."""

import base64
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import Server, expect, expect_equal, expect_in, openssl, require, run

require("curl", *strongswan.PROGRAMS)

SUBJECT = "CN=dev,O=Bench"
ALIASES = '[scep]\npkiclient_alias = "devices"\nmscep_alias = "devices"'


class Recorder(ThreadingHTTPServer):
    """Passes everything on to a server, and keeps what was posted."""

    def __init__(self, server):
        super().__init__(("127.0.0.1", 0), Relay)
        self.server, self.posted = server, []
        threading.Thread(target=self.serve_forever, daemon=True).start()
        chancery.at_end(self.stop)

    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/scep/devices"

    def stop(self):
        self.shutdown()
        self.server_close()


class Relay(BaseHTTPRequestHandler):
    def do_GET(self):
        self.pass_on(None)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append(body)
        self.pass_on(body)

    def pass_on(self, body):
        answer = self.server.server.get(self.path, body)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_):
        pass


class Scene:
    """A server, a device that has enrolled there, and the message by which it did."""

    def __init__(self):
        self.server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge",
                             sections=ALIASES)
        self.chain = self.server.folder / "chain.pem"
        self.chain.write_text(self.server.cli("ca", "chain").out)
        recorder = Recorder(self.server)
        self.device = strongswan.Client(recorder.url())
        self.device.enrol("O=Bench, CN=dev", "--password", self.server.challenge("--subject", SUBJECT))
        self.message = recorder.posted[-1]
        self.file = self.device.file("message.der")
        self.file.write_bytes(self.message)
        self.certificate = openssl("x509", "-in", self.device.file("cert.pem"), "-outform", "DER").raw
        # The message is signed with a self-signed certificate, which is also what the reply is encrypted to.
        self.recipient = self.device.file("self-signed.pem")
        certificates = openssl("pkcs7", "-inform", "DER", "-in", self.file, "-print_certs").out
        self.recipient.write_text(certificates[certificates.index("-----BEGIN"):])

    def curl(self, path, *arguments):
        """The answer's head and body. curl keeps the path as it is."""
        head, body = self.device.file("head"), self.device.file("body")
        run("curl", "-sS", "--noproxy", "*", "--max-time", "20", "--path-as-is", "--globoff", "-D", head, "-o", body,
            *arguments, self.server.url + path)
        return head.read_text(), body.read_bytes()

    def check_reply(self, head, body, form):
        """That the reply is a CertRep from the RA and brings the certificate that the device has."""
        for line in ("HTTP/1.", " 200 ", "Content-Type: application/x-pki-message\n", "Content-Length: "):
            expect_in(line.lower(), head.replace("\r", "").lower(), f"the answer's head ({form})")
        expect("transfer-encoding" not in head.lower(), f"the answer to {form} is chunked:\n{head}")
        reply, envelope = self.device.file("reply.der"), self.device.file("envelope.der")
        reply.write_bytes(body)
        openssl("cms", "-verify", "-inform", "DER", "-in", reply, "-CAfile", self.chain, "-purpose", "any",
                "-binary", "-out", envelope)
        bundle = openssl("cms", "-decrypt", "-inform", "DER", "-in", envelope, "-recip", self.recipient, "-inkey",
                         self.device.file("key.pem"), "-binary").raw
        certificates = openssl("pkcs7", "-inform", "DER", "-print_certs", text=bundle).out
        found = openssl("x509", "-outform", "DER", text=certificates).raw
        expect(found == self.certificate, f"{form} brought another certificate:\n{certificates}")


def test_a_message_may_come_in_many_forms():
    scene = Scene()
    text = base64.b64encode(scene.message).decode()
    expect("+" in text and "/" in text, "this message has no characters to escape")
    lines = [text[at:at + 64] for at in range(0, len(text), 64)]
    url_text = base64.urlsafe_b64encode(scene.message).decode()
    operation = "/scep/devices?operation=PKIOperation&message="
    forms = {
        "percent-encoded": operation + quote(text, safe=""),
        "percent-encoded in lower case": operation + quote(text, safe="").replace("%2B", "%2b").replace("%2F", "%2f"),
        "not escaped at all": operation + text,
        "plus signs that became spaces": operation + quote(text.replace("+", " "), safe=""),
        "lines that end in LF": operation + "%0A".join(map(quote, lines)) + "%0A",
        "lines that end in CR LF": operation + "%0D%0A".join(quote(line, safe="") for line in lines),
        "base64url": operation + url_text,
        "base64url without padding": operation + url_text.rstrip("="),
        "no padding": operation + quote(text.rstrip("="), safe=""),
        "the message first": f"/scep/devices?message={quote(text, safe='')}&operation=PKIOperation",
        "pkiclient.exe behind": f"/scep/devices/pkiclient.exe?operation=PKIOperation&message={quote(text, safe='')}",
        "pkiclient.exe, the address of old routers": f"/cgi-bin/pkiclient.exe?operation=PKIOperation&message={quote(text, safe='')}",
        "mscep.dll": f"/certsrv/mscep/mscep.dll?operation=PKIOperation&message={quote(text, safe='')}",
        "mscep.dll and pkiclient.exe": f"/certsrv/mscep/mscep.dll/pkiclient.exe?operation=PKIOperation&message={quote(text, safe='')}",
    }
    for form, path in forms.items():
        scene.check_reply(*scene.curl(path), form)

    get = forms["percent-encoded"]
    scene.check_reply(*scene.curl(get, "--http1.0", "-H", "Host:", "-H", "User-Agent:", "-H", "Accept:"), "HTTP/1.0 without Host")
    post = "/scep/devices?operation=PKIOperation"
    for content_type in ("", " application/x-pki-message", " application/octet-stream",
                         " application/x-www-form-urlencoded", " text/plain"):
        scene.check_reply(*scene.curl(post, "--data-binary", f"@{scene.file}", "-H", f"Content-Type:{content_type}"),
                          f"POST with Content-Type:{content_type}")
    scene.check_reply(*scene.curl(post, "--data-binary", f"@{scene.file}", "-H", "Transfer-Encoding: chunked"), "POST in chunks")
    scene.check_reply(*scene.curl(post, "--http1.0", "--data-binary", f"@{scene.file}"), "POST by HTTP/1.0")
    scene.check_reply(*scene.curl(post, "--data-binary", f"@{scene.file}", "-H", "Expect: 100-continue"), "POST that asks first")

    certificates = scene.server.cli("cert", "list", json=True)["certificates"]
    expect_equal(len(certificates), 1, "the number of certificates after all of these")


def test_capabilities_and_certificates_have_exact_types():
    scene = Scene()
    for path in ("/scep/devices?operation=GetCACaps", "/scep/devices?operation=GetCACaps&message=devices",
                 "/scep/devices/pkiclient.exe?operation=GetCACaps&message=0", "/cgi-bin/pkiclient.exe?operation=GetCACaps",
                 "/certsrv/mscep/mscep.dll?operation=GetCACaps"):
        head, body = scene.curl(path)
        expect_in("Content-Type: text/plain", head, f"the head for {path}")
        words = body.decode().split("\n")
        for word in ("AES", "POSTPKIOperation", "Renewal", "SHA-256", "SHA-512", "SCEPStandard"):
            expect(word in words, f"{word} is not a line of {path}: {words}")
        for word in ("DES3", "SHA-1"):
            expect(word not in words, f"{word} is offered by a strict endpoint")

        head, body = scene.curl(path.replace("GetCACaps", "GetCACert"))
        expect_in("Content-Type: application/x-x509-ca-ra-cert", head)
        text = openssl("pkcs7", "-inform", "DER", "-print_certs", text=body).out
        expect_equal(text.count("BEGIN CERTIFICATE"), 3, "the number of CA certificates")


def test_what_is_no_scep_gets_an_http_error():
    scene = Scene()
    for path, arguments, statuses in (
            ("/scep/devices", (), (400, 404)),
            ("/scep/devices?operation=Nothing", (), (400, 404, 501)),
            ("/scep/nobody?operation=GetCACaps", (), (404,)),
            ("/scep/devices?operation=PKIOperation", (), (400,)),
            ("/scep/devices?operation=PKIOperation&message=%%%", (), (400,)),
            ("/scep/devices?operation=PKIOperation&message=AAAA", (), (400,)),
            ("/scep/devices?operation=PKIOperation", ("--data-binary", "this is no message"), (400,)),
            ("/scep/devices?operation=GetCACaps", ("-X", "DELETE"), (405,)),
            ("/cgi-bin/something.exe?operation=GetCACaps", (), (404,))):
        head, body = scene.curl(path, *arguments)
        expect(int(head.split()[1]) in statuses, f"{path} {arguments} should be {statuses}:\n{head}{body[:300]!r}")
    # None of it has harmed the server.
    scene.check_reply(*scene.curl("/scep/devices?operation=PKIOperation", "--data-binary", f"@{scene.file}"), "POST")


if __name__ == "__main__":
    chancery.main()
