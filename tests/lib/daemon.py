"""`chancery-agent run` as tests of whole programs run it: a device with slots."""

import chancery


class Device:
    """A running agent in a folder of its own, on the SCEP server given. `settings`: more lines for agent.toml."""

    def __init__(self, server, endpoint="devices", settings=""):
        self.server = server
        self.home = chancery.temporary_folder()
        self.state, self.config_file = self.home / "state", self.home / "agent.toml"
        self.slots = self.home / "slots.d"
        self.slots.mkdir()
        self.process = None
        self.config_file.write_text(
            f'state = "{self.state}"\nsocket = "{self.home}/agent.sock"\nnode = "test-device"\n{settings}\n'
            f'[source]\nurl = "{server.scep_url(endpoint)}"\n'
            f'fingerprint = "{server.cli("ca", "show", json=True)["root"]["sha256"]}"\n')

    def add_slot(self, name, *lines, challenge=None, **options):
        """`options`: texts of the slot's file; `lines`: whole lines of it."""
        options.setdefault("subject", f"CN={name}")
        options.setdefault("poll_interval", "10s")
        if challenge is not None:
            file = self.home / f"{name}.challenge"
            file.touch(0o600)
            file.write_text(challenge + "\n")
            options["challenge_file"] = file
        text = [f'{key} = "{value}"' for key, value in options.items()]
        (self.slots / f"{name}.toml").write_text("\n".join([*text, *lines]) + "\n")

    def start(self, wrapper=()):
        """`wrapper`: a command to run it with, such as one that moves its clock."""
        self.process = chancery.Process(*wrapper, chancery.AGENT, "run", "--config", self.config_file, log=self.home / "agent.log")
        chancery.wait_until(lambda: self.process.code is not None or self.run("status", code=None).code == 0,
                            lambda: f"the agent does not answer:\n{self.log()}")
        chancery.expect(self.process.code is None, f"the agent ended:\n{self.log()}")
        return self

    def log(self):
        return self.process.log()

    def run(self, *words, json=False, **options):
        outcome = chancery.run(chancery.AGENT, *words, "--config", self.config_file, *(["--json"] if json else []),
                               **options)
        return chancery.parse_json(outcome) if json else outcome

    def slot(self, name):
        return next(slot for slot in self.run("status", json=True)["slots"] if slot["slot"] == name)

    def wait_for(self, name, stage, timeout=30):
        return chancery.wait_until(lambda: self.slot(name) if self.slot(name)["stage"] == stage else None,
                                   lambda: f"'{name}' is not {stage}: {self.slot(name)}\n{self.log()}", timeout=timeout)

    def events(self, name):
        """What happened to a slot, the oldest first."""
        return [event["what"] for event in reversed(self.run("history", name, json=True)["events"])]

    def file(self, slot, name):
        return self.state / "slots" / slot / "live" / name
