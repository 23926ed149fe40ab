#!/usr/bin/env python3
"""How an authority comes to be: made or taken over, once, with its keys encrypted and its passphrase nowhere else."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import agent
import chancery
import strongswan
from chancery import PASSPHRASE, PROGRAM, Server, expect, expect_equal, expect_in, openssl, require, run, temporary_folder
from place import Place

require("openssl")

BAD_COMMAND_LINE, REFUSED, MISSING, UNREACHABLE = 2, 4, 3, 5
# A conflict is an ordinary failure.
CONFLICT = 1


class Typist:
    """A person at a terminal where a command runs, who types as soon as there is a prompt."""

    def __init__(self, *command):
        screen, self.terminal = pty.openpty()
        self.screen = screen
        self.seen = ""
        self.process = subprocess.Popen([str(word) for word in command], stdin=self.terminal, stdout=self.terminal,
                                        stderr=self.terminal, start_new_session=True)
        chancery.at_end(self.leave)

    def see(self, text=None):
        """Reads until `text` stands on the screen; without it, until the command has ended."""
        def shown():
            ended = self.process.poll() is not None
            while select.select([self.screen], [], [], 0.02)[0]:
                self.seen += os.read(self.screen, 4096).decode()
            return text in self.seen if text else ended
        chancery.wait_until(shown, lambda: f"'{text or 'the end'}' on the screen:\n{self.seen}", timeout=30)
        return self.seen

    def type(self, text):
        os.write(self.screen, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.terminal)[3] & termios.ECHO)

    def leave(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.screen)
        os.close(self.terminal)


def key_of(certificate):
    """The kind of key in a certificate, in openssl's words: 'rsaEncryption 3072', 'id-ecPublicKey 256'."""
    text = openssl("x509", "-in", certificate, "-noout", "-text").out
    lines = [line.strip() for line in text.splitlines()]
    kind = next(line for line in lines if line.startswith("Public Key Algorithm:")).split()[-1]
    bits = next(line for line in lines if line.startswith("Public-Key:")).strip("Public-Key: ()").split()[0]
    return f"{kind} {bits}"


def test_the_defaults_make_a_root_an_issuing_ca_and_an_ra():
    place = Place()
    made = place.command("init", "--organization", "Example")
    expect_in("CN=Example Root CA,O=Example", made.out)
    expect_in("CN=Example Issuing CA 1,O=Example", made.out)
    expect_in("Keep the passphrase safe", made.out)
    root, issuing, ra = (place.authority(name) for name in ("root.pem", "generation-1/issuing.pem", "generation-1/ra.pem"))
    expect_equal([key_of(file) for file in (root, issuing, ra)],
                 ["rsaEncryption 3072", "rsaEncryption 2048", "rsaEncryption 2048"], "the kinds of keys")
    openssl("verify", "-x509_strict", "-CAfile", root, issuing)
    openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, ra)
    fingerprint = openssl("x509", "-in", root, "-noout", "-fingerprint", "-sha256").out.strip().partition("=")[2]
    expect_in(fingerprint, made.out)


def test_other_kinds_of_keys_can_be_chosen():
    place = Place()
    made = chancery.parse_json(place.command("--json", "init", "--organization", "Example", "--name", "Plant 4", "--root",
                                             "ec:p384", "--issuing", "ec:p256"))
    root, issuing, ra = (place.authority(name) for name in ("root.pem", "generation-1/issuing.pem", "generation-1/ra.pem"))
    expect_equal([key_of(file) for file in (root, issuing, ra)],
                 ["id-ecPublicKey 384", "id-ecPublicKey 256", "rsaEncryption 2048"], "the kinds of keys")
    openssl("verify", "-x509_strict", "-CAfile", root, "-untrusted", issuing, ra)
    expect_equal(made["data"], str(place.data), "where the authority is")
    subject = openssl("x509", "-in", root, "-noout", "-subject", "-nameopt", "RFC2253").out.strip()
    expect_equal(subject, "subject=CN=Plant 4 Root CA,O=Example")


def test_what_is_wrong_on_the_command_line_is_told_and_nothing_is_made():
    place = Place()
    name = ("--organization", "Example")
    rows = [
        ((), "give the authority a name: --organization 'Example'"),
        ((*name, "--ra", "ec:p256"), "--ra: devices encrypt to this key, so it must be RSA"),
        ((*name, "--root", "rsa:1024"), "--root: unknown kind of key 'rsa:1024': expected rsa:2048"),
        ((*name, "--issuing", "dsa"), "--issuing: unknown kind of key 'dsa'"),
        ((*name, "--set", "authorisers=manual"), "--set changes the endpoint of --endpoint: name one"),
        ((*name, "--endpoint", "a", "--set", "authorisers"), "expected key=value, found 'authorisers'"),
        ((*name, "--endpoint", "A b", "--set", "authorisers=manual"), "'A b' cannot be an endpoint's name"),
        ((*name, "--endpoint", "a", "--set", "authorisers=foo", "--set", "nothing=x"),
         "authorisers: 'foo' is not one of challenge, shared-challenge, web-hook, manual\nunknown key 'nothing'"),
        ((*name, "--import-certificate", "ca.pem"), "--import-certificate needs --import-key"),
        ((*name, "--colour", "red"), "--colour"),
        ((*name, *name), "--organization"),
    ]
    for arguments, expected in rows:
        outcome = place.command("init", *arguments, code=BAD_COMMAND_LINE)
        expect_in(expected, outcome.err, f"the error of {outcome}")
        expect_equal(outcome.out, "", "standard output")
    expect(not place.data.exists(), "a wrong command line left something behind")


def test_an_unknown_or_missing_command_is_told():
    for words, expected in (((), "a command is missing"), (("cert",), "a command is missing"), (("frobnicate",), "frobnicate"),
                            (("cert", "frobnicate"), "frobnicate"), (("cert", "list", "ca", "show"), "ca"),
                            (("cert", "show"), "SERIAL"), (("cert", "list", "--state", "lost"), "lost")):
        expect_in(expected, run(PROGRAM, *words, code=BAD_COMMAND_LINE).err, f"the error of {words}")


def test_a_passphrase_that_others_can_read_is_refused():
    place = Place()
    for mode in (0o640, 0o604, 0o620):
        place.passphrase.chmod(mode)
        outcome = place.command("init", "--organization", "Example", code=REFUSED)
        expect_in(f"{place.passphrase} may be read by others: chmod 600 it", outcome.err)
    expect(not place.data.exists(), "something was made")
    place.passphrase.chmod(0o400)
    place.command("init", "--organization", "Example")


def test_an_empty_or_missing_passphrase_is_refused():
    place = Place()
    place.passphrase.write_text("\n")
    outcome = place.command("init", "--organization", "Example", code=BAD_COMMAND_LINE)
    expect_in("the passphrase is empty", outcome.err)
    place.passphrase.unlink()
    outcome = place.command("init", "--organization", "Example", code=MISSING)
    expect_in(str(place.passphrase), outcome.err)
    place.config.write_text(f'data = "{place.data}"\nbase_url = "http://pki.example:8080"\n')
    outcome = place.command("init", "--organization", "Example", code=BAD_COMMAND_LINE)
    expect_in("name a file with --passphrase-file", outcome.err)
    expect(not place.data.exists(), "something was made")


def test_a_passphrase_is_typed_unseen_and_whole():
    place = Place()
    place.config.write_text(f'data = "{place.data}"\nbase_url = "http://pki.example:8080"\n')
    init = (PROGRAM, "--config", place.config, "init", "--organization", "Example", "--root", "ec:p256", "--issuing", "ec:p256")

    # A script waits for the first prompt at most, and types all.
    person = Typist(*init)
    person.see("Passphrase of the authority's keys: ")
    expect(not person.echoes(), "what is typed after the prompt would be seen")
    person.type(f"{PASSPHRASE}\nanother one\n")
    expect_in("the two passphrases differ", person.see())
    expect_equal((person.process.returncode, person.echoes()), (BAD_COMMAND_LINE, True), "exit code, and echo afterwards")

    person = Typist(*init)
    person.see("keys: ")
    person.type(f"{PASSPHRASE}\n{PASSPHRASE}\n")
    expect_in("Keep the passphrase safe", person.see())
    expect(PASSPHRASE not in person.seen, f"the passphrase is on the screen:\n{person.seen}")
    openssl("pkey", "-in", place.authority("root.key.pem"), "-passin", f"file:{place.passphrase}", "-noout")

    person = Typist(PROGRAM, "--config", place.config, "serve")
    person.see("keys: ")
    person.type("guessed it is\n")
    expect_in("the passphrase does not open the private key", person.see())
    expect("guessed it is" not in person.seen, f"the passphrase is on the screen:\n{person.seen}")

    person = Typist(PROGRAM, "--config", place.config, "serve")
    person.see("keys: ")
    person.process.send_signal(signal.SIGINT)
    person.see()
    expect_equal((person.process.returncode, person.echoes()), (-signal.SIGINT, True), "how it ended, and echo afterwards")


def test_a_second_init_changes_nothing():
    place = Place()
    place.command("init", "--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge")

    def content():
        return {str(file): file.read_bytes() for file in place.data.rglob("*") if file.is_file()}

    before = content()
    outcome = place.command("init", "--organization", "Another", code=CONFLICT)
    expect_in("there is an authority in", outcome.err)
    expect_in("nothing was changed", outcome.err)
    expect_equal(content() == before, True, "whether all files are as before")


def test_keys_are_encrypted_and_their_owners_only():
    place = Place()
    place.command("init", "--organization", "Example", umask=0)
    keys = sorted(place.data.rglob("*.key.pem"))
    expect_equal([key.name for key in keys], ["issuing.key.pem", "ra.key.pem", "root.key.pem"], "the key files")
    for key in keys:
        expect_equal(oct(key.stat().st_mode & 0o777), "0o600", f"the mode of {key}")
        expect(key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----"), f"{key} is not encrypted")
        openssl("pkey", "-in", key, "-passin", f"file:{place.passphrase}", "-noout")
        openssl("pkey", "-in", key, "-passin", "pass:wrong", "-noout", code="fails")
    for folder in (place.data, place.authority("."), place.authority("generation-1")):
        expect_equal(oct(folder.stat().st_mode & 0o777), "0o700", f"the mode of {folder}")


def test_a_wrong_passphrase_is_told_when_the_server_starts():
    place = Place()
    place.command("init", "--organization", "Example")
    wrong = place.write_secret("wrong", "guessed it is")
    outcome = place.command("serve", "--passphrase-file", wrong, code=REFUSED)
    expect_in("the passphrase does not open the private key", outcome.err)
    expect("guessed it is" not in outcome.text(), "the wrong passphrase is in the error")
    outcome = place.command("cert", "list", code=UNREACHABLE)
    expect_in("start it with 'chancery serve'", outcome.err)


def test_there_is_nothing_to_serve_before_init():
    outcome = Place().command("serve", code=MISSING)
    expect_in("make one with 'chancery init'", outcome.err)


def test_a_credential_of_systemd_is_taken_though_its_mode_shows_a_group():
    folder = chancery.temporary_folder()
    credentials = folder / "credentials"
    credentials.mkdir()
    (credentials / "passphrase").write_text("from systemd")
    (credentials / "passphrase").chmod(0o440)
    run(PROGRAM, "--data", folder / "data", "init", "--organization", "Example", env={"CREDENTIALS_DIRECTORY": str(credentials)})
    expect((folder / "data/authority/current").exists(), "there is no authority")


def test_the_passphrase_is_nowhere_to_be_seen():
    server = Server()
    proc = Path("/proc") / str(server.process.pid)
    for name in ("cmdline", "environ"):
        expect(PASSPHRASE.encode() not in (proc / name).read_bytes(), f"the passphrase is in /proc/PID/{name}")
    server.cli("status")
    server.restart()
    expect(PASSPHRASE not in server.log(), "the passphrase is in the log")
    expect(PASSPHRASE not in server.init.text(), "the passphrase is in what init prints")
    for file in server.data.rglob("*"):
        if file.is_file():
            expect(PASSPHRASE.encode() not in file.read_bytes(), f"the passphrase is in {file}")


def make_foreign_ca(folder):
    """A root and an issuing CA as somebody has them who used openssl so far: ROOT, ISSUING and their keys, PEM."""
    extensions = folder / "ca.cnf"
    extensions.write_text("basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n"
                          "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid:always\n")
    root, root_key = folder / "root.pem", folder / "root.key"
    issuing, issuing_key, request = folder / "issuing.pem", folder / "issuing.key", folder / "issuing.csr"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", root_key, "-out", root, "-days", "3650", "-subj",
            "/O=Old/CN=Old Root", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-aes-256-cbc", "-pass", "pass:old secret",
            "-out", issuing_key)
    openssl("req", "-new", "-key", issuing_key, "-passin", "pass:old secret", "-out", request, "-subj",
            "/O=Old/CN=Old Issuing")
    openssl("x509", "-req", "-in", request, "-CA", root, "-CAkey", root_key, "-out", issuing, "-days", "1825", "-extfile",
            extensions)
    for key in (root_key, issuing_key):
        key.chmod(0o600)
    return root, root_key, issuing, issuing_key


def enrol_and_verify(server, root, untrusted=()):
    client = strongswan.enrol(server, "CN=dev")
    openssl("verify", "-CAfile", root, *untrusted, client.file("cert.pem"))
    return client.file("cert.pem")


def test_an_issuing_ca_made_with_openssl_is_taken_over():
    require(*strongswan.PROGRAMS)
    folder = temporary_folder()
    root, _, issuing, issuing_key = make_foreign_ca(folder)
    secret = folder / "import-passphrase"
    secret.touch(0o600)
    secret.write_text("old secret\n")
    server = Server("--import-certificate", issuing, "--import-key", issuing_key, "--import-passphrase-file", secret,
                    "--import-chain", root, "--endpoint", "devices", "--set", "authorisers=challenge")
    expect_in("CN=Old Issuing,O=Old", server.init.out)
    enrol_and_verify(server, root, ("-untrusted", issuing))
    expect(not (server.data / "authority" / "root.key.pem").exists(), "there is a root key that was never given")
    # Without the root's key the next generation cannot be made, and that is told.
    outcome = server.cli("ca", "announce", code="fails")
    expect_in("the root's key is not at", outcome.err)


def make_pkcs12(folder, *arguments, password="p12 secret"):
    """What `openssl pkcs12 -export` makes, and a file with its password."""
    file, secret = folder / "ca.p12", folder / "p12-passphrase"
    openssl("pkcs12", "-export", "-out", file, "-passin", "pass:old secret", "-passout", f"pass:{password}", *arguments)
    secret.touch(0o600)
    secret.write_text(f"{password}\n")
    file.chmod(0o600)
    return file, secret


def test_an_issuing_ca_in_a_pkcs12_file_is_taken_over():
    folder = temporary_folder()
    root, _, issuing, issuing_key = make_foreign_ca(folder)
    whole = ("-in", issuing, "-inkey", issuing_key)
    rows = [
        ("of today with an empty password", (*whole, "-certfile", root), (), ""),
        ("of the last century without the root", ("-legacy", *whole), ("--import-chain", root), "p12 secret"),
    ]
    for name, arguments, more, password in rows:
        file, secret = make_pkcs12(folder, *arguments, password=password)
        place = Place()
        made = place.command("init", "--import-pkcs12", file, "--import-passphrase-file", secret, *more)
        expect_in("CN=Old Issuing,O=Old", made.out, f"what is told of a file {name}")
        expect_in("CN=Old Root,O=Old", made.out, f"what is told of a file {name}")
        key = place.authority("generation-1/issuing.key.pem")
        expect(key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----"), f"{key} is not encrypted")
        public = openssl("pkey", "-in", key, "-passin", f"file:{place.passphrase}", "-pubout").out
        expect_equal(public, openssl("x509", "-in", issuing, "-noout", "-pubkey").out, f"the public key of a file {name}")

    # The password of the last one, typed.
    place = Place()
    init = ("init", "--import-pkcs12", file, "--import-chain", root)
    expect_in("name a file with --import-passphrase-file", place.command(*init, code=BAD_COMMAND_LINE).err)
    person = Typist(PROGRAM, "--config", place.config, *init)
    person.see("Passphrase of the PKCS#12 file: ")
    expect(not person.echoes(), "what is typed after the prompt would be seen")
    person.type("p12 secret\n")
    expect_in("CN=Old Issuing,O=Old", person.see())
    expect("p12 secret" not in person.seen, f"the passphrase is on the screen:\n{person.seen}")


def test_a_pkcs12_file_that_cannot_be_taken_over_says_why():
    place = Place()
    root, _, issuing, issuing_key = make_foreign_ca(place.folder)
    wrong = place.write_secret("wrong", "guessed it is")
    file, secret = make_pkcs12(place.folder, "-in", issuing, "-inkey", issuing_key, "-certfile", root)
    rows = [
        ("a wrong password", file, wrong, (), REFUSED, "the passphrase does not open the file"),
        ("no PKCS#12", issuing, secret, (), BAD_COMMAND_LINE, "PKCS#12: malformed"),
        ("beside PEM", file, secret, ("--import-certificate", issuing), BAD_COMMAND_LINE, "--import-pkcs12 brings certificate and key"),
    ]
    issuing.chmod(0o600)
    for name, given, password, more, code, expected in rows:
        outcome = place.command("init", "--import-pkcs12", given, "--import-passphrase-file", password, *more, code=code)
        expect_in(expected, outcome.err, f"the error of '{name}'")
        expect("guessed it is" not in outcome.text(), f"the passphrase is in the error of '{name}'")
    for name, arguments, expected in (
            ("no key", ("-nokeys", "-in", issuing), "there is no private key in it"),
            ("no certificate", ("-nocerts", "-inkey", issuing_key), "there is no certificate for its key in it"),
            ("no root", ("-in", issuing, "-inkey", issuing_key), "--import-chain")):
        file, secret = make_pkcs12(place.folder, *arguments)
        outcome = place.command("init", "--import-pkcs12", file, "--import-passphrase-file", secret, code=BAD_COMMAND_LINE)
        expect_in(expected, outcome.err, f"the error of '{name}'")
    file.chmod(0o640)
    expect_in(f"{file} may be read by others: chmod 600 it",
              place.command("init", "--import-pkcs12", file, "--import-passphrase-file", secret, code=REFUSED).err)
    expect(not place.authority("current").exists(), "something was made")


def test_cas_between_the_issuing_one_and_the_root_are_kept_and_held_to():
    folder = temporary_folder()
    root, root_key, _, issuing_key = make_foreign_ca(folder)
    middle, middle_key, issuing = folder / "middle.pem", folder / "middle.key", folder / "issuing-below.pem"
    extensions = (folder / "ca.cnf").read_text()
    (folder / "middle.cnf").write_text(extensions + "extendedKeyUsage = clientAuth\nnameConstraints = permitted;DNS:site.example, "
                                       "excluded;dirName:theirs\n[theirs]\nO = Theirs\n")
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", middle_key, "-out", folder / "middle.csr", "-subj",
            "/O=Old/CN=Old Middle")
    openssl("x509", "-req", "-in", folder / "middle.csr", "-CA", root, "-CAkey", root_key, "-out", middle, "-days", "3000",
            "-extfile", folder / "middle.cnf")
    openssl("x509", "-req", "-in", folder / "issuing.csr", "-CA", middle, "-CAkey", middle_key, "-out", issuing, "-days", "1825",
            "-extfile", folder / "ca.cnf")
    chain = folder / "chain.pem"
    chain.write_text(middle.read_text() + root.read_text())
    secret = folder / "import-passphrase"
    secret.touch(0o600)
    secret.write_text("old secret\n")
    # The RA is named by whoever takes over, and held to what those above may certify as well.
    refused = Place().command("init", "--organization", "Theirs", "--import-certificate", issuing, "--import-key", issuing_key,
                              "--import-passphrase-file", secret, "--import-chain", chain, code="fails")
    expect_in("RA: its name 'CN=Theirs SCEP RA 1,O=Theirs' is among the excluded names of CN=Old Middle,O=Old", refused.err)
    server = Server("--import-certificate", issuing, "--import-key", issuing_key, "--import-passphrase-file", secret,
                    "--import-chain", chain, "--endpoint", "devices", "--set", "authorisers=challenge", "--set",
                    "alternative_names=dns", "--set", "extended_key_usages=serverAuth,clientAuth")
    told = "purpose-beyond-issuer: CN=Old Middle,O=Old may not certify for serverAuth"
    expect_in(f"Warning: {told}", server.init.err)
    server.cli("endpoint", "set", "devices", "extended_key_usages=clientAuth")

    # Devices get all of them, and so do people.
    chain_of_site = server.fetch("/ca/chain.pem", "chain-of-site.pem").read_text()
    for certificate in (issuing, middle, root):
        expect_in(certificate.read_text().strip(), chain_of_site, "the chain for download")
    known = server.fetch("/scep/devices?operation=GetCACert", "known.p7b")
    subjects = openssl("pkcs7", "-inform", "DER", "-in", known, "-print_certs", "-noout").out
    for name in ("SCEP RA", "CN = Old Issuing", "CN = Old Middle", "CN = Old Root"):
        expect_in(name, subjects, "GetCACert's answer")

    # What the one in the middle may not certify, the one below it does not.
    device = agent.for_server(server)
    device.enrol("CN=dev", "--dns", "dev.site.example", challenge=server.challenge())
    openssl("verify", "-CAfile", root, "-untrusted", device.file("chain.pem"), device.file("cert.pem"))
    stranger = agent.for_server(server)
    refusal = stranger.enrol("CN=dev", "--dns", "dev.other.example", challenge=server.challenge(), code="fails")
    expect_in("name-beyond-issuer: 'dns:dev.other.example' is not among the permitted names of CN=Old Middle,O=Old", refusal.text())

    # Whoever sets up an endpoint that could issue nothing is told at once, and later.
    outcome = server.cli("endpoint", "add", "servers", "authorisers=challenge", "extended_key_usages=serverAuth")
    expect_in(told, outcome.text())
    expect_in(told, server.cli("endpoint", "set", "devices", "extended_key_usages=serverAuth,clientAuth").text())
    expect_in(told, server.cli("doctor", code=None).text())
    server.restart()
    expect_in("CN = Old Middle", openssl("pkcs7", "-inform", "DER", "-in", server.fetch("/scep/devices?operation=GetCACert", "again"),
                                         "-print_certs", "-noout").out)


def test_a_root_that_issues_itself_is_taken_over():
    require(*strongswan.PROGRAMS)
    folder = temporary_folder()
    root, root_key, _, _ = make_foreign_ca(folder)
    server = Server("--import-certificate", root, "--import-key", root_key, "--endpoint", "devices", "--set",
                    "authorisers=challenge")
    enrol_and_verify(server, root)


def test_what_cannot_be_taken_over_is_told():
    place = Place()
    root, root_key, issuing, issuing_key = make_foreign_ca(place.folder)
    secret = place.write_secret("import-passphrase", "old secret")
    wrong = place.write_secret("wrong", "wrong")
    leaf_key, leaf = place.folder / "leaf.key", place.folder / "leaf.pem"
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", leaf_key, "-out", leaf, "-subj", "/CN=leaf",
            "-addext", "basicConstraints=critical,CA:FALSE")
    leaf_key.chmod(0o600)
    rows = [
        ("no chain", (issuing, issuing_key, "--import-passphrase-file", secret), "--import-chain"),
        ("a chain to somewhere else", (issuing, issuing_key, "--import-passphrase-file", secret, "--import-chain", leaf),
         "the chain of the CA certificate"),
        ("another's key", (root, leaf_key), "key"),
        ("a wrong passphrase", (issuing, issuing_key, "--import-passphrase-file", wrong, "--import-chain", root),
         "the passphrase does not open the private key"),
        ("no CA certificate", (leaf, leaf_key), "CA"),
        ("no certificate at all", (secret, root_key), str(secret)),
        ("no file", (place.folder / "nothing.pem", root_key), "nothing.pem"),
    ]
    for name, (certificate, key, *more), expected in rows:
        outcome = place.command("init", "--import-certificate", certificate, "--import-key", key, *more, code="fails")
        expect_in(expected, outcome.err, f"the error of '{name}'")
        expect("old secret" not in outcome.text(), f"the passphrase is in the error of '{name}'")
        expect(not place.authority("current").exists(), f"'{name}' made an authority")


def test_secrets_that_others_can_read_are_refused():
    place = Place()
    root, root_key, issuing, issuing_key = make_foreign_ca(place.folder)
    secret = place.write_secret("import-passphrase", "old secret")
    shared = place.write_secret("shared", "let me in")
    take_over = ("init", "--import-certificate", issuing, "--import-key", issuing_key, "--import-passphrase-file", secret,
                 "--import-chain", root, "--endpoint", "devices", "--set", "authorisers=shared-challenge", "--set",
                 f"shared_challenge_file={shared}")
    for file in (issuing_key, secret, shared):
        file.chmod(0o644)
        expect_in(f"{file} may be read by others: chmod 600 it", place.command(*take_over, code=REFUSED).err)
        file.chmod(0o600)
    expect(not place.data.exists(), "something was made")
    place.command(*take_over)

    server = Server("--organization", "Example", "--root", "ec:p256", "--issuing", "ec:p256")
    password = server.folder / "password"
    password.write_text("a long enough password")
    shared.chmod(0o640)
    for command, file in ((("user", "add", "anna", "--password-file", password), password),
                          (("endpoint", "add", "devices", "authorisers=shared-challenge", f"shared_challenge_file={shared}"), shared)):
        file.chmod(0o640)
        expect_in(f"{file} may be read by others: chmod 600 it", server.cli(*command, code=REFUSED).err)
        file.chmod(0o600)
        server.cli(*command)

    device = agent.Agent(server.scep_url(), server.cli("ca", "show", json=True)["root"]["sha256"])
    challenge = device.home / "challenge"
    challenge.write_text("let me in\n")
    challenge.chmod(0o644)
    enrol = ("enroll", "--subject", "CN=a", "--challenge-file", challenge)
    expect_in(f"--challenge-file: {challenge} may be read by others: chmod 600 it", device.run(*enrol, code=REFUSED).err)
    challenge.chmod(0o600)
    device.run(*enrol)


if __name__ == "__main__":
    os.umask(0o022)
    chancery.main()
