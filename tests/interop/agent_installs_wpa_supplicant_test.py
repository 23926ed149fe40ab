#!/usr/bin/env python3
"""The agent's daemon brings wpa_supplicant its certificate for 802.1X: a wired port opens with the new one, and when the
network refuses that, with the one before."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import network
import radius
import service
import strongswan
from chancery import Process, Server, expect_equal, expect_in, require, run, wait_until

require("wpa_supplicant", "wpa_cli", "hostapd", "freeradius", "ip", *strongswan.PROGRAMS)
network.become_alone()

SWITCH = """
interface=port
driver=wired
ieee8021x=1
use_pae_group_addr=1
own_ip_addr=127.0.0.1
nas_identifier=switch
auth_server_addr=127.0.0.1
auth_server_port={radius}
auth_server_shared_secret={secret}
logger_stdout=-1
logger_stdout_level=2
logger_syslog=0
"""

SUPPLICANT = """
ctrl_interface={folder}/supplicant
ap_scan=0
network={{
  key_mgmt=IEEE8021X
  eap=TLS
  identity="site"
  client_cert="{folder}/web.pem"
  private_key="{folder}/web.key"
  ca_cert="{folder}/web-ca.pem"
  domain_match="radius.example.com"
}}
"""


class Lan:
    """A cable with a switch of hostapd's at one end, who asks FreeRADIUS, and the device's wpa_supplicant at the other."""

    def __init__(self, server):
        self.radius = radius.Radius(server, strongswan.enrol(server, "O=Bench, CN=radius", "--san", "radius.example.com"))
        self.folder = chancery.temporary_folder()
        run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "port")
        chancery.at_end(lambda: run("ip", "link", "del", "eth0"))
        for name in ("eth0", "port"):
            run("ip", "link", "set", name, "up")
        self.key, self.chain, self.authorities = (self.folder / name for name in ("web.key", "web.pem", "web-ca.pem"))
        service.self_signed(self.key, self.chain)
        self.authorities.write_text(self.chain.read_text())
        for name, text in (("switch.conf", SWITCH), ("supplicant.conf", SUPPLICANT)):
            (self.folder / name).write_text(text.format(folder=self.folder, radius=self.radius.port, secret=radius.SECRET))
        self.switch = Process(chancery.program("hostapd"), self.folder / "switch.conf", log=self.folder / "switch.log")
        wait_until(lambda: "AP-ENABLED" in self.switch.log(), self.switch.log)
        self.supplicant = Process(chancery.program("wpa_supplicant"), "-D", "wired", "-i", "eth0", "-c",
                                  self.folder / "supplicant.conf", log=self.folder / "supplicant.log")
        # The network wants to know nothing of a pair of its own.
        wait_until(lambda: "EAP-FAILURE" in self.supplicant.log(), self.explain)
        # After a failure the switch does not listen for a while, and it asks again in half a minute: here each second.
        for name, value in (("startPeriod", 1), ("maxStart", 1000), ("heldPeriod", 1)):
            expect_in("OK", run(*self.command("set", f"EAPOL::{name}", value)).out)

    def command(self, *words):
        return [chancery.program("wpa_cli"), "-s", self.folder, "-p", self.folder / "supplicant", *words]

    def explain(self):
        return (f"{self.supplicant.log()[-3000:]}\n--- the switch\n{self.switch.log()[-3000:]}\n"
                f"--- FreeRADIUS\n{self.radius.explain()}")

    def shown(self):
        """The device's certificate if the port is open and FreeRADIUS saw that one last; else what it saw."""
        wait_until(lambda: "EAP state=SUCCESS" in run(*self.command("status")).out, self.explain)
        seen = self.radius.let_in()
        return self.device.installed() if seen == self.device.serial() else seen

    def break_it(self):
        self.radius.let_in_only(self.device.serial())
        return lambda: self.radius.let_in_only("")


def test_wpa_supplicant_opens_the_port_with_what_the_agent_brings():
    server = Server()
    lan = Lan(server)
    lan.device = service.Site(server, "wpa_supplicant", f"reload = {service.toml(lan.command('reconfigure'))}",
                              health_check="command: " + " ".join(str(word) for word in lan.command("status")),
                              key_path=lan.key, full_chain_path=lan.chain, authorities_path=lan.authorities,
                              health_timeout="7s")
    service.expect_story(lan.device, lan, says="does not print 'EAP state=SUCCESS'")
    expect_equal(lan.device.key_mode(), 0o600, "the key's mode")


if __name__ == "__main__":
    chancery.main()
