"""FreeRADIUS that lets devices in by EAP-TLS, as tests of whole programs run it: in a folder of its own, on loopback."""

import re
from pathlib import Path

import chancery
from chancery import Process, fail, free_udp_port, openssl, run, wait_until

SECRET = "between-the-switch-and-radius"

RADIUS = """
prefix = {folder}
logdir = {folder}
run_dir = {folder}
libdir = {libdir}
pidfile = {folder}/radius.pid
max_request_time = 10
cleanup_delay = 2
max_requests = 1024
log {{
  destination = stdout
  auth = yes
}}
client switch {{
  ipaddr = 127.0.0.1
  secret = {secret}
}}
modules {{
  eap {{
    default_eap_type = tls
    timer_expire = 30
    max_sessions = 64
    tls-config common {{
      private_key_file = {server_key}
      certificate_file = {folder}/server.pem
      ca_file = {folder}/authorities.pem
      check_crl = yes
      tls_min_version = "1.2"
      tls_max_version = "1.2"
      ecdh_curve = ""
      cache {{
        enable = no
      }}
    }}
    tls {{
      tls = common
      virtual_server = acquaintances
    }}
  }}
}}
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {port}
  }}
  authorize {{
    eap
  }}
  authenticate {{
    eap
  }}
}}
server acquaintances {{
  authorize {{
    if ({rule}) {{
      update config {{
        Auth-Type := Accept
      }}
    }}
    else {{
      update config {{
        Auth-Type := Reject
      }}
    }}
  }}
}}
"""

def library_folder():
    """Where FreeRADIUS has its modules."""
    for line in run("dpkg", "-L", "freeradius").out.splitlines():
        if line.endswith("/rlm_eap.so"):
            return Path(line).parent
    fail("FreeRADIUS' modules are not where Debian has them")


class Radius:
    def __init__(self, server, site):
        """`site`: the strongswan.Client whose certificate the RADIUS server shows."""
        self.server, self.site, self.folder = server, site, chancery.temporary_folder()
        issuing = server.fetch("/ca/issuing-1.pem", "issuing.pem").read_text()
        (self.folder / "server.pem").write_text(site.file("cert.pem").read_text() + issuing)
        self.update_authorities()
        self.rule, self.port, self.process = "&TLS-Client-Cert-Serial", 0, None
        self.starts = 0
        self.start()

    def update_authorities(self):
        """The CA certificates and, in the same file, their CRLs: that is where check_crl finds them."""
        text = self.server.cli("ca", "chain").out
        for name in ("1", "root"):
            der = self.server.fetch(f"/crl/{name}.crl", f"{name}.crl")
            text += openssl("crl", "-inform", "DER", "-in", der).out
        (self.folder / "authorities.pem").write_text(text)

    def start(self):
        for _ in range(5):
            # After a restart it is asked at the port that others know.
            self.port = self.port or free_udp_port()
            (self.folder / "radiusd.conf").write_text(RADIUS.format(
                folder=self.folder, libdir=library_folder(), secret=SECRET, server_key=self.site.file("key.pem"),
                port=self.port, rule=self.rule))
            log = self.folder / f"radius-{self.starts}.log"
            self.starts += 1
            self.process = Process(chancery.program("freeradius"), "-f", "-X", "-d", self.folder, log=log)
            wait_until(lambda: self.process.code is not None or "Ready to process requests" in self.process.log(),
                       lambda: f"FreeRADIUS is not ready:\n{self.process.log()}", timeout=30)
            if self.process.code is None:
                return
            if "in use" not in self.process.log():
                break
            self.port = 0
        fail(f"FreeRADIUS does not run:\n{self.process.log()}")

    def restart(self):
        self.process.stop()
        self.start()

    def let_in_only(self, serial):
        """From now on one certificate and no other; empty: all that are valid."""
        self.rule = f'&TLS-Client-Cert-Serial == "{serial}"' if serial else "&TLS-Client-Cert-Serial"
        self.restart()

    def let_in(self):
        """The serial number of the certificate that was let in last; empty: none."""
        accepted = self.process.log().split("Sent Access-Accept")
        return (re.findall(r'TLS-Client-Cert-Serial := "([0-9a-f]+)"', accepted[-2]) or [""])[-1] if len(accepted) > 1 else ""

    def explain(self):
        return self.process.log()[-6000:]
