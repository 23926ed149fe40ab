"""`chancery-agent` as tests of whole programs run it."""

import chancery


class Agent:
    """A device with a folder of keys and certificates, and the address and pinned CA certificate of its SCEP server."""

    def __init__(self, url, fingerprint, *more, prefix=()):
        """`more`: options of every command, such as --allow-weak-algorithms; `prefix`: a command to run it with."""
        self.url, self.fingerprint, self.more, self.prefix = url, fingerprint, more, prefix
        self.home = chancery.temporary_folder()
        self.folder = self.home / "credentials"

    def command(self, verb, *arguments):
        return [*self.prefix, chancery.AGENT, "--url", self.url, "--fingerprint", self.fingerprint, *self.more,
                "--out", self.folder, verb, *arguments]

    def run(self, verb, *arguments, **options):
        return chancery.run(*self.command(verb, *arguments), **options)

    def enrol(self, subject, *arguments, challenge=None, **options):
        words = ["--subject", subject, *arguments]
        if challenge is None:
            words.append("--no-challenge")
        else:
            file = self.home / "challenge"
            file.touch(0o600)
            file.write_text(challenge + "\n")
            words += ["--challenge-file", file]
        return self.run("enroll", *words, **options)

    def file(self, name):
        """cert.pem, key.pem, chain.pem, fullchain.pem or ca.pem: those in use."""
        return self.folder / name


def for_server(server, endpoint="devices"):
    """An agent that trusts the server's root."""
    return Agent(server.scep_url(endpoint), server.cli("ca", "show", json=True)["root"]["sha256"])
