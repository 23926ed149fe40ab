#!/usr/bin/env python3
"""The agent's daemon brings nginx its certificates: the first one in place of nginx's own, a renewed one, and back when nginx says no."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import os
import stat

import chancery
from chancery import Process, Server, expect, expect_equal, expect_in, fail, free_port, openssl, require, run, serial_of, wait_until

require("nginx", "openssl")
if not any(line.split()[:1] == ["run"] for line in run(chancery.AGENT, "--help").out.splitlines()):
    print("this chancery-agent has no daemon")
    sys.exit(77)

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
{user}
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/site.pem;
    ssl_certificate_key {folder}/site.key;
  }}
}}
"""


class Nginx:
    """Starts with a pair of its own, as a package would have made it."""

    def __init__(self):
        self.folder = chancery.temporary_folder()
        self.key, self.chain, self.config = (self.folder / name for name in ("site.key", "site.pem", "nginx.conf"))
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=its own",
                "-keyout", self.key, "-out", self.chain)
        self.own = self.chain.read_text()
        for _ in range(5):
            self.port = free_port()
            self.config.write_text(NGINX.format(folder=self.folder, port=self.port,
                                                user="user root;" if os.geteuid() == 0 else ""))
            self.process = Process(*self.command(), log=self.folder / "nginx.log")
            wait_until(lambda: self.process.code is not None or self.shown(), self.explain)
            if self.process.code is None:
                return
        fail(f"nginx does not run:\n{self.explain()}")

    def command(self):
        return [chancery.program("nginx"), "-p", self.folder, "-c", self.config, "-e", self.folder / "error.log"]

    def explain(self):
        errors = self.folder / "error.log"
        return f"{self.process.log()}\n{errors.read_text() if errors.exists() else ''}"

    def shown(self):
        """The certificate of a handshake, PEM; empty without one."""
        text = run("openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-servername", "site.example.com",
                   text="", code=None).out
        begin, end = text.find("-----BEGIN CERTIFICATE-----"), text.find("-----END CERTIFICATE-----")
        return text[begin:end] if begin >= 0 else ""


class Daemon:
    def __init__(self, server, nginx):
        self.home = chancery.temporary_folder()
        self.state = self.home / "state"
        challenge = self.home / "challenge"
        challenge.touch(0o600)
        challenge.write_text(server.challenge("--subject", "CN=site,O=Bench", "--dns", "site.example.com") + "\n")
        (self.home / "slots.d").mkdir()
        reload = ", ".join(f'"{word}"' for word in [*nginx.command(), "-s", "reload"])
        (self.home / "slots.d/web.toml").write_text(f"""
subject = "CN=site,O=Bench"
names = ["dns:site.example.com"]
key = "ec:p256"
challenge_file = "{challenge}"
preset = "nginx"
key_path = "{nginx.key}"
full_chain_path = "{nginx.chain}"
reload = [{reload}]
health_check = "tls:127.0.0.1:{nginx.port}:site.example.com"
health_timeout = "10s"
""")
        self.config = self.home / "agent.toml"
        fingerprint = server.cli("ca", "show", json=True)["root"]["sha256"]
        self.config.write_text(f"""
state = "{self.state}"
socket = "{self.home}/agent.sock"
node = "site"
[source]
url = "{server.scep_url()}"
fingerprint = "{fingerprint}"
""")
        self.start()

    def start(self):
        self.process = Process(chancery.AGENT, "run", "--config", self.config, log=self.home / "agent.log")

    def cli(self, *arguments, code=0):
        return run(chancery.AGENT, *arguments, "--socket", self.home / "agent.sock", code=code)

    def file(self, name):
        return self.state / "slots/web/live" / name


def test_nginx_gets_a_pair_a_renewed_one_and_the_old_one_back():
    server, nginx = Server(), Nginx()
    agent = Daemon(server, nginx)

    wait_until(lambda: nginx.shown() not in ("", nginx.own.split("-----END")[0]), agent.process.log, timeout=60)
    first = serial_of(agent.file("cert.pem"))
    expect_in(nginx.shown(), agent.file("cert.pem").read_text())
    expect(nginx.key.is_symlink() and nginx.chain.is_symlink(), "the paths are no links")
    expect_equal(nginx.chain.with_name("site.pem.before-chancery").read_text(), nginx.own, "nginx's own certificate")
    expect_equal(stat.S_IMODE(agent.file("key.pem").stat().st_mode), 0o600, "the key's mode")

    agent.cli("renew", "web")
    second = serial_of(agent.file("cert.pem"))
    expect(second != first, "the certificate was not renewed")
    expect_in(nginx.shown(), agent.file("cert.pem").read_text())

    good = nginx.config.read_text()
    nginx.config.write_text(good.replace("ssl_certificate_key", "ssl_certificate_kye"))
    refused = agent.cli("renew", "web", code=None)
    expect(refused.code != 0, "nginx cannot have taken it")
    expect_in("unknown directive", refused.err)
    expect_equal(serial_of(agent.file("cert.pem")), second, "the certificate in use")
    expect_in(nginx.shown(), agent.file("cert.pem").read_text())
    nginx.config.write_text(good)

    # Killed at an installation or not: the next start finds one pair, and nginx shows it.
    agent.process.kill()
    agent.start()
    wait_until(lambda: "web" in agent.cli("status", code=None).out, agent.process.log)
    wait_until(lambda: nginx.shown() and nginx.shown() in agent.file("cert.pem").read_text(), agent.process.log)


if __name__ == "__main__":
    chancery.main()
