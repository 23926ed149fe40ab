#!/usr/bin/env python3
"""The agent's keys are made in a PKCS#11 token (SoftHSM) or by a TPM 2.0 (swtpm) and stay there: it enrols with them,
calls the hub, renews, goes back and starts again."""
# ctest: TIMEOUT 300

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import daemon
from chancery import Process, Server, expect, expect_equal, expect_in, free_port, require, run, serial_of, wait_until

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN, WRONG_PIN = "246813", "135792"


def hub():
    """A server that agents can call at `link`."""
    server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge",
                    hub='link_listen = ["127.0.0.1:0"]\nhost_names = ["127.0.0.1", "localhost"]')

    def addresses():
        return [line for line in server.log().splitlines() if 'listening address="' in line]

    wait_until(lambda: len(addresses()) == 2, lambda: f"the server tells no address for agents:\n{server.log()}")
    server.link = int(addresses()[-1].rsplit(":", 1)[1].rstrip('"'))
    return server


def device_of(server):
    return daemon.Device(server, settings=f'[hub]\nurl = "https://127.0.0.1:{server.link}"\nhold = "20s"')


def node_challenge(server, slot):
    return server.cli("node", "add", "test-device", "--slot", slot, "--endpoint", "devices", "--quiet").out.strip()


class Token:
    """A token of SoftHSM with its PIN in a file, for this process and those that it starts."""

    def __init__(self):
        if not MODULE.exists():
            print("skipped: not installed: SoftHSM: run './dev setup'")
            sys.exit(chancery.SKIPPED)
        self.folder = chancery.temporary_folder()
        (self.folder / "tokens").mkdir()
        settings = self.folder / "softhsm2.conf"
        settings.write_text(f"directories.tokendir = {self.folder}/tokens\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(settings)
        run("softhsm2-util", "--init-token", "--free", "--label", "office", "--pin", PIN, "--so-pin", "9876")
        self.pin_file = self.folder / "pin"
        self.pin_file.touch(0o600)
        self.pin_file.write_text(PIN + "\n")

    def options(self):
        return {"key_store": "pkcs11", "pkcs11_module": MODULE, "token": "office", "pin_file": self.pin_file}

    def keys(self):
        """How many keys it holds: each is two objects, and each object a file."""
        return sum(1 for file in (self.folder / "tokens").rglob("*.object") if file.name != "token.object") / 2


class Tpm:
    """A TPM 2.0 of its own, reached by TCP on loopback, for this process and those that it starts."""

    def __init__(self):
        self.folder = chancery.temporary_folder()
        for _ in range(5):
            port = free_port()
            options = "bindaddr=127.0.0.1"
            self.process = Process(chancery.program("swtpm"), "socket", "--tpm2", "--tpmstate", f"dir={self.folder}",
                                   "--server", f"type=tcp,port={port},{options}",
                                   "--ctrl", f"type=tcp,port={port + 1},{options}",
                                   "--flags", "not-need-init,startup-clear", log=self.folder / "swtpm.log")
            wait_until(lambda: self.process.code is not None or self.listens(port + 1), self.process.log)
            if self.process.code is None:
                os.environ["TPM2OPENSSL_TCTI"] = f"swtpm:host=127.0.0.1,port={port}"
                return
        chancery.fail(f"swtpm does not run:\n{self.process.log()}")

    @staticmethod
    def listens(port):
        table = Path("/proc/net/tcp").read_text().splitlines()[1:]
        return any(line.split()[1] == f"0100007F:{port:04X}" and line.split()[3] == "0A" for line in table)


def expect_no_key_in(folder):
    for file in folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            expect(b"BEGIN PRIVATE KEY" not in content and b"BEGIN EC PRIVATE" not in content and
                   b"BEGIN RSA PRIVATE" not in content, f"{file} holds a private key")


def expect_life(server, device, slot, kept_file, place):
    """From the first certificate to the third, back to the second, and over a restart."""
    device.wait_for(slot, "valid", timeout=60)
    expect_equal(device.slot(slot)["key"], place, "where the key is")
    expect_in(place, device.run("slots").out)
    wait_until(lambda: server.cli("node", "show", "test-device", json=True)["online"],
               lambda: f"the hub does not see the agent:\n{device.log()}", timeout=30)
    expect_no_key_in(device.state)
    expect(device.file(slot, kept_file).exists(), f"there is no {kept_file}")
    first = serial_of(device.file(slot, "cert.pem"))
    device.run("renew", slot)
    second = serial_of(device.file(slot, "cert.pem"))
    kept = device.file(slot, kept_file).read_text()
    device.run("renew", slot)
    expect_equal(len({first, second, serial_of(device.file(slot, "cert.pem"))}), 3, "the number of certificates")
    before = next(each for each in device.run("certs", json=True)["certificates"]
                  if each["slot"] == slot and each["state"] == "kept")
    device.run("activate", slot, before["sha256"])
    expect_equal(serial_of(device.file(slot, "cert.pem")), second, "the certificate in use")
    expect_equal(device.file(slot, kept_file).read_text(), kept, "what the folder keeps of the key")
    device.process.stop()
    device.start()
    device.wait_for(slot, "valid")
    expect_equal(serial_of(device.file(slot, "cert.pem")), second, "the certificate after a restart")
    wait_until(lambda: server.cli("node", "show", "test-device", json=True)["online"],
               lambda: f"the hub does not see the agent again:\n{device.log()}", timeout=30)
    device.run("renew", slot)
    expect_no_key_in(device.state)


def life_in_token(kind):
    token, server = Token(), hub()
    device = device_of(server)
    reference = device.home / "service.uri"
    device.add_slot("web", challenge=node_challenge(server, "web"), key=kind, key_reference=reference, **token.options())
    device.start()
    expect_life(server, device, "web", "key.uri", "the PKCS#11 token 'office'")
    expect_equal(token.keys(), 2, "the keys in the token: the one in use and the one before")
    expect_in("pkcs11:token=office;id=%", reference.read_text())
    expect(PIN not in device.log() + reference.read_text(), "the PIN was told")
    return token, device


def test_a_token_keeps_rsa_keys_with_which_the_agent_enrols_and_calls_the_hub():
    life_in_token("rsa:2048")


def test_a_token_keeps_elliptic_curve_keys_and_a_wrong_pin_does_not_lock_it():
    token, device = life_in_token("ec:p256")
    serial = serial_of(device.file("web", "cert.pem"))
    device.process.stop()
    token.pin_file.write_text(WRONG_PIN + "\n")
    device.start()
    shown = device.wait_for("web", "failed")
    expect_in(f"the PKCS#11 token 'office' refuses the PIN in {token.pin_file}, which is not tried again", shown["last_error"])
    for _ in range(12):
        device.run("renew", "web", code="fails")
    expect(WRONG_PIN not in device.log(), "the PIN was told")
    expect_equal(len(list((device.state / "slots/web/versions").iterdir())), 2, "the number of versions that are kept")
    token.pin_file.write_text(PIN + "\n")
    device.run("renew", "web")
    expect(serial_of(device.file("web", "cert.pem")) != serial, "the certificate was not renewed")


def test_a_tpm_wraps_keys_which_are_worth_nothing_elsewhere():
    require("swtpm")
    if not any(Path("/usr/lib").glob("*/ossl-modules/tpm2.so")):
        print("tpm2-openssl is not installed: run './dev setup'")
        sys.exit(chancery.SKIPPED)
    tpm, server = Tpm(), hub()
    device = device_of(server)
    key = device.home / "service.key"
    device.add_slot("web", challenge=node_challenge(server, "web"), key="ec:p256", key_store="tpm", key_path=key)
    device.start()
    expect_life(server, device, "web", "key.pem", "this machine's TPM")
    expect(key.read_text().startswith("-----BEGIN TSS2 PRIVATE KEY-----"), f"the service gets:\n{key.read_text()}")
    device.add_slot("mail", challenge=server.challenge(), key="rsa:2048", key_store="tpm")
    device.process.stop()
    device.start()
    device.wait_for("mail", "valid", timeout=60)
    device.run("renew", "mail")
    device.process.stop()
    device.config_file.write_text(device.config_file.read_text().replace("[hub]", '[hub]\nslot = "mail"'))
    device.start()
    wait_until(lambda: "TLS cannot use an RSA key of a TPM" in device.run("status").out,
               lambda: f"the agent does not say why it cannot call:\n{device.run('status').out}", timeout=30)
    device.process.stop()
    tpm.process.stop()
    Tpm()
    device.start()
    expect_in("the TPM does not load a key: it is another machine's", device.wait_for("web", "failed")["last_error"])


if __name__ == "__main__":
    chancery.main()
