#!/usr/bin/env python3
"""The agent's daemon brings rsyslog its certificate: it takes logs with it over TLS and passes them on, by either driver."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import socket
import ssl
import threading

import chancery
import service
import strongswan
from chancery import Process, Server, expect_equal, free_port, require, run, wait_until

require("rsyslogd", "openssl", *strongswan.PROGRAMS)

SETTINGS = """
global(workDirectory="{folder}" defaultNetstreamDriver="{driver}" defaultNetstreamDriverCAFile="{folder}/web-ca.pem"
       defaultNetstreamDriverCertFile="{folder}/web.pem" defaultNetstreamDriverKeyFile="{folder}/web.key")
module(load="imtcp" streamDriver.name="{driver}" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
input(type="imtcp" address="127.0.0.1" port="{port}")
action(type="omfwd" target="127.0.0.1" port="{next}" protocol="tcp" streamDriver="{driver}" streamDriverMode="1"
       streamDriverAuthMode="x509/name" streamDriverPermittedPeers="logs.example.com"
       action.resumeInterval="1" action.resumeRetryCount="-1" queue.type="LinkedList")
"""

# As the system's service manager keeps it: what ends is started again.
KEEPER = 'while :; do {program} -n -i {folder}/rsyslog.pid -f {folder}/rsyslog.conf; sleep 0.1; done'
RESTART = """#!/bin/sh
old=$(cat {folder}/rsyslog.pid)
kill "$old"
for _ in $(seq 100); do
  sleep 0.1
  new=$(cat {folder}/rsyslog.pid 2>/dev/null)
  if [ -n "$new" ] && [ "$new" != "$old" ]; then exit 0; fi
done
exit 1
"""


class NextHop:
    """Where logs are passed on to: takes them from who has a certificate of the authority's, and remembers whose."""

    def __init__(self, server):
        client = strongswan.enrol(server, "O=Bench, CN=logs", "--san", "logs.example.com")
        chain = client.file("chain.pem")
        chain.write_text(client.file("cert.pem").read_text() + server.fetch("/ca/issuing-1.pem", "issuing.pem").read_text())
        self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=server.fetch("/ca/root.pem", "root.pem"))
        self._tls.verify_mode = ssl.CERT_REQUIRED
        self._tls.load_cert_chain(chain, client.file("key.pem"))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.lines, self.refused = [], []  # (certificate, text); why
        chancery.at_end(self._listener.close)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._take, args=[connection], daemon=True).start()

    def _take(self, connection):
        try:
            with self._tls.wrap_socket(connection, server_side=True) as peer:
                certificate = ssl.DER_cert_to_PEM_cert(peer.getpeercert(binary_form=True)).strip()
                while data := peer.recv(65536):
                    self.lines.append((certificate, data.decode(errors="replace")))
        except OSError as problem:  # Also what TLS finds wrong.
            self.refused.append(str(problem))

    def sender(self, text):
        """The certificate of who passed a text on; empty before it came."""
        return next((certificate for certificate, line in self.lines if text in line), "")


class Rsyslog:
    def __init__(self, server, driver):
        self.driver, self.server, self.sent = driver, server, 0
        self.next = NextHop(server)
        self.folder = chancery.temporary_folder()
        self.key, self.chain, self.authorities = (self.folder / name for name in ("web.key", "web.pem", "web-ca.pem"))
        service.self_signed(self.key, self.chain)
        self.authorities.write_text(self.chain.read_text())
        self.port = free_port()
        (self.folder / "rsyslog.conf").write_text(SETTINGS.format(folder=self.folder, driver=driver, port=self.port,
                                                                  next=self.next.port))
        self.restart = self.folder / "restart"
        self.restart.write_text(RESTART.format(folder=self.folder))
        self.restart.chmod(0o755)
        self.process = Process("/bin/sh", "-c", KEEPER.format(program=chancery.program("rsyslogd"), folder=self.folder),
                               log=self.folder / "rsyslog.log")
        wait_until(self.shown, self.explain)

    def explain(self):
        return f"{self.process.log()[-6000:]}\n--- the next hop\n{self.next.lines} {self.next.refused}"

    def shown(self):
        return service.shown_by_tls(self.port)

    def pass_on(self, device):
        """Sends a line with the device's own certificate, and returns whose certificate the next hop saw with it."""
        self.sent += 1
        text = f"line number {self.sent}."
        run("openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-CAfile", device.file("web", "ca.pem"),
            "-verify_return_error", "-quiet", "-no_ign_eof", "-cert", device.file("web", "cert.pem"),
            "-cert_chain", device.file("web", "chain.pem"), "-key", device.file("web", "key.pem"),
            text=f"<13>Oct 11 22:14:15 site test: {text}\n", code=None)
        return wait_until(lambda: self.next.sender(text), self.explain)

    def break_it(self):
        good = self.restart.read_text()
        self.restart.write_text("#!/bin/sh\necho 'Job for rsyslog.service failed.'\nexit 1\n")
        return lambda: self.restart.write_text(good)


def with_agent(driver):
    server = Server()
    rsyslog = Rsyslog(server, driver)
    device = service.Site(server, "rsyslog", f"reload = {service.toml([rsyslog.restart])}", key_path=rsyslog.key,
                          full_chain_path=rsyslog.chain, authorities_path=rsyslog.authorities,
                          health_check=f"tls:127.0.0.1:{rsyslog.port}")
    return server, rsyslog, device


def expect_passes_on(rsyslog, device):
    expect_equal(rsyslog.pass_on(device), device.installed(), "the certificate that rsyslog passed a line on with")


def test_gnutls_takes_and_passes_on_logs():
    server, rsyslog, device = with_agent("gtls")
    service.expect_story(device, rsyslog, says="Job for rsyslog.service failed.")
    service.expect_verifies(server, rsyslog.port)
    expect_passes_on(rsyslog, device)
    device.run("renew", "web")
    expect_passes_on(rsyslog, device)
    expect_equal(device.key_mode(), 0o600, "the key's mode")


def test_openssl_takes_and_passes_on_logs():
    server, rsyslog, device = with_agent("ossl")
    device.start()
    device.wait_for("web", "valid", timeout=60)
    expect_passes_on(rsyslog, device)
    device.run("renew", "web")
    expect_equal(rsyslog.shown(), device.installed(), "what is shown")
    service.expect_verifies(server, rsyslog.port)
    expect_passes_on(rsyslog, device)


if __name__ == "__main__":
    chancery.main()
