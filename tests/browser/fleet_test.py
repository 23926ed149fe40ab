#!/usr/bin/env python3
"""A device is set up with what the page says to paste: it appears as it enrols, does what a button asks, and is cut off. Another is
given a CA to trust and takes it back, and is asked again for what failed; in English and German."""
# ctest: TIMEOUT 300 COST 100

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import daemon
from browser import Browser
from chancery import Process, Server, expect, expect_equal, expect_in, wait_until

browser = Browser()


WORDS = {
    "en": {"slots": "Slots", "trust": "Trusted CAs", "add": "Add trusted CA", "remove": "Remove trusted CA", "restart": "Restart service",
           "warning": "no longer trusts", "done": "1 done, 0 failed, 0 under way", "failed": "0 done, 1 failed, 0 under way",
           "retry": "Try again", "retry all": "Try all again", "repeated": "1 is left out",
           "add a node": "Add a node", "make": "Add and make the challenge", "only now": "This challenge is shown only now", "show": "Show the node",
           "expected": "Expected", "admitted": "Admitted", "connected": "Connected", "not connected": "Not connected", "renew": "Renew",
           "orders": "Orders", "order done": "Done", "history": "History", "valid": "Valid", "revoked": "Revoked", "block": "Block",
           "blocked": "Blocked", "installed": "Installed"},
    "de": {"slots": "Plätze", "trust": "Vertraute CAs", "add": "Vertraute CA hinzufügen", "remove": "Vertraute CA entfernen", "restart": "Dienst neu starten",
           "warning": "nicht mehr", "done": "1 erfolgreich, 0 mit Fehler, 0 in Bearbeitung",
           "failed": "0 erfolgreich, 1 mit Fehler, 0 in Bearbeitung", "retry": "Erneut versuchen",
           "retry all": "Alle erneut versuchen", "repeated": "1 wird ausgelassen",
           "add a node": "Knoten hinzufügen", "make": "Hinzufügen und Challenge-Passwort erzeugen", "only now": "Dieses Challenge-Passwort ist nur jetzt zu sehen",
           "show": "Knoten zeigen", "expected": "Erwartet", "admitted": "Zugelassen", "connected": "Verbunden", "not connected": "Nicht verbunden",
           "renew": "Erneuern", "orders": "Aufträge", "order done": "Erfolgreich", "history": "Verlauf", "valid": "Gültig",
           "revoked": "Widerrufen", "block": "Sperren", "blocked": "Gesperrt", "installed": "Installiert"},
}


@chancery.for_all_tests
def hub():
    """A server that agents can call; `link` is its port for them."""
    server = Server(hub='link_listen = ["127.0.0.1:0"]\nhost_names = ["127.0.0.1", "localhost"]')

    def lines():
        return [line for line in server.log().splitlines() if 'listening address="' in line]

    wait_until(lambda: len(lines()) == 2, lambda: f"the server tells no address for agents:\n{server.log()}")
    server.link = lines()[-1].rsplit(":", 1)[1].rstrip('"')
    return server


class SetUpDevice:
    """An agent with the files of the page, moved to a folder of its own."""

    def __init__(self, server, challenge, agent_toml, slot_toml, slot):
        self.home = chancery.temporary_folder()
        file = self.home / "challenge"
        file.touch(0o600)
        file.write_text(challenge + "\n")
        (self.home / "slots.d").mkdir()
        (self.home / "slots.d" / f"{slot}.toml").write_text(
            slot_toml.replace(f"/etc/chancery-agent/{slot}.challenge", str(file)) + 'key = "ec:p256"\n')
        expect_in(f'url = "https://127.0.0.1:{server.link}"', agent_toml, "the agent's configuration")
        (self.home / "agent.toml").write_text(
            f'state = "{self.home}/state"\nsocket = "{self.home}/agent.sock"\n' + agent_toml)
        self.process = Process(chancery.AGENT, "run", "--config", self.home / "agent.toml", log=self.home / "agent.log")


def test_a_device_appears_renews_when_asked_and_is_cut_off():
    server = hub()
    # So that the overview shows when they end.
    server.cli("endpoint", "set", "devices", "validity=30d")
    page = browser.signed_in(server, "anna")
    page.goto(server.web_url() + "/nodes")
    page.sees('text="No nodes yet"')
    page.is_accessible("the empty list of nodes")
    for language, words in WORDS.items():
        appears_renews_and_is_cut_off(server, language, words)


def is_in_its_cluster(server, page, name):
    """From the day on which its certificate ends, and on the page of its cluster, where a CA is missing."""
    at = page.url()
    page.goto(server.web_url())
    page.sees("table >> text=In keinem Cluster")
    page.is_accessible("an overview with clusters")
    # The certificate of the first device is revoked: it does not count, though its cluster is the same.
    page.click("role=link[name=/^second floor: 1 Zertifikat endet am/]")
    page.sees('text="1 Zeile"')
    page.sees(f'tbody >> role=link[name="{name}"]')
    page.goto(server.web_url() + "/clusters")
    page.click('role=link[name="second floor"]')
    page.sees(f'tbody tr:has-text("{name}") [data-tone="ok"] >> text="Gültig"')
    page.is_accessible("the identity certificates of a cluster")
    page.click('role=link[name="Vertrauensspeicher"]')
    page.sees("text=Fehlt auf 1 Knoten")
    page.is_accessible("the trust store of a cluster")
    page.button("Wo es fehlt, hinzufügen")
    page.click('role=dialog >> role=button[name="Vertraute CA hinzufügen"]')
    page.sees(f'role=dialog >> text="{WORDS["de"]["done"]}"')
    page.press("body", "Escape")
    page.sees("text=Auf allen Knoten")
    page.click('main >> role=link[name="Aufträge"]')
    page.sees('tbody tr:has-text("Vertraute CA hinzufügen") [data-tone="ok"]')
    page.is_accessible("the orders of a cluster")
    page.click('main nav >> role=link[name="Knoten"]')
    page.click(f'tbody >> role=link[name="{name}"]')
    page.sees(f'aside >> role=heading[name="{name}"]')
    page.goto(at)
    page.sees(f'aside >> role=heading[name="{name}"]')


def appears_renews_and_is_cut_off(server, language, words):
    name = f"printer-{language}"
    page = browser.signed_in(server, f"anna-{language}", language=language)
    page.goto(server.web_url() + "/nodes")
    page.click(f'role=link[name="{words["add a node"]}"]')
    page.fill("input[maxlength='64']", name)
    page.fill('role=textbox[name="Cluster"]', "second floor")
    page.button(words["make"])
    page.sees(f'text="{words["only now"]}"')
    page.sees('text="/etc/chancery-agent/agent.toml"')
    challenge, agent_toml, slot_toml = (page.textContent(f"pre >> nth={each}") for each in range(3))
    page.click(f'role=link[name="{words["show"]}"]')
    page.sees(f'aside [data-tone="info"] >> text="{words["expected"]}"')

    device = SetUpDevice(server, challenge.strip(), agent_toml, slot_toml, "default")
    subject = f'aside >> role=link[name="CN={name}"]'
    try:
        # Nobody reloads the page.
        page.sees(f'aside [data-tone="ok"] >> text="{words["admitted"]}"')
        page.sees(f'aside [data-tone="ok"] >> text="{words["connected"]}"')
        page.sees('aside >> role=heading[name="default"]')
        page.sees(subject)
        page.sees('aside >> text="second floor"')
    except chancery.Failure as problem:
        raise chancery.Failure(f"{problem}\n\nThe agent says:\n{device.process.log()}") from None
    page.is_accessible("a node that is there")

    first = page.getAttribute(subject, "href")
    page.button(words["renew"])
    page.sees("role=dialog")
    page.is_accessible("the question before a renewal")
    page.click(f'role=dialog >> role=button[name="{words["renew"]}"]')
    page.click(f'role=tab[name="{words["orders"]}"]')
    page.sees(f'aside [data-tone="ok"] >> text="{words["order done"]}"')
    page.click(f'role=tab[name="{words["slots"]}"]')
    wait_until(lambda: page.getAttribute(subject, "href") != first, "the page shows the old certificate after the renewal")
    page.click(f'role=tab[name="{words["history"]}"]')
    page.sees(f'aside >> text="{words["installed"]}" >> nth=0')
    page.is_accessible("what a node reported")

    if language == "de":
        is_in_its_cluster(server, page, name)

    # Its certificate is revoked: so say the panel, the slot and the list at once, whatever the device said when it was here last.
    page.click(f'role=tab[name="{words["slots"]}"]')
    page.sees(f'aside section [data-tone="ok"] >> text="{words["valid"]}"')
    at = page.url()
    server.cli("cert", "revoke", page.getAttribute(subject, "href").split("?")[0].rsplit("/", 1)[1], "--reason", "keyCompromise")
    page.sees(f'aside section [data-tone="bad"] >> text="{words["revoked"]}"')
    page.sees(f'aside > div >> nth=0 >> [data-tone="bad"] >> text="{words["revoked"]}"')
    page.sees(f'aside >> text="{words["not connected"]}"')
    expect(page.isHidden(f'aside section [data-tone="ok"] >> text="{words["valid"]}"'), "the slot of a revoked certificate is well")
    page.is_accessible("a node whose certificate is revoked")
    page.goto(server.web_url())
    page.click('a[href*="problem=revoked"]')
    page.sees(f'tbody tr:has-text("{name}") [data-tone="bad"] >> text="{words["revoked"]}"')

    page.goto(at)
    page.button(words["block"])
    page.click(f'role=dialog >> role=button[name="{words["block"]}"]')
    page.sees(f'aside [data-tone="bad"] >> text="{words["blocked"]}"')
    expect(page.isHidden(f'aside >> role=button[name="{words["renew"]}"]'), "a blocked node can be given orders")


def test_a_ca_is_trusted_and_no_longer_and_what_failed_is_asked_again():
    server = hub()
    allowed = server.folder / "may-restart"
    device = daemon.Device(server, settings=f'[hub]\nurl = "https://127.0.0.1:{server.link}"')
    device.add_slot("web", f'restart = ["/usr/bin/test", "-e", "{allowed}"]', challenge=server.cli(
        "node", "add", "test-device", "--slot", "web", "--endpoint", "devices", "--quiet").out.strip())
    device.start().wait_for("web", "valid")
    node = wait_until(lambda: next((each for each in server.cli("node", "list", "--state", "admitted", json=True)["nodes"]
                                    if each["name"] == "test-device"), None), "the device has not called the hub")
    store = device.state / "trust" / "default.pem"
    root = server.fetch("/ca/root.pem", "root.pem").read_text().strip()
    for language, words in WORDS.items():
        page = browser.signed_in(server, f"maria-{language}", "operator", language=language)
        page.goto(f"{server.web_url()}/nodes/{node['id']}")

        page.click(f'role=tab[name="{words["trust"]}"]')
        page.button(words["add"])
        # What somebody began and gave up is not there the next time.
        page.fill("role=dialog >> input[pattern]", "elsewhere")
        page.press("body", "Escape")
        page.does_not_see("role=dialog")
        page.button(words["add"])
        page.sees('role=dialog >> text=test-device >> nth=0')
        expect_equal(page.inputValue("role=dialog >> input[pattern]"), "default", "the trust store in a dialog opened again")
        page.is_accessible("the question before a CA is trusted")
        page.click(f'role=dialog >> role=button[name="{words["add"]}"]')
        page.sees(f'role=dialog >> text="{words["done"]}"')
        page.is_accessible("what became of the orders")
        expect_in(root, store.read_text(), "what the device trusts")
        page.press("body", "Escape")
        if language == "en":
            page.click(f'aside >> role=button[name="{words["remove"]}"]')
        else:
            # From the list, with a node that is left out; it shows behind the dialog, too.
            server.cli("node", "add", "not-yet-here")
            # Devices of other stories are in it, too.
            for name in ("test-device", "not-yet-here"):
                page.click(f'role=checkbox[name="{name} auswählen"]')
            page.button("Aktionen")
            page.click(f'role=menuitem[name="{words["remove"]}"]')
            page.sees('role=dialog >> text="1 wird ausgelassen (nicht zugelassen): not-yet-here"')
        page.sees(f'role=dialog >> text={words["warning"]}')
        page.click(f'role=dialog >> role=button[name="{words["remove"]}"]')
        # The CA leaves the list behind the dialog, which goes on to say so.
        page.sees("aside [role=tabpanel] li", "detached")
        page.sees(f'role=dialog >> text="{words["done"]}"')
        expect(root not in store.read_text(), "the device still trusts the CA that was removed")
        page.press("body", "Escape")

        page.click(f'role=tab[name="{words["slots"]}"]')
        page.button(words["restart"])
        page.click(f'role=dialog >> role=button[name="{words["restart"]}"]')
        page.does_not_see("role=dialog")
        # From the number on the overview to the list, to the order, to the device's own words.
        page.goto(server.web_url())
        page.click('a[href*="state=failed"]')
        page.click("tbody a >> nth=0")
        page.sees("aside >> text=ended with 1")
        page.is_accessible("a failed order")
        allowed.touch()
        if language == "en":
            page.button(words["retry"])
            page.click(f'role=dialog >> role=button[name="{words["retry"]}"]')
            page.does_not_see("role=dialog")
        else:
            # All at once, from the list; the one that failed in English was the same.
            page.goto(f"{server.web_url()}/orders?state=failed")
            page.button(words["retry all"])
            page.sees(f'role=dialog >> text=test-device · {words["restart"]} · web')
            page.sees(f'role=dialog >> text={words["repeated"]}')
            page.click(f'role=dialog >> role=button[name="{words["retry"]}"]')
            page.sees(f'role=dialog >> text="{words["done"]}"')
        page.goto(f"{server.web_url()}/orders?verb=restart")
        page.sees('tbody tr >> nth=0 >> [data-tone="ok"]')
        page.is_accessible("the list of orders")
        allowed.unlink()


if __name__ == "__main__":
    chancery.main()
