"""The log of events in the file: append with all deliveries at once, and forget what is old and delivered."""

import json
import sqlite3
import time
from collections.abc import Sequence

from smartcity.clock import real_now
from smartcity.events.broker import Outcome, Outgoing
from smartcity.events.broker.embedded.routes import Routes

KEEP = 24 * 3600.0
"""Seconds an event stays after its publishing when nobody waits for it any more; each service's own log is the history."""
EVERY = 10.0
_SPAN = 500
_EVENT = "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DELIVERY = "INSERT INTO delivery (queue, event) VALUES (?, ?)"
_FORGET = """
DELETE FROM event WHERE id > ? AND id <= ? AND at < ?
AND NOT EXISTS (SELECT 1 FROM queue JOIN delivery ON delivery.queue = queue.name AND delivery.event = event.id)
"""


def append(db: sqlite3.Connection, routes: Routes, batch: Sequence[Outgoing]) -> list[Outcome]:
    """Events and all their deliveries, in order; inside a write transaction. An event nobody is bound to is not kept.

    Raises `NoExchange`.
    """
    routes.refresh(db)
    number = db.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
    at, events, deliveries, outcomes = int(real_now().timestamp()), [], [], []
    for one in batch:
        queues = routes.queues(db, one.exchange, one.routing_key)
        outcomes.append(Outcome.CONFIRMED if queues else Outcome.UNROUTABLE)
        if not queues:
            continue
        number += 1
        headers = json.dumps(one.plain_headers)
        events.append((number, at, one.exchange, one.routing_key, one.message_id, one.type, one.content_type, headers, one.body))
        deliveries += [(queue, number) for queue in queues]
    db.executemany(_EVENT, events)
    db.executemany(_DELIVERY, deliveries)
    return outcomes


class Retention:
    """Forgets old events in small steps, now and then, walking through the log from its beginning."""

    def __init__(self, keep: float = KEEP) -> None:
        self._keep = keep
        self._after = 0
        self._next = time.monotonic() + EVERY
        self._appended = 0

    def due(self, appended: int) -> bool:
        """Told how many were appended; whether a step is worth a transaction now."""
        self._appended += appended
        return time.monotonic() >= self._next

    def step(self, db: sqlite3.Connection) -> int:
        """Look at twice as many events as were appended, and a few; forget those old and delivered. Answers how many."""
        span, self._appended, self._next = _SPAN + 2 * self._appended, 0, time.monotonic() + EVERY
        seen = db.execute("SELECT id FROM event WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?", (self._after, span - 1)).fetchone()
        upto = seen[0] if seen else db.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0]
        gone = db.execute(_FORGET, (self._after, upto, int(real_now().timestamp() - self._keep))).rowcount
        self._after = upto if seen else 0
        return gone
