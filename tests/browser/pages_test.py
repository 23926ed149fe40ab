#!/usr/bin/env python3
"""Administrators on the hub's pages, in a real browser and with real programs: first sign-in, a device that appears, a request
that waits, a renewal seen as it happens, a certificate that is revoked; in English and German. One server does for all of it."""
# ctest: TIMEOUT 600 COST 200

import functools
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import agent as agents
import chancery
from browser import PASSWORD, Browser
from chancery import Server, expect, expect_equal, expect_in, wait_until

# What a person reads, by language: enough of it to find the way.
WORDS = {
    "en": {"overview": "Overview", "nodes": "Nodes", "requests": "Requests", "certificates": "Certificates", "waits": "request to approve",
           "choose": "Choose a password", "sign in": "Sign in", "approve": "Approve", "reject": "Reject", "issued": "Successful",
           "revoke": "Revoke", "revoked": "Revoked", "expected": "Expected", "failed": "That did not work", "rejected": "Rejected",
           "no requests": "No request is pending", "add": "Add and make the challenge", "challenge": "Challenge password",
           "wrong": "The user or the password is wrong", "finding": "only this machine reaches CRLs and SCEP there"},
    "de": {"overview": "Übersicht", "nodes": "Knoten", "requests": "Anforderungen", "certificates": "Zertifikate",
           "waits": "Anforderung wartet auf Genehmigung", "choose": "Passwort wählen", "sign in": "Anmelden", "approve": "Genehmigen",
           "reject": "Ablehnen", "issued": "Erfolgreich", "revoke": "Widerrufen", "revoked": "Widerrufen", "expected": "Erwartet",
           "failed": "Das hat nicht geklappt", "rejected": "Abgelehnt", "no requests": "Keine Anforderung steht aus",
           "add": "Hinzufügen und Challenge-Passwort erzeugen", "challenge": "Challenge-Passwort",
           "wrong": "Der Benutzer oder das Passwort ist falsch", "finding": "Nur diese Maschine erreicht dort Sperrlisten und SCEP"},
}

browser = Browser()


@chancery.for_all_tests
def hub():
    """A server with an endpoint for challenges and one where a person decides."""
    server = Server()
    server.cli("endpoint", "add", "lobby", "authorisers=manual", "alternative_names=dns,ip")
    return server


@functools.cache
def desk(language, role):
    return chancery.for_all_tests(lambda: browser.signed_in(hub(), f"{role}-{language}", role, language=language))


def signed_in(language, role="administrator", width=1280):
    """A page of the one person with that role and language, whose name is these two, and the words of the language. Whoever signed in
    once stays so for all tests."""
    page = desk(language, role)()
    page.setViewportSize({"width": width, "height": 900})
    return page, WORDS[language]


def in_both_languages(test):
    server = hub()
    for language in WORDS:
        test(server, language)


def test_at_the_first_sign_in_a_password_has_to_be_chosen():
    def first(server, language):
        words = WORDS[language]
        given = server.cli("user", "add", f"new-{language}", "--quiet").out.strip()
        page = browser.page(language=language)
        page.sign_in(server.web_url(), f"new-{language}", "not the password")
        page.sees(f'role=alert >> text="{words["failed"]}"')
        expect_in(words["wrong"], page.textContent("role=alert"), "what the page says of a wrong password")
        page.is_accessible("the sign-in page")
        # After a failure the server wants a pause, and says how long.
        server.cli("user", "unlock", f"new-{language}")
        page.fill("input[name=password]", given)
        page.click("button[type=submit]")
        page.sees(f'role=heading[name="{words["choose"]}"]')
        page.is_accessible("the page for the first password")
        for field, text in zip(range(3), (given, PASSWORD, PASSWORD)):
            page.fill(f"input[type=password] >> nth={field}", text)
        page.click("button[type=submit]")
        page.sees(f'role=heading[name="{words["overview"]}"]')
        page.sees(f'text={words["finding"]}')
        page.is_accessible("the overview")
        # The address is kept over a reload, and so is the session.
        page.goto(server.web_url() + "/certificates")
        page.sees(f'role=heading[name="{words["certificates"]}"]')

    in_both_languages(first)


def test_a_request_that_waits_is_approved_and_another_rejected_and_the_page_sees_each_as_it_comes():
    def decide(server, language):
        page, words = signed_in(language, "operator")
        page.goto(server.web_url() + "/requests")
        page.sees(f'text="{words["no requests"]}"')
        page.is_accessible("the empty list of requests")
        device = agents.for_server(server, "lobby")
        expect_equal(device.run("enroll", "--subject", f"CN=room-{language}", "--dns", "room.example", "--no-challenge", code=6).code,
                     6, "the exit code of a request that waits")
        # It appears without a reload, here and in the navigation.
        page.click(f'role=link[name="room-{language}"]')
        page.sees("aside >> text=room.example")
        page.button(words["approve"])
        page.sees("role=dialog")
        page.is_accessible("the question before approving")
        page.click(f'role=dialog >> role=button[name="{words["approve"]}"]')
        page.sees(f'aside >> text="{words["issued"]}"')
        page.is_accessible("the approved request")
        device.run("poll")
        expect(device.file("cert.pem").exists(), "the device has no certificate after the approval")

        other = agents.for_server(server, "lobby")
        other.run("enroll", "--subject", f"CN=stranger-{language}", "--no-challenge", code=6)
        page.goto(server.web_url() + "/requests")
        page.click(f'role=link[name="stranger-{language}"]')
        page.button(words["reject"])
        page.fill("role=dialog >> textarea", "nobody knows it")
        page.click(f'role=dialog >> role=button[name="{words["reject"]}"]')
        page.sees(f'aside >> text="{words["rejected"]}"')
        page.sees('aside >> text=/^"nobody knows it"$/')
        other.run("poll", code=7)
        if language == "en":
            approve_many(server, page)

    in_both_languages(decide)


def approve_many(server, page):
    """Whoever lets in many has looked at how many."""
    devices = [agents.for_server(server, "lobby") for _ in range(2)]
    for number, device in enumerate(devices):
        device.run("enroll", "--subject", f"CN=locker-{number}", "--no-challenge", code=6)
    page.goto(server.web_url() + "/requests")
    page.sees("tbody tr >> nth=1")
    page.click('role=checkbox[name="Select all rows shown"]')
    page.button("Approve")
    page.click('role=dialog >> role=button[name="Approve"]')
    page.sees("role=dialog >> role=textbox[name=/Type 2 to go on/]")
    page.fill("role=dialog >> input", "2")
    page.click('role=dialog >> role=button[name="Approve"]')
    page.sees('role=dialog >> text="2 done, 0 failed, 0 under way"')
    for device in devices:
        device.run("poll")


def test_a_renewal_is_seen_while_the_page_is_open_and_the_overview_counts():
    def renew(server, language):
        device = agents.for_server(server)
        device.enrol(f"CN=printer-{language}", challenge=server.challenge())
        page, _ = signed_in(language, "auditor")
        page.goto(f"{server.web_url()}/certificates?text=printer-{language}")
        page.sees("tbody tr")
        before = page.getAttribute("tbody a", "href")
        device.run("renew")
        # Two rows: the new one, and the old one, which a search still finds.
        page.sees("tbody tr >> nth=1")
        expect(page.getAttribute("tbody a >> nth=0", "href") != before, "the renewed certificate is not first")
        page.is_accessible("the list of certificates")
        if language == "en":
            save_both(page, device)
        # An auditor may look, and is told why nothing else works.
        page.click("tbody a >> nth=0")
        page.sees("aside h2")
        page.is_accessible("a certificate's panel")
        expect_equal(page.getAttribute(f'aside >> role=button[name="{WORDS[language]["revoke"]}"]', "aria-disabled"), "true",
                     "whether the auditor's button is off")

    in_both_languages(renew)


def save_both(page, device):
    """The old and the new certificate in one file. An auditor may do that."""
    page.click('role=checkbox[name="Select all rows shown"]')
    page.button("Export as PEM")
    page.sees("role=dialog >> text=2 certificates go into one file")
    saved = page.download('role=dialog >> role=button[name="Export as PEM"]')
    expect_equal(saved.count("BEGIN CERTIFICATE"), 2, "the number of certificates in the file")
    expect_in(device.file("cert.pem").read_text().strip(), saved, "the file")
    page.sees('role=dialog >> text="2 done, 0 failed, 0 under way"')
    page.press("body", "Escape")
    page.does_not_see("role=dialog")


def test_a_revoked_certificate_is_shown_so_and_cannot_be_renewed():
    def revoke(server, language):
        device = agents.for_server(server)
        device.enrol(f"CN=lost-{language}", challenge=server.challenge())
        page, words = signed_in(language, "operator")
        page.goto(f"{server.web_url()}/certificates/{chancery.serial_of(device.file('cert.pem'))}")
        page.button(words["revoke"])
        page.selectOption("role=dialog >> select", "keyCompromise")
        page.is_accessible("the question before revoking")
        page.click(f'role=dialog >> role=button[name="{words["revoke"]}"]')
        page.sees(f'aside [data-tone="bad"] >> text="{words["revoked"]}"')
        device.run("renew", code=7)
        expect_in("lost-" + language, server.cli("cert", "list", "--state", "revoked").out, "the list of revoked certificates")

    in_both_languages(revoke)


def test_a_device_is_announced_on_a_page_and_appears_as_expected():
    def announce(server, language):
        page, words = signed_in(language, "operator", width=390)
        page.goto(server.web_url() + "/nodes/new")
        page.fill("input[maxlength='64']", f"copier-{language}")
        page.is_accessible("the form for a new node")
        page.button(words["add"])
        page.sees(f'role=heading[name=/copier-{language}/]')
        page.sees('text="/etc/chancery-agent/agent.toml"')
        page.is_accessible("the hand-over page")
        lines = [page.textContent(f"pre >> nth={each}") for each in range(4)]
        expect_in(f'node = "copier-{language}"', lines[1], "the agent's configuration")
        expect(lines[0].strip() not in "".join(lines[1:]), "the challenge stands in a file or command to paste")
        # The challenge is good for this device, and for it alone.
        device = agents.for_server(server)
        device.enrol(f"CN=copier-{language}", challenge=lines[0].strip())
        page.goto(server.web_url() + "/nodes")
        page.click(f'role=link[name="copier-{language}"]')
        page.sees(f'aside >> text="{words["expected"]}"')
        page.is_accessible("a node's panel on a phone")

    in_both_languages(announce)


def test_an_unlocked_screen_makes_no_second_administrator():
    server = hub()
    page, _ = signed_in("de")
    page.goto(server.web_url() + "/users")
    page.button("Benutzer hinzufügen")
    page.fill("role=dialog >> input >> nth=0", "second")
    page.selectOption("role=dialog >> select", "administrator")
    page.fill("role=dialog >> input[autocomplete=current-password]", "a guess at it")
    page.click("role=dialog >> button[type=submit]")
    page.sees('role=dialog >> role=alert >> text="Ihr eigenes Passwort ist falsch"')
    expect("second" not in server.cli("user", "list").out, "a user was made with a wrong password")
    server.cli("user", "unlock", "administrator-de")
    # Somebody who gives up leaves neither a password nor anything else behind in the dialog.
    page.fill("role=dialog >> input[autocomplete=current-password]", PASSWORD)
    page.click('role=dialog >> role=button[name="Abbrechen"]')
    page.does_not_see("role=dialog")
    page.button("Benutzer hinzufügen")
    expect_equal(page.inputValue("role=dialog >> input[autocomplete=current-password]"), "", "one's own password in a dialog opened again")
    expect_equal(page.inputValue("role=dialog >> input >> nth=0"), "", "the name in a dialog opened again")
    page.fill("role=dialog >> input >> nth=0", "second")
    page.selectOption("role=dialog >> select", "administrator")
    page.fill("role=dialog >> input[autocomplete=current-password]", PASSWORD)
    page.click("role=dialog >> button[type=submit]")
    page.sees('role=dialog >> text="Passwort von second"')
    page.goto(server.web_url() + "/audit")
    page.sees('tbody >> text="Benutzer hinzugefügt" >> nth=0')
    page.sees('tbody >> text="Anmeldung abgewiesen" >> nth=0')


def test_an_unlocked_screen_shuts_nobody_out():
    server = hub()
    server.cli("user", "add", "victim", "--quiet")
    page, _ = signed_in("de")
    page.goto(server.web_url() + "/users/victim")

    def does(button, own):
        page.button(button)
        page.sees("role=dialog")
        page.fill("role=dialog >> input[autocomplete=current-password]", own)
        page.click("role=dialog >> button[type=submit]")

    does("Entfernen", "a guess at it")
    page.sees('role=dialog >> role=alert >> text="Ihr eigenes Passwort ist falsch"')
    page.click('role=dialog >> role=button[name="Abbrechen"]')
    server.cli("user", "unlock", "administrator-de")
    does("Abschalten", PASSWORD)
    page.sees('aside >> text="Abgeschaltet"')
    does("Einschalten", PASSWORD)
    page.sees('aside >> role=button[name="Abschalten"]')
    does("Entfernen", PASSWORD)
    page.does_not_see("aside")
    expect("victim" not in server.cli("user", "list").out, "the user is still there")


def test_the_settings_of_an_endpoint_are_told_in_the_readers_language():
    server = hub()
    page, _ = signed_in("de", "auditor")
    page.goto(server.web_url() + "/authority/endpoints/lobby")
    page.sees('aside >> text="Gültigkeit eines Zertifikats"')
    page.sees('aside >> [placeholder="eine Dauer von 1m bis 20y"]')


# Announces 60 nodes at once, and gives some of them orders that it takes back: a person's browser does it, with that person's session.
ADD_NODES = """(async () => {
  const { csrf_token } = await (await fetch("/api/v1/session")).json();
  const post = async (path, body) => {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf_token };
    return (await fetch(`/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  const numbers = Array.from({ length: 60 }, (_, index) => String(index + 1).padStart(2, "0"));
  const nodes = await Promise.all(numbers.map((number) => post("nodes", { name: `shelf-${number}` })));
  const orders = await Promise.all(nodes.slice(0, 20).map(({ node }) => post(`nodes/${node.id}/orders`, { verb: "read_inventory" })));
  await Promise.all(orders.map(({ id }) => post(`orders/${id}/cancel`, {})));
})()"""

# From the fifth on, what is asked once more waits until it is let go.
HOLD_REPEATS = """(() => {
  const { fetch } = window;
  const gate = new Promise((open) => { window.letGo = open; });
  let asked = 0;
  window.fetch = async (...given) => {
    if (!String(given[0]).endsWith("/repeat")) return fetch(...given);
    window.repeats = asked += 1;
    if (asked > 4) await gate;
    return fetch(...given);
  };
})()"""


def stop_while_it_asks(server, page):
    """Four orders are asked once more, four are on their way, and then somebody has seen enough."""
    page.goto(server.web_url() + "/orders?state=cancelled&verb=read_inventory")
    page.sees('text="20 rows"')
    page.click('role=checkbox[name="Select all rows shown"]')
    page.button("Try again")
    page.sees("role=dialog >> text=20 orders")
    page.evaluate(HOLD_REPEATS)
    page.click('role=dialog >> role=button[name="Try again"]')
    page.sees('role=dialog >> text="0 done, 0 failed, 20 under way"')
    wait_until(lambda: page.evaluate("window.repeats") == 8, "the first four were not answered")
    page.click('role=dialog >> role=button[name="Stop"]')
    page.evaluate("window.letGo()")
    page.sees("role=dialog >> text=0 done, 0 failed, 8 under way · stopped: 12 were not begun")
    page.press("body", "Escape")
    page.does_not_see("role=dialog")
    page.goto(server.web_url() + "/orders?state=queued&verb=read_inventory")
    page.sees('text="8 rows"')


def test_all_that_match_are_selected_and_something_is_done_with_each():
    server = hub()
    page, _ = signed_in("en", "operator")
    page.evaluate(ADD_NODES)
    stop_while_it_asks(server, page)
    page.goto(server.web_url() + "/nodes?text=shelf-")
    page.sees('text="The first 50 rows"')

    # By keyboard, and with Shift to another row.
    page.press('role=link[name="shelf-01"]', "Space")
    page.sees('text="1 selected"')
    page.click('role=checkbox[name="Select shelf-04"]', {"modifiers": ["Shift"]})
    page.sees('text="4 selected"')
    page.click("role=button[name=/^Select all that match/]")
    page.sees('text="All 60 that match are selected"')
    # What goes meanwhile is not selected any more.
    server.cli("node", "remove", "shelf-02")
    page.sees('text="All 59 that match are selected"')
    page.sees("text=1 row left the list")

    page.button("More")
    page.click('role=menuitem[name="Block"]')
    page.sees("role=dialog >> text=The links to 59 nodes end at once")
    page.is_accessible("the question before many nodes are blocked")
    page.fill("role=dialog >> input", "50")
    page.click('role=dialog >> role=button[name="Block"]')
    expect(page.isVisible("role=dialog >> input"), "50 was taken for 59")
    page.fill("role=dialog >> input", "59")
    page.click('role=dialog >> role=button[name="Block"]')
    page.sees('role=dialog >> text="59 done, 0 failed, 0 under way"')
    page.press("body", "Escape")
    page.does_not_see("role=dialog")
    blocked = [each["name"] for each in server.cli("node", "list", "--state", "blocked", json=True)["nodes"]]
    expect_equal(len([name for name in blocked if name.startswith("shelf-")]), 59, "the blocked nodes")

    # Once more there is nothing to do, and the reason is told. Another filter is another selection.
    page.button("More")
    page.click('role=menuitem[name="Block"]')
    page.sees("role=dialog >> text=59 are skipped (blocked already)")
    page.press("body", "Escape")
    page.fill("input[placeholder]", "shelf-0")
    page.sees('text="8 rows"')
    page.does_not_see("text=/selected/")

    # An auditor may select and export, and is told why nothing else works; on a phone, too.
    looker, _ = signed_in("en", "auditor", width=390)
    looker.goto(server.web_url() + "/nodes?text=shelf-")
    looker.click('role=checkbox[name="Select all rows shown"]')
    looker.sees('text="50 selected"')
    looker.button("Actions")
    looker.sees("role=menuitem >> text=This needs the role Operator or Administrator >> nth=0")
    expect_equal(looker.getAttribute("role=menuitem >> nth=0", "aria-disabled"), "true", "whether the auditor's operation is off")
    expect(looker.getAttribute('role=menuitem[name="Export selection as CSV"]', "aria-disabled") is None, "an auditor cannot export")
    looker.is_accessible("a selection on a phone")

    # What is removed leaves list and selection, and the dialog goes on to tell of it.
    page.fill("input[placeholder]", "shelf-")
    page.sees('text="The first 50 rows"')
    page.click('role=checkbox[name="Select all rows shown"]')
    page.click("role=button[name=/^Select all that match/]")
    page.button("More")
    page.click('role=menuitem[name="Remove"]')
    page.fill("role=dialog >> input", "59")
    page.click('role=dialog >> role=button[name="Remove"]')
    page.sees('role=dialog >> text="59 done, 0 failed, 0 under way"')
    page.press("body", "Escape")
    page.sees('text="Nothing matches"')
    page.sees("text=59 rows left the list")


# The words of a list that stand in two lines on a phone.
BROKEN_WORDS = r"""[...document.querySelectorAll("[data-words], td time, td [data-tone]")].flatMap((element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const broken = [];
  while (walker.nextNode()) {
    for (const match of walker.currentNode.data.matchAll(/\p{L}+/gu)) {
      const range = document.createRange();
      range.setStart(walker.currentNode, match.index);
      range.setEnd(walker.currentNode, match.index + match[0].length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(match[0]);
    }
  }
  return broken;
})"""


def test_the_audit_trail_is_searched_and_leads_to_what_it_tells_of():
    server = hub()
    page, _ = signed_in("de", "auditor")
    server.cli("node", "add", "archive")
    page.goto(server.web_url() + "/audit")
    page.sees("tbody tr >> nth=2")
    page.selectOption("select", "node.added")
    page.fill("input[placeholder]", "archive")
    wait_until(lambda: "text=archive" in page.url(), "the search is not in the address")
    page.sees('text="1 Zeile"')
    # Who looks later sees the same, and what comes while looking.
    page.goto(server.web_url() + "/audit?action=user.added&since=2020-01-01")
    page.sees("tbody tr")
    server.cli("user", "add", "latecomer", "--quiet")
    page.sees('tbody >> text="latecomer"')
    page.is_accessible("a search in the audit trail")
    page.goto(server.web_url() + "/audit?text=archiv")
    page.sees("text=So ein Ereignis gibt es nicht")
    page.goto(server.web_url() + "/audit?text=archive")
    page.click("tbody a >> nth=0")
    page.sees('aside >> role=heading[name="Knoten hinzugefügt"]')
    page.sees('aside >> text="Hash des vorigen Ereignisses"')
    page.is_accessible("an event of the audit trail")
    page.click('aside >> role=link[name="archive"]')
    page.sees('aside >> role=heading[name="archive"]')


def test_no_word_of_a_list_breaks_on_a_phone():
    server = hub()
    server.cli("node", "add", "reception-desk-printer")
    order = ("node", "order", "reception-desk-printer")
    server.cli(*order, "restart", "--slot", "management")
    server.cli("node", "cancel", str(server.cli(*order, "renew-slot", "--slot", "management", json=True)["id"]))
    for language in ("nl", "pt-BR"):
        page = browser.signed_in(server, f"pedestrian-{language.lower()}", "administrator", language=language, width=390)
        for path in ("/orders", "/audit", "/users", "/nodes"):
            page.goto(server.web_url() + path)
            page.sees("tbody tr")
            page.does_not_see("[aria-busy=true]")
            expect_equal(page.evaluate(BROKEN_WORDS), [], f"the broken words of {path} in {language}")
            expect(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
                   f"{path} in {language} is wider than the screen")


SHOWN_TAB_IS_IN_SIGHT = """[...document.querySelectorAll("main nav a[aria-current]")].every((tab) => {
  const { left, right } = tab.getBoundingClientRect();
  return left >= 0 && right <= document.documentElement.clientWidth;
})"""


def test_every_page_is_accessible_in_the_dark_and_on_a_phone():
    server = hub()
    cluster = server.cli("cluster", "add", "reading-room", json=True)["id"]
    page, _ = signed_in("en", width=390)
    page.emulateMedia({"colorScheme": "dark"})
    for path in ("/", "/nodes", "/clusters", f"/clusters/{cluster}", f"/clusters/{cluster}/trust", f"/clusters/{cluster}/nodes", "/certificates", "/requests", "/orders",
                 "/authority", "/authority/endpoints", "/authority/endpoints/lobby", "/authority/challenges", "/authority/crls", "/audit", "/audit/1", "/audit?text=nobody", "/there-is-none", "/users", "/users/administrator-en", "/account"):
        page.goto(server.web_url() + path)
        page.sees("h1", "attached")
        page.does_not_see("[aria-busy=true]")
        page.is_accessible(path)
        expect(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
               f"{path} is wider than the screen")
        expect(page.evaluate(SHOWN_TAB_IS_IN_SIGHT), f"the tab of {path} is out of sight")


if __name__ == "__main__":
    chancery.main()
