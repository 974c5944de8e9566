"""What becomes of a delivery: taken, acked, given back, parked. Each function works inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from smartcity.events.broker.embedded.owner import NOTHING
from smartcity.events.topology import DELIVERY_LIMIT

Held = tuple[str, int]
"""A queue and the number of an event in it."""
Span = tuple[str, int, int]
"""A queue and the first and last number of a stretch of events in it."""
_OLDEST = "SELECT min(event), max(event) FROM (SELECT event FROM delivery WHERE queue = ? AND owner IS NULL ORDER BY event LIMIT ?)"
_TAKE = "UPDATE delivery SET owner = ?, taken = taken + 1 WHERE queue = ? AND event BETWEEN ? AND ? AND owner IS NULL"
_READ = """
SELECT d.event, d.taken > 1, e.body, d.died_in, d.died_of, e.exchange, e.routing_key, e.message_id, e.type, e.content_type, e.headers
FROM delivery d CROSS JOIN event e ON e.id = d.event WHERE d.queue = ? AND d.event BETWEEN ? AND ? AND d.owner = ? ORDER BY d.event
"""


class Taken(NamedTuple):
    """A delivery with its event; `before`: it was taken by somebody before."""

    event: int
    before: bool
    body: bytes
    died_in: str | None
    died_of: str | None
    exchange: str
    routing_key: str
    message_id: str
    type: str
    content_type: str
    headers: str

    def all_headers(self) -> dict[str, Any]:
        """As they were sent; of a parked one with where and why it was given up."""
        headers: dict[str, Any] = {} if self.headers == "{}" else json.loads(self.headers)
        if self.died_of:
            headers |= {"x-first-death-queue": self.died_in, "x-first-death-reason": self.died_of}
        return headers


def waiting(db: sqlite3.Connection, queue: str) -> bool:
    """Whether anything can be taken; needs no write lock."""
    return db.execute("SELECT 1 FROM delivery WHERE queue = ? AND owner IS NULL LIMIT 1", (queue,)).fetchone() is not None


def depth(db: sqlite3.Connection, queue: str) -> int | None:
    """How many wait; `None` where there is no such queue."""
    if db.execute("SELECT 1 FROM queue WHERE name = ?", (queue,)).fetchone() is None:
        return None
    count: int = db.execute("SELECT count(*) FROM delivery WHERE queue = ? AND owner IS NULL", (queue,)).fetchone()[0]
    return count


def take(db: sqlite3.Connection, queue: str, owner: int, limit: int) -> Span | None:
    """Between these the oldest that nobody held, `limit` at the most, are now held by `owner`."""
    first, last = db.execute(_OLDEST, (queue, limit)).fetchone()
    if first is None:
        return None
    span = queue, first, last
    db.execute(_TAKE, (owner, *span))
    return span


def read(db: sqlite3.Connection, span: Span, owner: int) -> list[Taken]:
    """What `owner` holds there, in order; needs no write lock."""
    return list(map(Taken._make, db.execute(_READ, (*span, owner))))


def settle(db: sqlite3.Connection, spans: Iterable[Span], owner: int) -> None:
    """Acked: what `owner` holds there is gone from its queue."""
    db.executemany("DELETE FROM delivery WHERE queue = ? AND event BETWEEN ? AND ? AND owner = ?", [(*span, owner) for span in spans])


def give_back(db: sqlite3.Connection, owner: int, in_hand: tuple[int, int] = NOTHING) -> None:
    """What `owner` held can be taken again; its death counts against the events it had in hand, to the limit."""
    if in_hand != NOTHING:
        db.execute("UPDATE delivery SET kills = kills + 1 WHERE owner = ? AND event BETWEEN ? AND ?", (owner, *in_hand))
        killers = db.execute("SELECT queue, event FROM delivery WHERE owner = ? AND kills >= ?", (owner, DELIVERY_LIMIT)).fetchall()
        park(db, killers, "delivery_limit")
    db.execute("UPDATE delivery SET owner = NULL WHERE owner = ?", (owner,))


def release(db: sqlite3.Connection, held: Held) -> None:
    """One can be taken again."""
    db.execute("UPDATE delivery SET owner = NULL WHERE queue = ? AND event = ?", held)


def park(db: sqlite3.Connection, held: Sequence[Held], reason: str) -> None:
    """Into the parked queue of its queue; dropped where the queue has none, as AMQP does."""
    for queue, event in held:
        parked = db.execute("SELECT parked FROM queue WHERE name = ?", (queue,)).fetchone()
        db.execute("DELETE FROM delivery WHERE queue = ? AND event = ?", (queue, event))
        if parked and parked[0]:
            row = (parked[0], event, queue, reason)
            db.execute("INSERT OR REPLACE INTO delivery (queue, event, died_in, died_of) VALUES (?, ?, ?, ?)", row)
