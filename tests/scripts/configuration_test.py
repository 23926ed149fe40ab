#!/usr/bin/env python3
"""The configuration before a server runs: what is wrong in it, with the files that it names, and with this machine."""

import os
import shutil
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import PROGRAM, Server, expect, expect_equal, expect_in, openssl, require, run, temporary_folder
from place import Place

require("openssl")

BAD_COMMAND_LINE = 2
CONFLICT = 1


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
    data = f'data = "{folder}/data"\n'
    link = data + '[hub]\nlink_listen = ["[::]:8444"]\nlink_url = "https://hub.example:8444"\n'
    file.write_text(link)
    expect_in("it does not name 'hub.example': add it to hub.host_names",
              run(PROGRAM, "config", "check", file, code=BAD_COMMAND_LINE).err)
    file.write_text(link + 'host_names = ["192.0.2.1", "hub.example"]\n')
    expect_in("is right", run(PROGRAM, "config", "check", file).out)
    # serve reads it the same way.
    file.write_text('[crl]\nvalidity = "1h"\noverlap = "50m"\n')
    expect_in("crl.overlap", run(PROGRAM, "--config", file, "serve", code=BAD_COMMAND_LINE).err)
    file.write_text(data + run(PROGRAM, "config", "default").out)
    expect_in("is right", run(PROGRAM, "config", "check", file).out)


def test_a_configuration_that_serve_refuses_is_not_right():
    folder = temporary_folder()
    file = folder / "chancery.toml"
    rows = [
        ('[http]\nlisten = ["8080"]', "http.listen: listen address '8080': there is no port"),
        ('[https]\nlisten = ["0.0.0.0:70000"]',
         "https.listen: listen address '0.0.0.0:70000': the port is not a number from 0 to 65535"),
        ('[monitoring]\nlisten = ["localhost:9465"]', "monitoring.listen: listen address 'localhost:9465': the host is not a"),
        ('[hub]\nweb_listen = ["[::1:8443"]', "hub.web_listen: listen address '[::1:8443': the host is not a numeric"),
        ('[hub]\nlink_listen = ["0.0.0.0:-1"]', "hub.link_listen: listen address '0.0.0.0:-1': the port is not"),
        ('[http]\nlisten = ["127.0.0.1:8080", "127.0.0.1:8080"]', "http.listen: 127.0.0.1:8080 is there twice"),
        ('[monitoring]\nlisten = ["127.0.0.1:8080"]',
         "monitoring.listen: 127.0.0.1:8080 has the port that http.listen takes with 0.0.0.0:8080"),
        ('[http]\nlisten = ["[::1]:8080", "[0:0::1]:8080"]',
         "http.listen: [0:0::1]:8080 has the port that http.listen takes with [::1]:8080"),
        ('[hub]\nlink_listen = ["[::]:8443"]',
         "hub.link_listen: [::]:8443 has the port that hub.web_listen takes with 127.0.0.1:8443"),
        ('base_url = "http://pki.example/x?a=b"', "base_url: must not have a query ('?')"),
        ('base_url = "http://pki.example#top"', "base_url: must not have a fragment ('#')"),
        ('base_url = "http://anna:x@pki.example"', "base_url: must not have a user ('@')"),
        ('base_url = "http://pki example"', "base_url: must not contain spaces"),
        ('base_url = "http://:8080"', "base_url: has no host"),
        ('base_url = "http://pki.example:99999"', "base_url: its port is not a number from 1 to 65535"),
        ('base_url = "http://[2001:db8::1]:x"', "base_url: its port is not a number from 1 to 65535"),
    ]
    for text, problem in rows:
        file.write_text(text + "\n")
        for command in (("config", "check"), ("--data", folder / "data", "serve")):
            expect_in(problem, run(PROGRAM, "--config", file, *command, code=BAD_COMMAND_LINE).err, f"the error of {text}")
    for text in ('base_url = "http://[2001:db8::1]:8080/pki"', '[http]\nlisten = ["127.0.0.1:0", "127.0.0.1:0"]',
                 '[http]\nlisten = ["127.0.0.1:8080", "[::1]:8080", "127.0.0.2:8080"]'):
        file.write_text(f'data = "{folder}/data"\n{text}\n')
        expect_in("is right", run(PROGRAM, "config", "check", file).out, f"the answer to {text}")


def test_the_files_that_a_configuration_names_are_looked_at():
    place = Place()
    folder = place.folder
    for name in ("one", "other"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem",
                "-subj", f"/CN={name}")
    whole = place.config.read_text()

    def check(more, top=whole, code=BAD_COMMAND_LINE):
        place.config.write_text(top + more)
        return place.command("config", "check", place.config, code=code).text()

    def https(certificate, key):
        return f'[https]\nlisten = ["127.0.0.1:8442"]\ncertificate_file = "{folder}/{certificate}"\nkey_file = "{folder}/{key}"\n'

    expect_in("is right", check(https("one.pem", "one.key"), code=0))
    told = check(https("no.pem", "no.key"))
    for option, name in (("certificate_file", "no.pem"), ("key_file", "no.key")):
        expect_in(f"https.{option}: reading {folder}/{name}: No such file or directory", told)
    expect_in("https: TLS key", check(https("one.pem", "other.key")))
    expect_in("does not belong to the certificate", check(https("one.pem", "other.key")))
    expect_in("https: TLS certificate", check(https("one.key", "one.key")))
    expect(not place.data.exists(), "config check made the data folder")

    place.passphrase.chmod(0o644)
    expect_in(f"passphrase_file: {place.passphrase} may be read by others (mode 0644)", check(""))
    place.passphrase.unlink()
    expect_in(f"passphrase_file: reading {place.passphrase}: No such file or directory", check(""))
    expect_in("one.pem is not a folder", check("", f'data = "{folder}/one.pem"\n'))
    expect_in("one.pem/data: Not a directory", check("", f'data = "{folder}/one.pem/data"\n'))
    if os.geteuid() != 0:
        folder.chmod(0o500)
        expect_in("cannot be made in", run(PROGRAM, "--config", place.config, "config", "check", code="fails").err)
        folder.chmod(0o700)
    # serve says the same of the certificate.
    place = Place()
    place.command("init", "--organization", "Example", "--root", "ec:p256", "--issuing", "ec:p256")
    place.config.write_text(place.config.read_text() + '[http]\nlisten = ["127.0.0.1:0"]\n' +
                            https("no.pem", "no.key").replace("8442", "0") + '[monitoring]\nlisten = []\n[hub]\nweb_listen = []\n')
    expect_in(f"TLS certificate: cannot read {folder}/no.pem: No such file or directory", place.command("serve", code="fails").err)


def check_what_keeps_the_server_from_starting(place, findings):
    """Each row breaks one thing, and the doctor says of it what `chancery serve` says."""
    ledger, key = place.data / "ledger.db", place.authority("generation-1/ra.key.pem")
    wrong = place.write_secret("wrong", "wrong")
    passphrase_named = place.config.read_text()
    rows = [
        ("a wrong passphrase", lambda: place.passphrase.write_text("wrong\n"), "error", "generation-1/issuing.key.pem: ",
         f"{place.passphrase} must hold the passphrase that 'chancery init' was given"),
        ("no passphrase", lambda: place.config.write_text(passphrase_named.replace("passphrase_file", "#")), "warning",
         "no passphrase_file is named", "name a file in passphrase_file"),
        ("noise in the ledger", lambda: ledger.write_bytes(os.urandom(8192)), "error", f"{ledger}: it is not a database", "restore "),
        ("no ledger", ledger.unlink, "error", f"there is no ledger at {ledger}", "restore "),
        ("a generation that is not there", lambda: place.authority("current").write_text("7\n"), "error",
         "generation 7 is current, but its files are not in", "restore "),
        ("noise in a certificate", lambda: place.authority("generation-1/ra.pem").write_text("noise"), "error",
         "generation-1/ra.pem: ", "restore "),
        ("a key that others may read", lambda: key.chmod(0o644), "warning", f"{key} may be read by others (mode 0644)",
         f"chmod 600 {key}"),
    ]
    for name, spoil, severity, what, fix in rows:
        whole = place.folder / "whole"
        shutil.copytree(place.data, whole)
        passphrase = place.passphrase.read_text()
        spoil()
        found = findings(CONFLICT)
        expect_equal(len(found), 2, f"the number of findings with {name} ({found})")
        expect_equal(found[1][0], severity, f"the severity of {name}")
        expect_in(what, found[1][1], name)
        expect(found[1][2].startswith(fix), f"what to do about {name}: {found[1][2]}")
        if severity == "error" and name != "no ledger":
            said = place.command("serve", code="fails").err
            expect_in(what, said, f"what serve says about {name}")
        shutil.rmtree(place.data)
        whole.rename(place.data)
        place.config.write_text(passphrase_named)
        place.passphrase.write_text(passphrase)
    outcome = place.command("doctor", "--passphrase-file", wrong, code=CONFLICT)
    expect_in(f"{wrong} must hold the passphrase", outcome.out)


def test_the_doctor_looks_around_where_no_server_runs():
    place = Place()

    def findings(code):
        outcome = place.command("--json", "doctor", code=code)
        return [(each["severity"], each["what"], each["fix"]) for each in chancery.parse_json(outcome)["findings"]
                if "MiB left" not in each["what"]]

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        quiet = f'[http]\nlisten = ["{taken}"]\n[monitoring]\nlisten = ["127.0.0.1:0"]\n[hub]\nweb_listen = []\n'
        whole = place.config.read_text() + quiet
        place.config.write_text(whole)
        place.passphrase.chmod(0o644)
        socket_fix = "another program has this port, and 'ss -ltnp' names it: end it, or choose another in http.listen"
        expect_equal(findings(CONFLICT), [
            ("error", f"no server answers at {place.data}/admin.sock", "mend what follows, then start it with 'chancery serve'"),
            ("error", f"passphrase_file: {place.passphrase} may be read by others (mode 0644)", f"chmod 600 {place.passphrase}"),
            ("error", f"there is no authority in {place.data}/authority yet", "make one with 'chancery init'"),
            ("error", f"http.listen: listening on {taken}: Address already in use", socket_fix)])
        outcome = place.command("doctor", code=CONFLICT)
        expect_in(f"error    there is no authority in {place.data}/authority yet\n         make one with 'chancery init'\n", outcome.out)
        expect_in("there is something to mend", outcome.err)
        expect(not place.data.exists(), "the doctor made the data folder")
    place.passphrase.chmod(0o600)
    place.command("init", "--organization", "Example", "--root", "ec:p256", "--issuing", "ec:p256")
    [(severity, what, fix)] = findings(CONFLICT)
    expect_equal((severity, fix), ("error", "start it with 'chancery serve', or name its socket with --socket"))
    check_what_keeps_the_server_from_starting(place, findings)
    place.config.write_text('bse_url = "x"\nlog_level = 7\n')
    expect_equal([what.split(": ")[1] for _, what, _ in findings(CONFLICT)], ["unknown key 'bse_url'", "log_level"], "the findings")


def test_an_alias_of_no_endpoint_is_told():
    server = Server("--organization", "Example", "--endpoint", "devices", "--set", "authorisers=challenge",
                    sections='[scep]\npkiclient_alias = "nope"\nmscep_alias = "devices"')
    expect_in("an alias names an endpoint that is not there", server.log())
    told = server.cli("doctor", code=CONFLICT).out
    expect_in("error    scep.pkiclient_alias names the endpoint nope, and there is none: devices get 404 at its address", told)
    expect("mscep" not in told, f"the alias of an endpoint that is there is told:\n{told}")


if __name__ == "__main__":
    os.umask(0o022)
    chancery.main()
