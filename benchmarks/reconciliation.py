"""A bank's statement of a day compared with the books of that day: a hundred thousand lines, and a tenth of them.

Reading the file, keeping its lines and comparing them are the use cases that the API and `work` call, each with its commit.
"""

import time
from datetime import UTC, datetime

import sqlalchemy as sa

from benchmarks.figures import Figure, at_most
from benchmarks.loaders.statements import load, statement
from benchmarks.places import Measured, server
from finance_sts.events import TELLS
from finance_sts.model.reconciliation import Finding, Outcome
from finance_sts.use_cases.bank_statements import load as load_statement
from finance_sts.use_cases.reconciliations import compare
from smartcity.http import Actor
from smartcity.storage import migrate
from smartcity.storage.encryption import keyring
from smartcity.storage.transaction import Database
from smartcity.testing import postgres

LINES, TENTH = 100_000, 10_000
CLERK = Actor("bendahara-umum", frozenset({"treasurer"}), office="BKAD")
NOW = datetime(2026, 2, 13, 1, tzinfo=UTC)


def measured(server_url: str, rows: int) -> tuple[float, float]:
    """Seconds of reading and keeping a statement of `rows` lines, and of comparing it with as many payments, all of which match."""
    url = postgres.create(server_url, f"reconciling_{rows}")
    migrate.upgrade("finance_sts", url)
    database, content = Database(url, TELLS), statement(rows)
    with database.session() as session:
        load(session, rows)
        begun = time.perf_counter()
        kept = load_statement(session, CLERK, content, None, NOW)
        session.commit()
        loaded = time.perf_counter()
        compare(session, str(kept.id), NOW)
        session.commit()
        done = time.perf_counter()
        matched = session.scalar(sa.select(sa.func.count()).where(Finding.outcome == Outcome.MATCHED))
    database.close()
    if matched != rows:
        raise RuntimeError(f"{matched} of {rows} lines match")
    return loaded - begun, done - loaded


def figures() -> Measured:
    """A tenth first, then the whole."""
    keyring.configure(bytes(range(32)))
    with server() as server_url:
        few, many = measured(server_url, TENTH), measured(server_url, LINES)
    yield Figure(f"{LINES:,} lines of MT940 read and kept", many[0], "s")
    yield at_most(f"{LINES:,} lines read, kept and compared with {LINES:,} payments", sum(many), 30, "s")
    yield at_most("comparing ten times the lines with ten times the payments / once", many[1] / few[1], 12, "x")
    yield at_most("reading and keeping ten times the lines / once", many[0] / few[0], 12, "x")
