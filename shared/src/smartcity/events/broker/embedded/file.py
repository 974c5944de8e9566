"""The SQLite file: its tables, how it is opened, and the one kind of write transaction."""

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smartcity.events.broker import BrokerAway
from smartcity.events.broker.embedded.routes import NoExchange

SCHEMA = 1
WAIT = 5.0
"""Seconds a writer waits for another; then the broker counts as away."""
LOOK_AGAIN = 0.0002
_TABLES = """
CREATE TABLE exchange(name TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE queue(name TEXT PRIMARY KEY, parked TEXT) WITHOUT ROWID;
CREATE TABLE binding(exchange TEXT, routing_key TEXT, queue TEXT, PRIMARY KEY (exchange, routing_key, queue)) WITHOUT ROWID;
CREATE TABLE topology(version INTEGER NOT NULL);
INSERT INTO topology VALUES (0);
CREATE TABLE event(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, exchange TEXT NOT NULL, routing_key TEXT NOT NULL,
  message_id TEXT, type TEXT, content_type TEXT, headers TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE delivery(queue TEXT, event INTEGER, owner INTEGER, taken INTEGER NOT NULL DEFAULT 0, kills INTEGER NOT NULL DEFAULT 0,
  died_in TEXT, died_of TEXT, PRIMARY KEY (queue, event)) WITHOUT ROWID;
CREATE INDEX delivery_owner ON delivery(owner) WHERE owner IS NOT NULL;
"""


def open_file(path: str, *, durable: bool) -> sqlite3.Connection:
    """A connection to the bus at `path`, made with mode 0600 if absent.

    `durable` commits survive a power cut (`synchronous=FULL`); a consumer's need not: a lost ack only means a second delivery.
    Raises `OSError` or `sqlite3.Error`.
    """
    with owners_folder(path) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        _make(path)
        db = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, durable)
        except BaseException:
            db.close()
            raise
    return db


def _make(path: str) -> None:
    """An empty file of mode 0600 where there is none.

    A file that is there is never opened and closed here: closing any descriptor of it drops the POSIX locks that SQLite
    holds for this process, and the next process to leave would take the write-ahead log with it.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def owners_path(path: str) -> Path:
    """The folder of the owners' locked files, beside the bus."""
    return Path(f"{path}.owners")


@contextmanager
def owners_folder(path: str) -> Iterator[int]:
    """A descriptor of that folder, made if absent; closing it drops a lock taken on it."""
    owners_path(path).mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = os.open(owners_path(path), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield folder
    finally:
        os.close(folder)


def _prepare(db: sqlite3.Connection, durable: bool) -> None:
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    db.execute("PRAGMA journal_size_limit = 67108864")
    found = db.execute("PRAGMA user_version").fetchone()[0]
    if found == 0:
        db.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
    elif found != SCHEMA:
        raise sqlite3.DatabaseError(f"the bus file has schema {found}, this code needs {SCHEMA}")


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: the lock is taken first, so nothing read inside can be stale."""
    _begin(db)
    try:
        yield db
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _begin(db: sqlite3.Connection) -> None:
    """Look again every half millisecond, up to `WAIT`: SQLite's own waiting sleeps longer each time, up to 100 ms, and beside
    a writer that never rests it sleeps through each moment at which the file is free.
    """
    end = time.monotonic() + WAIT
    db.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun(db, end):
            time.sleep(LOOK_AGAIN)
    finally:
        db.execute(f"PRAGMA busy_timeout = {WAIT * 1000:.0f}")


def _begun(db: sqlite3.Connection, end: float) -> bool:
    try:
        db.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
            raise
        return False
    return True


@contextmanager
def away() -> Iterator[None]:
    """What keeps the file from being used is told as `BrokerAway`."""
    try:
        yield
    except (sqlite3.Error, OSError, NoExchange) as error:
        raise BrokerAway(f"the bus file: {error}") from error
