"""nginx with one TLS server, as tests of whole programs run it: in a folder of its own, on a port of loopback."""

import os
import signal
from pathlib import Path

import chancery
from chancery import Process, fail, free_port, wait_until

CONFIG = """
daemon off;
master_process on;
worker_processes 1;
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
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    {lines}
  }}
}}
"""


class Nginx:
    def __init__(self, folder, certificate, key, lines=""):
        """`folder`: for its configuration, log and pid; `lines`: more of the server's configuration."""
        self.folder, self.config = folder, folder / "nginx.conf"
        # Its workers are to be the test's own account, for nobody else may read the folder.
        user = "user root;" if os.geteuid() == 0 else ""
        for _ in range(5):
            self.port = free_port()
            self.config.write_text(CONFIG.format(folder=folder, port=self.port, certificate=certificate, key=key, user=user,
                                                 lines=lines))
            self.process = Process(*self.command(), log=folder / "nginx.log")
            wait_until(lambda: self.process.code is not None or self.workers(), self.explain)
            if self.process.code is None:
                return
        fail(f"nginx does not run:\n{self.explain()}")

    def command(self):
        return [chancery.program("nginx"), "-p", self.folder, "-c", self.config, "-e", self.folder / "error.log"]

    def explain(self):
        errors = self.folder / "error.log"
        return f"{self.process.log()}\n{errors.read_text() if errors.exists() else ''}"

    def workers(self):
        """The process ids of those who answer."""
        try:
            return set(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())
        except FileNotFoundError:
            return set()

    def reload(self):
        """New workers with the files as they are now; returns when the old worker is gone."""
        before = self.workers()
        self.process.signal(signal.SIGHUP)
        wait_until(lambda: self.workers() and not self.workers() & before, "the old worker to leave")
