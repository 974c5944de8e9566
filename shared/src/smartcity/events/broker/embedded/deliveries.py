"""What becomes of a delivery: taken, acked, given back, parked. Each function works inside the caller's transaction."""

import sqlite3
from collections.abc import Iterable, Sequence

from smartcity.events.topology import DELIVERY_LIMIT

Held = tuple[str, int]
"""A queue and the number of an event in it."""
_TAKE = """
SELECT d.event, d.taken, d.died_in, d.died_of, e.exchange, e.routing_key, e.message_id, e.type, e.content_type, e.headers, e.body
FROM delivery d JOIN event e ON e.id = d.event WHERE d.queue = ? AND d.owner IS NULL ORDER BY d.event LIMIT ?
"""


def waiting(db: sqlite3.Connection, queue: str) -> bool:
    """Whether anything can be taken; needs no write lock."""
    return db.execute("SELECT 1 FROM delivery WHERE queue = ? AND owner IS NULL LIMIT 1", (queue,)).fetchone() is not None


def depth(db: sqlite3.Connection, queue: str) -> int | None:
    """How many wait; `None` where there is no such queue."""
    if db.execute("SELECT 1 FROM queue WHERE name = ?", (queue,)).fetchone() is None:
        return None
    count: int = db.execute("SELECT count(*) FROM delivery WHERE queue = ? AND owner IS NULL", (queue,)).fetchone()[0]
    return count


def take(db: sqlite3.Connection, queue: str, owner: int, limit: int) -> list[sqlite3.Row]:
    """The oldest that nobody holds, now held by `owner`."""
    cursor = db.cursor()
    cursor.row_factory = sqlite3.Row
    rows = cursor.execute(_TAKE, (queue, limit)).fetchall()
    mark = "UPDATE delivery SET owner = ?, taken = taken + 1 WHERE queue = ? AND event = ?"
    db.executemany(mark, [(owner, queue, row["event"]) for row in rows])
    return rows


def settle(db: sqlite3.Connection, held: Iterable[Held]) -> None:
    """Acked: gone from their queues."""
    db.executemany("DELETE FROM delivery WHERE queue = ? AND event = ?", held)


def give_back(db: sqlite3.Connection, owner: int, in_hand: int = 0) -> None:
    """What `owner` held can be taken again; its death counts against the event it had in hand, to the limit."""
    if in_hand:
        db.execute("UPDATE delivery SET kills = kills + 1 WHERE owner = ? AND event = ?", (owner, in_hand))
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
        settle(db, [(queue, event)])
        if parked and parked[0]:
            row = (parked[0], event, queue, reason)
            db.execute("INSERT OR REPLACE INTO delivery (queue, event, died_in, died_of) VALUES (?, ?, ?, ?)", row)
