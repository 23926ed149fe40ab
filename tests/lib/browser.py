"""The hub's pages in Debian's Chromium, as a person uses them. Skips the test where the browser or web/node_modules is missing."""

import atexit
import json
import shutil
import subprocess
import sys
from pathlib import Path

import chancery
from chancery import expect_equal, fail

PASSWORD = "a password of one's own"
ROOT = Path(__file__).resolve().parents[2]


class Browser:
    """One Chromium; each page is a window of its own, with its own cookies."""

    def __init__(self):
        for what, there in {"node": shutil.which("node"), "chromium": Path("/usr/bin/chromium").exists(),
                            "web/node_modules": (ROOT / "web/node_modules/playwright-core").exists()}.items():
            if not there:
                print(f"skipped: there is no {what}")
                sys.exit(chancery.SKIPPED)
        self.process = subprocess.Popen(["node", ROOT / "tests/browser/driver.mjs"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        atexit.register(self.close)

    def ask(self, page, verb, *given):
        self.process.stdin.write(json.dumps({"page": page, "do": verb, "with": given}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "the browser has ended"}
        if "error" in answer:
            fail(f"{verb} {' '.join(map(str, given))}: {answer['error']}")
        return answer.get("value")

    def page(self, **how):
        """`language`: what the person's browser asks for; `width`, `height`. It is closed when the test ends."""
        page = Page(self, self.ask(None, "open", how))
        chancery.at_end(page.shut)
        return page

    def signed_in(self, server, user, role="administrator", **how):
        """A page of a new user who has chosen a password already."""
        file = server.folder / f"password-{user}"
        file.touch(0o600)
        file.write_text(PASSWORD)
        server.cli("user", "add", user, "--role", role, "--password-file", file, "--keep")
        page = self.page(**how)
        page.sign_in(server.web_url(), user, PASSWORD)
        page.sees("nav", "attached")
        return page

    def close(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


class Page:
    """Selectors are Playwright's: CSS, `text=…`, or `role=button[name="Sign in"]`."""

    def __init__(self, browser, number):
        self.browser, self.number = browser, number

    def __getattr__(self, verb):
        """Any method of Playwright's Page: goto, click, fill, press, textContent, …"""
        return lambda *given: self.browser.ask(self.number, verb, *given)

    def sees(self, selector, state="visible"):
        self.waitForSelector(selector, {"state": state})

    def does_not_see(self, selector):
        self.sees(selector, "hidden")

    def button(self, name):
        self.click(f'role=button[name="{name}"]')

    def sign_in(self, url, user, password):
        self.goto(url)
        self.fill("input[name=username]", user)
        self.fill("input[name=password]", password)
        self.click("button[type=submit]")

    def is_accessible(self, where):
        """Nothing that axe finds, and nothing in the console: neither an error nor something that the content security policy
        refused."""
        expect_equal(self.axe(), [], f"what axe finds on {where}")
        expect_equal(self.problems(), [], f"what the browser complains of on {where}")
