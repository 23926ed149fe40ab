#!/usr/bin/env python3
"""What a device is brought by its hub, and comes through by itself: a certificate for a key that it made, authorities to trust,
a person's decision, and a certificate that ended while it was off."""

import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Server, expect, expect_equal, expect_in, openssl, require, wait_until
from daemon import Device
from link import hub


class Fleet:
    """A hub and one device on it, which shows its certificate of the slot "link"."""

    def __init__(self):
        self.server = hub()
        challenge = self.server.cli("node", "add", "gateway", "--slot", "link", "--endpoint", "devices", "--quiet").out.strip()
        self.device = Device(self.server, settings=f'[hub]\nurl = "https://127.0.0.1:{self.server.link}"\nslot = "link"\nhold = "20s"')
        self.device.add_slot("link", key="ec:p256", challenge=challenge)

    def start(self):
        self.device.start()
        wait_until(lambda: [node for node in self.server.cli("node", "list", json=True)["nodes"] if node["online"]],
                   lambda: f"the device does not come:\n{self.device.log()}")

    def order(self, verb, *options):
        """What became of an order."""
        number = self.server.cli("node", "order", "gateway", verb, *options, json=True)["id"]

        def done():
            orders = self.server.cli("node", "orders", "gateway", json=True)["orders"]
            return next((each for each in orders if each["id"] == number and each["state"] in ("done", "failed")), None)

        return wait_until(done, lambda: f"'{verb}' has no result:\n{self.device.log()}")

    def do(self, verb, *options):
        result = self.order(verb, *options)
        expect_equal(result["state"], "done", f"what became of '{verb}': {result.get('text')}")
        return result


shared = chancery.for_all_tests(lambda: started(Fleet()))


def started(fleet):
    """With a slot whose certificates come from an authority that speaks no SCEP."""
    fleet.folder = fleet.device.home
    make_authority(fleet.folder, "works")
    make_authority(fleet.folder, "others")
    fingerprint = openssl("x509", "-in", fleet.folder / "works.pem", "-noout", "-fingerprint", "-sha256").out
    # Without an address of a server: that is why agent.toml has none, and the slot "link" its own.
    config = fleet.device.config_file
    text, _, source = config.read_text().partition("[source]")
    config.write_text(text)
    own = [line for line in source.splitlines() if "=" in line]
    with open(fleet.device.slots / "link.toml", "a") as file:
        file.write("\n".join(own) + "\n")
    fleet.device.add_slot("machine", 'names = ["dns:machine.example"]', subject="CN=machine", key="ec:p256",
                          fingerprint=fingerprint.partition("=")[2].strip().replace(":", "").lower(),
                          certificate_path=fleet.folder / "service" / "cert.pem", key_path=fleet.folder / "service" / "key.pem",
                          full_chain_path=fleet.folder / "service" / "fullchain.pem")
    (fleet.folder / "service").mkdir()
    fleet.start()
    return fleet


def make_authority(folder, name):
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-days", "99",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem")


def sign(folder, csr, authority, *changes):
    """A file with the certificate that `authority` makes of a CSR, followed by its own. `changes`: options of `openssl x509`."""
    request, certificate = folder / "request.csr", folder / f"by-{authority}.pem"
    request.write_text(csr)
    openssl("x509", "-req", "-in", request, "-CA", folder / f"{authority}.pem", "-CAkey", folder / f"{authority}.key", "-days", "9",
            "-copy_extensions", "copy", *changes, "-out", certificate)
    whole = folder / f"whole-by-{authority}.pem"
    whole.write_text(certificate.read_text() + (folder / f"{authority}.pem").read_text())
    return whole


def test_a_csr_goes_out_and_its_certificate_comes_into_use():
    fleet = shared()
    folder, device = fleet.folder, fleet.device
    csr = fleet.do("generate-csr", "--slot", "machine")["data"]["csr"]
    wait_until(lambda: 'chancery node csr "gateway" machine prints it' in fleet.server.cli("node", "show", "gateway").out,
               "the hub does not say that a CSR waits")
    expect_equal(fleet.server.cli("node", "csr", "gateway", "machine").out, csr, "the CSR that is printed")
    expect_in("no request of slot 'link' waits", fleet.server.cli("node", "csr", "gateway", "link", code="fails").err)
    request = folder / "shown.csr"
    request.write_text(csr)
    expect_in("CN = machine", openssl("req", "-in", request, "-noout", "-subject", "-verify").text())
    expect_equal(fleet.do("generate-csr", "--slot", "machine")["data"]["csr"], csr, "the CSR of a repeated order")
    expect_equal(device.slot("machine")["stage"], "empty", "the stage while the CSR is out")

    for what, authority, changes, text in (
            ("from another authority", "others", (), "the CA certificate that the slot's file names by its fingerprint did not come along"),
            ("for another name", "works", ("-subj", "/CN=somebody-else"), "somebody-else")):
        refused = fleet.order("install-certificate", "--slot", "machine", "--certificates", sign(folder, csr, authority, *changes))
        expect_equal(refused["state"], "failed", f"what became of a certificate {what}")
        expect_in(text, refused["text"], f"the reason against a certificate {what}")
    other_key = folder / "other.csr"
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=machine", "-addext",
            "subjectAltName=DNS:machine.example", "-keyout", folder / "other.key", "-out", other_key)
    refused = fleet.order("install-certificate", "--slot", "machine", "--certificates", sign(folder, other_key.read_text(), "works"))
    expect_equal((refused["state"], refused["text"]), ("failed", "the certificate is for another key than the one that waits here"),
                 "what became of a certificate for another key")
    expect(not (folder / "service" / "cert.pem").exists(), "the service has a certificate that was refused")

    fleet.do("install-certificate", "--slot", "machine", "--certificates", sign(folder, csr, "works"))
    service = folder / "service"
    expect_equal(openssl("x509", "-in", service / "cert.pem", "-noout", "-pubkey").out,
                 openssl("pkey", "-in", service / "key.pem", "-pubout").out, "the key of the service's certificate")
    expect_equal(openssl("req", "-in", request, "-noout", "-pubkey").out, openssl("pkey", "-in", service / "key.pem", "-pubout").out,
                 "the key of the CSR")
    openssl("verify", "-CAfile", folder / "works.pem", service / "fullchain.pem")
    slot = device.slot("machine")
    expect_equal(slot["stage"], "valid", "the stage")

    def shown():
        slots = {each["name"]: each for each in fleet.server.cli("node", "show", "gateway", json=True)["slots"]}
        return slots["machine"].get("active") == slot["sha256"] and not slots["machine"].get("csr")

    wait_until(shown, "the hub does not see what is in use")


def test_authorities_are_trusted_from_afar_and_not_any_more():
    fleet = shared()
    file = fleet.device.state / "trust" / "radius.pem"
    certificates = fleet.folder / "works.pem"
    fleet.do("add-trust", "--set", "store=radius", "--certificates", certificates)
    expect_equal(file.read_text().split(), certificates.read_text().split(), "the file of the store")
    sha256 = fleet.device.run("trust", "list", json=True)["trust"][0]["sha256"]
    fleet.do("remove-trust", "--set", "store=radius", "--set", f"sha256={sha256}")
    expect_equal(file.read_text(), "", "the file of the store")
    expect_equal(fleet.device.run("trust", "list", json=True)["trust"], [], "what is trusted")
    typed = fleet.server.cli("node", "order", "gateway", "renew-slot", "--slot", "link", "--set", "foo=bar", code="fails")
    expect_in("this order takes no parameters: there is 'foo'", typed.err)
    refused = fleet.order("add-trust", "--set", "store=../radius", "--certificates", certificates)
    expect_equal((refused["state"], refused["text"]), ("failed", "a trust store's name is lower-case letters, digits and '-'"),
                 "what became of a store with a path for a name")
    expect_in(refused["text"], fleet.server.cli("node", "orders", "gateway").out)


def test_a_device_comes_at_once_when_its_request_was_approved():
    fleet = shared()
    server, device = fleet.server, fleet.device
    server.cli("endpoint", "add", "asked", "authorisers=challenge,manual")
    challenge = server.cli("node", "challenge", "gateway", "--slot", "door", "--endpoint", "asked", "--quiet").out.strip()
    device.add_slot("door", key="ec:p256", challenge=challenge, url=server.scep_url("asked"), poll_interval="1h",
                    fingerprint=server.cli("ca", "show", json=True)["root"]["sha256"])
    device.process.signal(signal.SIGHUP)
    wait_until(lambda: "the configuration was read again" in device.log(), lambda: device.log())
    device.wait_for("door", "awaiting_approval")
    server.cli("request", "approve", server.cli("request", "list", json=True)["requests"][0]["id"])
    device.wait_for("door", "valid", timeout=20)


def names(event):
    return [detail["value"] for detail in event["details"] if detail["name"] == "name"]


def test_a_device_that_was_off_for_too_long_comes_back_where_the_endpoint_lets_it():
    require("faketime")
    days_later = (chancery.program("faketime"), "-f", "+3d")
    server = Server("--organization", "Example", "--endpoint", "lenient", "--set", "authorisers=challenge", "--set", "validity=1d",
                    "--set", "renewal_grace=30d")
    server.cli("endpoint", "add", "strict", "authorisers=challenge", "validity=1d")
    devices = {"back": Device(server, "lenient"), "late": Device(server, "strict"), "stolen": Device(server, "lenient")}
    before = {}
    for name, device in devices.items():
        endpoint = "strict" if name == "late" else "lenient"
        device.add_slot("web", subject=f"CN={name}", key="ec:p256", challenge=server.challenge(endpoint=endpoint))
        device.start()
    for name, device in devices.items():
        before[name] = device.wait_for("web", "valid")
    server.cli("cert", "revoke", chancery.serial_of(devices["stolen"].file("web", "cert.pem")))
    for device in devices.values():
        device.process.stop()
    server.stop()

    server.start(wrapper=days_later)
    for device in devices.values():
        device.start(wrapper=days_later)
    back = devices["back"].wait_for("web", "valid")
    expect(back["sha256"] != before["back"]["sha256"], "the certificate is the same")
    for name, reason in (("late", "the certificate to renew is not valid any more"), ("stolen", "the certificate to renew is revoked")):
        device = devices[name]
        slot = wait_until(lambda: device.slot("web") if device.slot("web")["last_error"] else None, lambda: device.log())
        expect_equal((slot["stage"], slot["sha256"]), ("expired", before[name]["sha256"]), f"what '{name}' has")
        expect_in(reason, slot["last_error"], f"what '{name}' is told")
    events = server.cli("audit", "list", "--action", "certificate.renewed_after_expiry", json=True)["events"]
    expect_equal([names(event) for event in events], [["CN=back"]], "the renewals after the end in the audit trail")
    issued = [each["subject"] for each in server.cli("cert", "list", json=True)["certificates"]]
    expect_equal(sorted(issued), ["CN=back", "CN=back", "CN=late", "CN=stolen"], "the certificates")


if __name__ == "__main__":
    chancery.main()
