"""Who is bound to what, in the file; and the routes a publisher remembers until somebody binds anew."""

import sqlite3

from smartcity.events.broker.embedded.routing import matches
from smartcity.events.topology import INTERNAL, PUBLIC, Topology


class NoExchange(LookupError):
    """A message was sent to an exchange nobody declared."""


def declare(db: sqlite3.Connection, topology: Topology) -> None:
    """Exchanges, both queues and exactly these bindings; inside a transaction."""
    for exchange in (INTERNAL, PUBLIC):
        declare_exchange(db, exchange, "topic")
    declare_queue(db, topology.parked)
    declare_queue(db, topology.queue, topology.parked)
    db.execute("DELETE FROM binding WHERE queue = ?", (topology.queue,))
    for exchange, key in topology.bindings:
        bind(db, topology.queue, exchange, key)


def declare_exchange(db: sqlite3.Connection, name: str, kind: str) -> None:
    db.execute("INSERT OR IGNORE INTO exchange VALUES (?, ?)", (name, kind))
    changed(db)


def declare_queue(db: sqlite3.Connection, name: str, parked: str | None = None) -> None:
    again = "ON CONFLICT (name) DO UPDATE SET parked = coalesce(excluded.parked, parked)"
    db.execute(f"INSERT INTO queue VALUES (?, ?) {again}", (name, parked))
    changed(db)


def bind(db: sqlite3.Connection, queue: str, exchange: str, key: str) -> None:
    db.execute("INSERT OR IGNORE INTO binding VALUES (?, ?, ?)", (exchange, key, queue))
    changed(db)


def unbind(db: sqlite3.Connection, queue: str, exchange: str, key: str) -> None:
    db.execute("DELETE FROM binding WHERE exchange = ? AND routing_key = ? AND queue = ?", (exchange, key, queue))
    changed(db)


def delete_queue(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM delivery WHERE queue = ?", (name,))
    db.execute("DELETE FROM binding WHERE queue = ?", (name,))
    db.execute("DELETE FROM queue WHERE name = ?", (name,))
    changed(db)


def changed(db: sqlite3.Connection) -> None:
    """Every publisher must look again."""
    db.execute("UPDATE topology SET version = version + 1")


class Routes:
    """Remembers which queues a routing key leads to, as long as the topology's version stands."""

    def __init__(self) -> None:
        self._version = -1
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def refresh(self, db: sqlite3.Connection) -> None:
        """Once inside each write transaction, before `queues`."""
        version = db.execute("SELECT version FROM topology").fetchone()[0]
        if version != self._version:
            self._known.clear()
            self._version = version

    def queues(self, db: sqlite3.Connection, exchange: str, key: str) -> tuple[str, ...]:
        """The queues, each once; raises `NoExchange`."""
        route = exchange, key
        if route not in self._known:
            self._known[route] = _look_up(db, exchange, key)
        return self._known[route]


def _look_up(db: sqlite3.Connection, exchange: str, key: str) -> tuple[str, ...]:
    if not exchange:
        return tuple(name for (name,) in db.execute("SELECT name FROM queue WHERE name = ?", (key,)))
    kind = db.execute("SELECT kind FROM exchange WHERE name = ?", (exchange,)).fetchone()
    if kind is None:
        raise NoExchange(f"no exchange {exchange}")
    bound = db.execute("SELECT routing_key, queue FROM binding WHERE exchange = ?", (exchange,))
    return tuple(sorted({queue for bound_key, queue in bound if _fits(kind[0], bound_key, key)}))


def _fits(kind: str, bound_key: str, key: str) -> bool:
    return kind == "fanout" or bound_key == key or (kind == "topic" and matches(bound_key, key))
