#!/usr/bin/env python3
"""What docs/backup.md tells: copies that are made while the server runs can be restored, and what an older one means."""

import contextlib
import shutil
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
from chancery import Server, expect, expect_equal, expect_in, openssl, require, run

require("openssl")
INIT = ("--organization", "Example", "--root", "ec:p256", "--issuing", "ec:p256", "--endpoint", "devices",
        "--set", "authorisers=challenge")


def crl_number(server):
    file = server.fetch("/crl/1.crl", "1.crl")
    return int(openssl("crl", "-inform", "DER", "-in", file, "-noout", "-crlnumber").out.strip().partition("=")[2], 16)


def test_a_copy_made_while_the_server_runs_is_restored():
    server = Server(*INIT)
    backup = server.folder / "backup"
    backup.mkdir()
    server.challenge()
    shutil.copytree(server.data / "authority", backup / "authority")
    # A CRL between the two copies is no harm in this order.
    server.cli("crl", "publish")
    # What sqlite3's command .backup does.
    with contextlib.closing(sqlite3.connect(server.data / "ledger.db")) as ledger, \
            contextlib.closing(sqlite3.connect(backup / "ledger.db")) as copy:
        ledger.backup(copy)
        expect_equal(copy.execute("PRAGMA integrity_check").fetchall(), [("ok",)], "the check of the copy")
    for _ in range(2):
        server.cli("crl", "publish")
    published = crl_number(server)
    server.kill()

    expect((server.data / "ledger.db-wal").stat().st_size > 0, "all was in ledger.db already")
    shutil.rmtree(server.data)
    shutil.copytree(backup, server.data)
    server.start()
    expect_in("The audit trail is whole", server.cli("audit", "verify").out)
    expect_equal(len(server.cli("challenge", "list", json=True)["challenges"]), 1, "challenges")
    expect(crl_number(server) < published, "nothing was lost")
    server.stop()

    # Both are as old: the number of the last CRL, which somebody has, is written in.
    (server.data / "authority/crl-numbers").write_text(f"0 1\n1 {published}\n")
    expect_in("is an older copy", run(*server.command("serve"), code=1).err)
    process = chancery.Process(*server.command("serve", "--accept-older-ledger"), log=server.log_file)
    chancery.wait_until(lambda: process.code is not None or server.cli("status", code=None).code == 0, "no server", timeout=30)
    expect_equal(crl_number(server), published + 1)


chancery.main()
