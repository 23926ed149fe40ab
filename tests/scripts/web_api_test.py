#!/usr/bin/env python3
"""An administrator's browser: signing in, what each role may do, what other sites cannot do, and when a session ends."""

import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Server, expect, expect_equal, expect_in

PASSWORD = "correct horse battery"


class Browser:
    """Keeps the cookie and the token, as a page does."""

    def __init__(self, server):
        self.url = server.web_url()
        self.cookie = self.token = None

    def send(self, method, path, body=None, headers=None, timeout=40):
        """The answer, with its JSON as `data`."""
        headers = dict(headers or {})
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        if self.cookie:
            headers.setdefault("Cookie", self.cookie)
        if self.token and method != "GET":
            headers.setdefault("X-CSRF-Token", self.token)
        headers = {name: value for name, value in headers.items() if value is not None}
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = chancery.http(self.url + path, data, headers, timeout, method=method)
        answer.data = json.loads(answer.body) if answer.headers.get_content_type() == "application/json" else None
        return answer

    def sign_in(self, user, password=PASSWORD):
        answer = self.send("POST", "/api/v1/session", {"user": user, "password": password})
        if answer.status == 200:
            self.take(answer)
        return answer

    def take(self, answer):
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.token = answer.data["csrf_token"]


def server_with_users(**options):
    server = Server(**options)
    password = server.folder / "password"
    password.touch(0o600)
    password.write_text(PASSWORD + "\n")
    for name, role in (("root", "administrator"), ("oskar", "operator"), ("audrey", "auditor")):
        server.cli("user", "add", name, "--role", role, "--password-file", password, "--keep")
    return server


def signed_in(server, user):
    browser = Browser(server)
    expect_equal(browser.sign_in(user).status, 200, f"the sign-in of {user}")
    return browser


def expect_refused(answer, status, text):
    expect_equal(answer.status, status, f"the status of {answer.body!r}")
    expect_in(text, answer.data["error"]["text"])


def test_the_first_administrator_is_made_on_the_server():
    server = Server()
    expect_in("Nobody can sign in to the web pages yet", server.cli("user", "list").text())
    made = server.cli("user", "add", "Anna", json=True)
    expect_equal((made["name"], made["role"], made["must_change_password"]), ("anna", "administrator", True))
    browser = Browser(server)
    expect_refused(browser.send("GET", "/api/v1/session"), 401, "sign in first")
    answer = browser.sign_in("anna", made["password"])
    expect_equal(answer.status, 200, "the sign-in")
    expect(answer.data["must_change_password"], "a generated password could be kept")
    for flag in ("HttpOnly", "SameSite=Strict", "Path=/api"):
        expect_in(flag, answer.headers["Set-Cookie"])
    expect("Secure" not in answer.headers["Set-Cookie"], "no browser would send it back over plain HTTP")

    expect_refused(browser.send("GET", "/api/v1/overview"), 403, "choose a password of your own first")
    wrong = {"old_password": made["password"], "new_password": "short"}
    expect_refused(browser.send("POST", "/api/v1/session/password", wrong), 400, "too short")
    changed = browser.send("POST", "/api/v1/session/password", {"old_password": made["password"], "new_password": PASSWORD})
    expect_equal(changed.status, 200, "the change of the password")
    browser.take(changed)
    overview = browser.send("GET", "/api/v1/overview")
    expect_equal(overview.status, 200, "the overview")
    expect_equal(Browser(server).sign_in("anna", made["password"]).status, 401, "a sign-in with the old password")

    trail = server.cli("audit", "list").out
    for part in ("user.added", "session.opened", "user.password_changed", "session.refused", "user anna"):
        expect_in(part, trail)
    for secret in (made["password"], PASSWORD, browser.token, browser.cookie.split("=")[1]):
        expect(secret not in trail + server.log(), "a secret is written down")
    ledger = (server.data / "ledger.db").read_bytes() + (server.data / "ledger.db-wal").read_bytes()
    expect(browser.cookie.split("=")[1].encode() not in ledger, "the token itself is in the database")


def test_each_role_may_do_its_part():
    server = server_with_users()
    browsers = {user: signed_in(server, user) for user in ("root", "oskar", "audrey")}
    challenge = {"endpoint": "devices"}
    endpoint = {"name": "phones", "settings": {"authorisers": "manual"}}
    rows = [
        ("GET", "/api/v1/overview", None, (200, 200, 200)),
        ("GET", "/api/v1/audit", None, (200, 200, 200)),
        ("GET", "/api/v1/users", None, (200, 200, 200)),
        ("POST", "/api/v1/challenges", challenge, (201, 201, 403)),
        ("POST", "/api/v1/endpoints", endpoint, (201, 403, 403)),
        ("DELETE", "/api/v1/endpoints/phones", None, (204, 403, 403)),
        ("POST", "/api/v1/users", {"name": "eve", "role": "administrator", "password": PASSWORD, "own_password": PASSWORD}, (201, 403, 403)),
        ("POST", "/api/v1/users", {"name": "ada", "role": "administrator", "password": PASSWORD}, (400, 403, 403)),
        ("DELETE", "/api/v1/users/eve", {"own_password": PASSWORD}, (204, 403, 403)),
        ("GET", "/api/v1/nothing", None, (404, 404, 404)),
    ]
    for method, path, body, wanted in rows:
        # Those who may do less try first.
        found = [browsers[user].send(method, path, body).status for user in ("audrey", "oskar", "root")]
        expect_equal(tuple(reversed(found)), wanted, f"{method} {path}")
        expect_equal(Browser(server).send(method, path, body).status, 404 if wanted[0] == 404 else 401, "nobody's")


def test_another_site_can_do_nothing_with_the_cookie():
    server = server_with_users()
    browser = signed_in(server, "root")
    body = {"endpoint": "devices"}
    refused = [
        ("no token", {"X-CSRF-Token": None}, 403, "X-CSRF-Token"),
        ("a wrong token", {"X-CSRF-Token": "x" * 43}, 403, "X-CSRF-Token"),
        ("a form", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "must be JSON"),
        ("a text", {"Content-Type": "text/plain"}, 415, "must be JSON"),
        ("another origin", {"Origin": "http://evil.example"}, 403, "another site"),
        ("a cross-site fetch", {"Sec-Fetch-Site": "cross-site"}, 403, "another site"),
    ]
    for name, headers, status, text in refused:
        expect_refused(browser.send("POST", "/api/v1/challenges", body, headers), status, text)
    expect_equal(server.cli("challenge", "list", json=True)["challenges"], [], "challenges after all that")
    expect_equal(browser.send("POST", "/api/v1/challenges", body, {"Origin": browser.url}).status, 201, "our own page's")
    expect_equal(browser.send("GET", "/", headers={"Host": "evil.example"}).status, 421, "a name that is not ours")
    expect_equal(browser.send("GET", "/api/v1/session", headers={"Host": "evil.example"}).status, 421, "the same for the API")
    page = browser.send("GET", "/")
    expect_in("frame-ancestors 'none'", page.headers["Content-Security-Policy"], "the page's policy")


def test_who_guesses_waits_longer_and_longer():
    server = server_with_users()
    browser = Browser(server)
    expect_refused(browser.sign_in("oskar", "wrong"), 401, "the user or the password is wrong")
    locked = browser.sign_in("oskar")
    expect_refused(locked, 429, "too many sign-ins failed")
    expect_equal(locked.headers["Retry-After"], "1", "the time to wait")
    chancery.wait_until(lambda: browser.sign_in("oskar", "wrong").status == 401, "the delay does not end", pause=0.3)
    second = browser.sign_in("oskar")
    expect_equal((second.status, second.headers["Retry-After"]), (429, "2"), "the next delay")
    # It survives a restart, and an administrator ends it.
    server.restart()
    browser = Browser(server)
    expect_equal(browser.sign_in("oskar").status, 429, "after a restart")
    server.cli("user", "unlock", "oskar")
    expect_equal(browser.sign_in("oskar").status, 200, "when it was unlocked")
    # A name that nobody has is told from others neither by the answer nor by the time it takes.
    expect_refused(browser.sign_in("nobody", "wrong"), 401, "the user or the password is wrong")
    expect_refused(browser.sign_in("nobody"), 429, "too many sign-ins failed")


def test_a_session_ends_when_it_should():
    server = server_with_users()
    browser, other = signed_in(server, "oskar"), signed_in(server, "oskar")
    expect_equal(browser.send("DELETE", "/api/v1/session").status, 204, "signing out")
    expect_refused(browser.send("GET", "/api/v1/session"), 401, "sign in first")
    expect_equal(other.send("GET", "/api/v1/session").status, 200, "the other browser's session")
    server.restart()
    other.url = server.web_url()
    expect_equal(other.send("GET", "/api/v1/session").status, 200, "the session after a restart")
    for words in (("role", "oskar", "auditor"), ("password", "oskar"), ("disable", "oskar")):
        server.cli("user", *words)
        expect_equal(other.send("GET", "/api/v1/session").status, 401, f"the session after 'user {words[0]}'")
        if words[0] == "role":
            other = signed_in(server, "oskar")
            expect_equal(other.send("GET", "/api/v1/session").data["role"], "auditor", "the new role")
    expect_equal(Browser(server).sign_in("oskar").status, 401, "a disabled user's sign-in")
    expect_in("the last administrator", server.cli("user", "remove", "root", code=1).err)


def test_a_page_is_told_of_changes_at_once():
    server = server_with_users()
    browser = signed_in(server, "audrey")
    since = browser.send("GET", "/api/v1/changes").data["sequence"]
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(browser.send("GET", f"/api/v1/changes?since={since}")))
    begin = time.monotonic()
    waiting.start()
    chancery.wait_until(lambda: time.monotonic() > begin + 0.5 or answers, "half a second")
    expect_equal(answers, [], "answers before anything changed")
    server.cli("challenge", "add", "devices")
    waiting.join(10)
    expect_equal(len(answers), 1, "answers after a change")
    expect_in("authority", answers[0].data["topics"])
    expect(answers[0].data["sequence"] > since, "the sequence did not grow")
    # An auditor does not hear of it any more when the session has ended.
    server.cli("user", "remove", "audrey")
    expect_equal(browser.send("GET", f"/api/v1/changes?since={since}").status, 401, "the status afterwards")


def test_lists_come_as_tables_too():
    server = server_with_users()
    browser = signed_in(server, "audrey")
    table = browser.send("GET", "/api/v1/audit?format=csv")
    expect_in("text/csv", table.headers["Content-Type"])
    lines = table.body.decode().splitlines()
    expect_equal(lines[0], "sequence,at,actor,action,subject,details,hash", "the head")
    expect_equal(len(lines) - 1, len(browser.send("GET", "/api/v1/audit").data["events"]), "rows")
    accepted = browser.send("GET", "/api/v1/certificates", headers={"Accept": "text/csv"})
    expect(accepted.body.startswith(b"serial,state,status,"), f"the head is {accepted.body[:60]!r}")


def test_the_web_pages_need_tls_beyond_this_machine():
    server = Server(start=False)
    config = server.config_file.read_text()
    server.config_file.write_text(config.replace('web_listen = ["127.0.0.1:0"]', 'web_listen = ["0.0.0.0:0"]'))
    expect_in("set hub.web_tls = true", server.cli("config", "check", server.config_file, code=2).err)
    server.config_file.write_text(config.replace('web_listen = ["127.0.0.1:0"]', 'web_listen = ["127.0.0.1:0"]\nweb_tls = true'))
    server.start()
    expect(server.web_url().startswith("https://127.0.0.1:"), server.web_url())
    root = server.fetch("/ca/root.pem", "root.pem")
    port = server.web_url().rpartition(":")[2]
    shown = chancery.openssl("s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", root, "-verify_return_error",
                             "-verify_ip", "127.0.0.1", text="")
    expect_in("Verify return code: 0", shown.out)


if __name__ == "__main__":
    chancery.main()
