#!/usr/bin/env python3
"""How an authority comes to be: made or taken over, once, with its keys encrypted and its passphrase nowhere else."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import strongswan
from chancery import PASSPHRASE, PROGRAM, Server, expect, expect_equal, expect_in, openssl, require, run, temporary_folder

require("openssl")

BAD_COMMAND_LINE, REFUSED, MISSING, UNREACHABLE = 2, 4, 3, 5
# A conflict is an ordinary failure.
CONFLICT = 1


class Place:
    """A folder with a configuration and a passphrase, where an authority may be made."""

    def __init__(self):
        self.folder = temporary_folder()
        self.data = self.folder / "data"
        self.config = self.folder / "chancery.toml"
        self.passphrase = self.folder / "passphrase"
        self.write_secret("passphrase", PASSPHRASE)
        self.config.write_text(f'data = "{self.data}"\npassphrase_file = "{self.passphrase}"\n'
                               'base_url = "http://pki.example:8080"\n')

    def write_secret(self, name, text):
        file = self.folder / name
        file.touch(0o600)
        file.write_text(text + "\n")
        return file

    def command(self, *arguments, **options):
        return run(PROGRAM, "--config", self.config, *arguments, **options)

    def authority(self, name):
        return self.data / "authority" / name


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


def test_a_configuration_is_told_all_that_is_wrong_with_it():
    folder = temporary_folder()
    file = folder / "chancery.toml"
    file.write_text('data = ""\nbse_url = "x"\nlog_level = 7\n\n[http]\nworkers = 9999\nlisten = "x"\n')
    outcome = run(PROGRAM, "config", "check", file, code=BAD_COMMAND_LINE)
    for problem in (f"{file}:1: data: expected a path, found nothing",
                    f"{file}:2: unknown key 'bse_url': did you mean 'base_url'?",
                    f"{file}:3: log_level: expected one of 'debug', 'info', 'warning', 'error', found the number 7",
                    f"{file}:6: http.workers: expected an integer from 0 to 1024, found 9999",
                    f"{file}:7: http.listen: expected a list of texts, found the text 'x'"):
        expect_in(problem, outcome.err)
    file.write_text('base_url = "ftp://x/"\n[http]\nlisten = []\n[crl]\nvalidity = "1h"\noverlap = "50m"\n')
    outcome = run(PROGRAM, "config", "check", file, code=BAD_COMMAND_LINE)
    for problem in ("base_url: must begin with http:// or https://", "http.listen: nothing to listen on",
                    "crl.overlap: more than half of crl.validity"):
        expect_in(problem, outcome.err)
    file.write_text('[hub]\nlink_url = "http://hub.example:8444"\n')
    outcome = run(PROGRAM, "config", "check", file, code=BAD_COMMAND_LINE)
    for problem in ("hub.link_url: hub.link_listen is empty", "hub.link_url: must be https:// and a host"):
        expect_in(problem, outcome.err)
    link = '[hub]\nlink_listen = ["[::]:8444"]\nlink_url = "https://hub.example:8444"\n'
    file.write_text(link)
    expect_in("it does not name 'hub.example': add it to hub.host_names",
              run(PROGRAM, "config", "check", file, code=BAD_COMMAND_LINE).err)
    file.write_text(link + 'host_names = ["192.0.2.1", "hub.example"]\n')
    expect_in("is right", run(PROGRAM, "config", "check", file).out)
    # serve reads it the same way.
    file.write_text('[crl]\nvalidity = "1h"\noverlap = "50m"\n')
    expect_in("crl.overlap", run(PROGRAM, "--config", file, "serve", code=BAD_COMMAND_LINE).err)
    file.write_text(run(PROGRAM, "config", "default").out)
    expect_in("is right", run(PROGRAM, "config", "check", file).out)


if __name__ == "__main__":
    os.umask(0o022)
    chancery.main()
