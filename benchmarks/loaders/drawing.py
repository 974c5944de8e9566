"""What every loader draws with: shares, ids of their moment, lines for COPY; and a server to look at what it made."""

import argparse
import random
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import IO, Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.storage import migrate, root_keys
from smartcity.testing import postgres

INDEXES = """
SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = ANY(%s)
AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)
"""
Load = Callable[[str, int], None]


def one_of(chance: random.Random, shares: Mapping[str, int]) -> str:
    """A key, as often as its share says."""
    return chance.choices(list(shares), list(shares.values()))[0]


def ident(chance: random.Random, at: datetime) -> UUID:
    """A UUIDv7 of that moment."""
    moment, bits = int(at.timestamp() * 1000), chance.getrandbits(74)
    return UUID(int=moment << 80 | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1)


def line(*values: Any) -> str:
    """A row as COPY reads it; the values hold neither tabs nor ends of lines."""
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"


def copy(connection: psycopg.Connection[Any], statement: str, lines: IO[str]) -> None:
    """Everything in the file, by COPY."""
    lines.seek(0)
    with connection.cursor().copy(statement) as into:
        while block := lines.read(1 << 20):
            into.write(block)


def keys_of(url: str) -> None:
    """What this process seals from here on, a service on that database can read, with the `SECRET_KEY` of benches and tests."""
    root_keys.configure(_engine(url), bytes(range(32)))


@contextmanager
def without_indexes(connection: psycopg.Connection[Any], tables: Sequence[str]) -> Iterator[None]:
    """The tables' indexes but those of constraints are made when the rows are there."""
    indexes = connection.execute(INDEXES, (list(tables),)).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        connection.execute(definition)


@contextmanager
def years(server_url: str, template: str, load: Load, rows: int) -> Iterator[Session]:
    """A session on a copy of the migrated database `template` that `load` filled; the copy is gone afterwards."""
    name = f"{template}_after_years"
    url = postgres.create(server_url, name, template)
    load(url, rows)
    with Session(_engine(url)) as session:
        yield session
    postgres.drop(server_url, name)


def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)


def command(package: str, of: str, load: Load, doc: str | None) -> None:
    """The loader as a command: fill, and say how long it took."""
    asked = argparse.ArgumentParser(description=doc)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--database", help="the address of a migrated, empty database")
    wanted = asked.parse_args()
    if wanted.database:
        _timed(wanted.database, wanted.rows, of, load)
        return
    with postgres.private_server() as server:
        url = postgres.create(server, package)
        migrate.upgrade(package, url)
        _timed(url, wanted.rows, of, load)
        with suppress(KeyboardInterrupt):
            signal.pause()


def _timed(url: str, count: int, of: str, load: Load) -> None:
    begun = time.monotonic()
    load(url, count)
    print(f"{count:,} {of} in {time.monotonic() - begun:.0f} s: {url}", flush=True)
