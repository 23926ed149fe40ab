"""What the tests of whole programs share: a server in a folder of its own, commands that fail clearly, and a runner.

A test file has functions whose names begin with test_ and are sentences, and ends in `chancery.main()`. Everything that
is started here is stopped here, by its process id, also when a test fails.
"""

import atexit
import inspect
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path

BUILD = Path(os.environ.get("CHANCERY_BUILD", Path(__file__).resolve().parents[2] / "build" / "dev"))
PROGRAM = BUILD / "chancery"
AGENT = BUILD / "chancery-agent"
SKIPPED = 77
PASSPHRASE = "correct horse battery staple"

_to_stop = []  # callables, last in first out
_to_stop_last = []  # when all tests have ended


class Failure(Exception):
    """What a test expected did not happen. The text says what did."""


def fail(text):
    raise Failure(text)


def expect(condition, text):
    if not condition:
        raise Failure(text)


def expect_in(part, whole, what="the output"):
    if part not in whole:
        raise Failure(f"'{part}' is not in {what}:\n{whole}")


def expect_equal(found, wanted, what="the value"):
    if found != wanted:
        raise Failure(f"{what} is {found!r}, not {wanted!r}")


class Outcome:
    """What a command did. Texts are decoded; `raw` is standard output as bytes."""

    def __init__(self, command, code, raw, errors):
        self.command = command
        self.code = code
        self.raw = raw
        self.out = raw.decode(errors="replace")
        self.err = errors.decode(errors="replace")

    def text(self):
        return self.out + self.err

    def __str__(self):
        return f"$ {' '.join(self.command)}\n{self.text().rstrip()}\nexit {self.code}"


def run(*command, code=0, text=None, timeout=60, **options):
    """Runs a command to its end. `code`: the exit code it must have; None: any; "fails": any but 0. `text`: its input."""
    command = [str(word) for word in command]
    data = text.encode() if isinstance(text, str) else text
    options.setdefault("stdin", subprocess.DEVNULL if data is None else None)
    if data is not None:
        del options["stdin"]
        options["input"] = data
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, **options)
    except subprocess.TimeoutExpired as late:
        raise Failure(f"$ {' '.join(command)}\nstill runs after {timeout} s\n"
                      f"{(late.stdout or b'').decode(errors='replace')}{(late.stderr or b'').decode(errors='replace')}") from None
    outcome = Outcome(command, done.returncode, done.stdout, done.stderr)
    if code == "fails":
        expect(outcome.code != 0, f"this should have failed:\n{outcome}")
    elif code is not None:
        expect(outcome.code == code, f"this should have ended with {code}:\n{outcome}")
    return outcome


def wait_until(condition, what, timeout=15.0, pause=0.05):
    """Asks `condition` until it returns something true, and returns that. Everything that waits, waits here."""
    end = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"not within {timeout:g} s: {what() if callable(what) else what}")
        time.sleep(pause)


def free_port():
    """A TCP port of 127.0.0.1 that nobody listens on now. Somebody may take it before you do: be ready to try again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_udp_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def require(*programs):
    """Skips the whole test when a foreign program is not installed; `./dev setup` installs them all."""
    missing = [program for program in programs if not shutil.which(program, path=_path())]
    if missing:
        print(f"skipped: not installed: {', '.join(missing)}: run './dev setup'")
        sys.exit(SKIPPED)


def _path():
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/lib/certmonger"


def program(name):
    """Where a program is, also when it is one of those that are not on everybody's path."""
    return shutil.which(name, path=_path()) or fail(f"{name} is not installed")


def temporary_folder(prefix="chancery-test-"):
    """A folder of its own that goes when the test ends."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    at_end(lambda: shutil.rmtree(folder, ignore_errors=True))
    return folder


def at_end(action):
    """Does `action` when the running test function ends, last one first."""
    _to_stop.append(action)


def for_all_tests(make):
    """A function that gives what `make` makes, the first time it is asked: it stays until the last test of the file has ended. For
    tests that do not mind what the others left there, and would otherwise spend their time on starting servers."""
    made = []

    def get():
        global _to_stop
        if not made:
            of_this_test, _to_stop = _to_stop, _to_stop_last
            try:
                made.append(make())
            finally:
                _to_stop = of_this_test
        return made[0]

    return get


def stop_everything(actions=None):
    actions = _to_stop if actions is None else actions
    while actions:
        try:
            actions.pop()()
        except Exception:  # The others are to be stopped, too.
            traceback.print_exc()


class Process:
    """A program in the background, in a process group of its own, with its output in a file."""

    def __init__(self, *command, log, **options):
        self.command = [str(word) for word in command]
        self.log_file = Path(log)
        with open(self.log_file, "ab") as output:
            self._child = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output,
                                           stderr=subprocess.STDOUT, start_new_session=True, **options)
        self.pid = self._child.pid
        at_end(self.stop)

    @property
    def code(self):
        """The exit code; None while it runs."""
        return self._child.poll()

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def wait(self, timeout=30):
        try:
            return self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.command[0]} still runs after {timeout} s:\n{self.log()}") from None

    def signal(self, number):
        if self.code is None:
            os.kill(self.pid, number)

    def stop(self, timeout=10):
        """SIGTERM, and SIGKILL when that is not heard. Returns the exit code."""
        self.signal(signal.SIGTERM)
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
        self._end_group()
        return self.code

    def kill(self):
        self.signal(signal.SIGKILL)
        self._child.wait(10)
        self._end_group()

    def _end_group(self):
        # What it started and left behind. The group exists as long as one of them does.
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


class Server:
    """`chancery serve` with an authority of its own in a temporary folder, on ports of 127.0.0.1.

    `init`: arguments of `chancery init`; `settings`: lines for the top of the configuration; `sections`: more of it, such
    as "[scep]\\npkiclient_alias = \\"devices\\""; `http`, `hub`: lines for its sections [http] and [hub]; `workers`: see
    http.workers.
    """

    def __init__(self, *init, settings="", http="", hub="", sections="", workers=4, start=True):
        self.folder = temporary_folder()
        self.data = self.folder / "data"
        self.config_file = self.folder / "chancery.toml"
        self.log_file = self.folder / "server.log"
        self.init_arguments = init or ("--organization", "Example", "--endpoint", "devices",
                                       "--set", "authorisers=challenge", "--set", "alternative_names=dns,ip")
        self.settings, self.http, self.hub, self.sections, self.workers = settings, http, hub, sections, workers
        self.process = None
        passphrase = self.folder / "passphrase"
        passphrase.touch(0o600)
        passphrase.write_text(PASSPHRASE + "\n")
        self._choose_port()
        self.init = self.cli("init", *self.init_arguments)
        if start:
            self.start()

    def _choose_port(self):
        self.port, self.monitoring_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.config_file.write_text(
            f'data = "{self.data}"\npassphrase_file = "{self.folder}/passphrase"\nbase_url = "{self.url}"\n{self.settings}\n'
            f'[http]\nlisten = ["127.0.0.1:{self.port}"]\nrequests_per_second = 0\nworkers = {self.workers}\n{self.http}\n'
            f'[hub]\nweb_listen = ["127.0.0.1:0"]\n{self.hub}\n[monitoring]\nlisten = ["127.0.0.1:{self.monitoring_port}"]\n'
            f'{self.sections}\n')

    def web_url(self):
        """Where the web pages are, since the last start."""
        found = wait_until(lambda: re.search(r'web pages url="?([^"\s]+)', self.log()[self.log_begin:]),
                           lambda: f"no web pages are served:\n{self.log()}")
        return found.group(1)

    def scep_url(self, endpoint="devices"):
        return f"{self.url}/scep/{endpoint}"

    def start(self, wrapper=()):
        """Starts it and waits until it is ready. `wrapper`: a command to run it with, such as a tracer."""
        for attempt in range(5):
            self.log_begin = begin = len(self.log())
            self.process = Process(*wrapper, PROGRAM, "--config", self.config_file, "serve", log=self.log_file)
            wait_until(lambda: self.process.code is not None or self._is_ready(),
                       lambda: f"the server is not ready:\n{self.log()}", timeout=30)
            if self.process.code is None:
                return self
            # Somebody took the port between our choice and now. The URL is in certificates already: begin anew.
            if "address already in use" not in self.log()[begin:].lower() or attempt == 4:
                fail(f"the server ended with {self.process.code}:\n{self.log()}")
            shutil.rmtree(self.data)
            self._choose_port()
            self.init = self.cli("init", *self.init_arguments)
        return self

    def _is_ready(self):
        try:
            # Whoever listens on this port may be another one's server, so our own process must still be there.
            return self.get("/readyz").status == 200 and self.process.code is None
        except OSError:
            return False

    def stop(self):
        """SIGTERM. Returns the exit code."""
        return self.process.stop()

    def kill(self):
        """SIGKILL: nothing is finished, as when the machine's power fails (but the page cache survives)."""
        self.process.kill()

    def restart(self):
        code = self.stop()
        expect(code == 0, f"the server ended with {code} on SIGTERM:\n{self.log()}")
        return self.start()

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def command(self, *arguments, json=False):
        """The words of a chancery command for this server."""
        return [str(PROGRAM), "--config", str(self.config_file), *(["--json"] if json else []), *map(str, arguments)]

    def cli(self, *arguments, json=False, code=0, **options):
        """Runs a chancery command: its Outcome, or with `json` what it printed, parsed."""
        outcome = run(*self.command(*arguments, json=json), code=code, **options)
        return parse_json(outcome) if json else outcome

    def challenge(self, *arguments, endpoint="devices"):
        """A fresh one-time challenge."""
        return self.cli("challenge", "add", endpoint, *arguments, "--quiet").out.strip()

    def get(self, path, data=None, headers=None, timeout=20):
        """An HTTP request to the device address; `data` makes it a POST."""
        return http(self.url + path, data, headers, timeout)

    def fetch(self, path, name):
        """Saves what is at `path` in the server's folder, and returns the file."""
        answer = self.get(path)
        expect(answer.status == 200, f"{path} answers {answer.status}: {answer.body[:300]!r}")
        file = self.folder / name
        file.write_bytes(answer.body)
        return file

    def metric(self, name):
        """What /metrics has under a name without labels."""
        text = http(f"http://127.0.0.1:{self.monitoring_port}/metrics").body.decode()
        return float(next(line.split()[1] for line in text.splitlines() if line.split()[0] == name))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body


def http(url, data=None, headers=None, timeout=20, method=None):
    """An HTTP request past any proxy: GET, or POST with `data`, unless `method` says another. Statuses of 400
    and above are answers, too; no connection is an OSError."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    try:
        with opener.open(request, timeout=timeout) as response:
            return Answer(response.status, response.headers, response.read())
    except urllib.error.HTTPError as refusal:
        return Answer(refusal.code, refusal.headers, refusal.read())


def parse_json(outcome):
    try:
        return json.loads(outcome.out)
    except json.JSONDecodeError as problem:
        raise Failure(f"not JSON ({problem}):\n{outcome}") from None


def openssl(*arguments, **options):
    return run("openssl", *arguments, **options)


def serial_of(certificate_file):
    """A certificate's serial number in lower case hexadecimal, as `chancery cert` writes it."""
    return openssl("x509", "-in", certificate_file, "-noout", "-serial").out.strip().partition("=")[2].lower()


def main(only=None):
    """Runs the functions named test_… of the calling file in their order; arguments pick some by a part of their name."""
    if not PROGRAM.exists():
        print(f"{PROGRAM} is not built: CHANCERY_BUILD names the build directory")
        sys.exit(1)
    # A test that CTest ends because it takes too long leaves no server behind.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    atexit.register(stop_everything, _to_stop_last)
    atexit.register(stop_everything)
    scope = inspect.currentframe().f_back.f_globals
    words = sys.argv[1:] if only is None else only
    cases = [(name, case) for name, case in list(scope.items())
             if re.match(r"test_", name) and callable(case) and (not words or any(word in name for word in words))]
    failed = []
    for name, case in cases:
        begin = time.monotonic()
        try:
            case()
            verdict = "ok"
        except Exception as problem:
            verdict = "FAILED"
            failed.append(name)
            if isinstance(problem, (Failure, AssertionError)):
                place = traceback.extract_tb(problem.__traceback__)
                where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(place[1:]))
                print(f"{name} at {where}:\n{problem}", flush=True)
            else:
                traceback.print_exc(file=sys.stdout)
        finally:
            stop_everything()
        print(f"{verdict:6} {name} ({time.monotonic() - begin:.1f} s)", flush=True)
    if not cases:
        print("no test has such a name")
        sys.exit(1)
    print(f"{len(cases) - len(failed)} of {len(cases)} passed")
    sys.exit(1 if failed else 0)
