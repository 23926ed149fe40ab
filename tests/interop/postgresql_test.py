#!/usr/bin/env python3
# target: store_hub_test
# ctest: LABELS unit
"""PostgreSQL reads every statement of the ledger, and a ledger on it keeps the contract that the one on SQLite keeps.

What the server does not write is in docs/adr/0011-sql-that-two-databases-run.md: the driver for it. The tests of the ledger
bring enough of one (src/testing/postgresql.h).
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))
import chancery
import postgresql

TEST = chancery.BUILD / "store_hub_test"

server = chancery.for_all_tests(postgresql.Server)


def passes(cases):
    chancery.expect(TEST.exists(), f"{TEST} is not built")
    environment = {**os.environ, "CHANCERY_POSTGRESQL": server().connection}
    for name in ("GTEST_OUTPUT", "GTEST_FILTER"):
        environment.pop(name, None)
    outcome = chancery.run(TEST, f"--gtest_filter={cases}", "--gtest_brief=1", env=environment, code=None, timeout=120)
    chancery.expect_equal(outcome.code, 0, f"the exit code (the server says:\n{server().process.log()}) of\n{outcome}\nwhich")
    chancery.expect_in("[  PASSED  ]", outcome.out)
    chancery.expect("[  PASSED  ] 0 tests" not in outcome.out, f"no case ran:\n{outcome}")
    print(outcome.out.strip().splitlines()[-1])


def test_postgresql_reads_every_statement():
    passes("Server/PostgreSqlReads*")


def test_a_ledger_on_postgresql_keeps_the_contract():
    passes("PostgreSql/*")


if __name__ == "__main__":
    chancery.main()
