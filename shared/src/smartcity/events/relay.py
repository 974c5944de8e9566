"""From the event log to the broker: in order, pipelined, mandatory, confirmed. One active relay a service, by lock."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg

from smartcity import clock
from smartcity.events.catalogue import PUBLIC, all_contracts
from smartcity.events.envelope import CONTENT_TYPE, PREFIX
from smartcity.events.event_log import CHANNEL
from smartcity.observability import UNROUTABLE, log

if TYPE_CHECKING:
    from smartcity.events.broker import Broker, Outgoing, Publisher

BATCH = 500
POLL = 0.5
_UNSENT = (
    "SELECT position, id::text, type, audience, body FROM event_log "
    "WHERE sent_at IS NULL AND position > %s AND position <> ALL(%s) ORDER BY position LIMIT %s"
)
_MARK = "UPDATE event_log SET sent_at = %s, unheard = position = ANY(%s) WHERE position = ANY(%s)"
_HEADERS = {"content_type": CONTENT_TYPE}
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('relay', 0))"


class Relay:
    """Sends what is unsent. Between publish and mark a kill leads to a second sending: inboxes know it."""

    def __init__(self, dsn: str, broker: "Broker", fault: Callable[[str], None] = lambda point: None) -> None:
        self.dsn, self.broker, self.fault = dsn, broker, fault
        self._marks = _Marks(dsn)
        self._passed = 0  # a whole batch that stayed is passed by, so that what nobody can take yet holds nobody else up

    def run(self, stop: threading.Event) -> None:
        """Until `stop`: connect, hold the relay's lock, send, sleep until woken. Survives an absent database or broker."""
        from smartcity.events.broker import BrokerAway

        pause = 0.1
        while not stop.is_set():
            try:
                with psycopg.connect(self.dsn, autocommit=True, connect_timeout=3) as db:
                    pause = 0.1
                    self._serve(db, stop)
            except (psycopg.Error, BrokerAway) as error:
                log.warning("relay interrupted", error=error)
                stop.wait(pause)
                pause = min(pause * 2, 1.0)

    def _serve(self, db: psycopg.Connection[Any], stop: threading.Event) -> None:
        while not db.execute(_LOCK).fetchone()[0]:  # type: ignore[index]
            if stop.wait(POLL):
                return
        db.execute(f"LISTEN {CHANNEL}")
        publisher = self.broker.publisher()
        try:
            while not stop.is_set():
                if self.send_batch(db, publisher) == 0:
                    _sleep_until_told(db)
        finally:
            publisher.close()
            self._marks.close()

    def send_batch(self, db: psycopg.Connection[Any], publisher: "Publisher") -> int:
        """Send the oldest unsent events and mark what was confirmed; answers how many left the list, or were passed by."""
        rows = db.execute(_UNSENT, (self._passed, self._marks.positions, BATCH), binary=True).fetchall()
        whole = len(rows) == BATCH
        if not rows:
            self._marks.close()
            self._passed = 0
            return 0
        outcomes = publisher.send([_outgoing(row) for row in rows])
        self.fault("relay-after-publish")
        left, unheard = _settled(rows, outcomes)
        if whole:
            self._marks.begin(left, unheard)
        else:
            self._marks.close()
            _mark(db, left, unheard)
        self._passed = rows[-1][0] if whole and len(left) < BATCH else self._passed if whole else 0
        return len(left) or (BATCH if whole else 0)


class _Marks:
    """Marks one batch of a backlog in a thread and on a connection of its own, while the next is on its way to the broker."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._db: psycopg.Connection[Any] | None = None
        self._hand: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None
        self.positions: list[int] = []
        """Sent, and perhaps not marked yet."""

    def begin(self, left: list[int], unheard: list[int]) -> None:
        """Raises what became of the batch before."""
        if self._db is None or self._hand is None:
            self._db, self._hand = psycopg.connect(self._dsn, autocommit=True, connect_timeout=3), ThreadPoolExecutor(1)
        if self._last is not None:
            self._last.result()
        self.positions = left
        self._last = self._hand.submit(_mark, self._db, left, unheard)

    def close(self) -> None:
        """Wait for the last one, let go of the connection; harmless twice. What was not marked is sent again."""
        last, db, hand = self._last, self._db, self._hand
        self._last = self._db = self._hand = None
        self.positions = []
        if hand is not None:
            hand.shutdown()
        if db is not None:
            db.close()
        if last is not None:
            last.result()


def _settled(rows: Sequence[Any], outcomes: Sequence[Any]) -> tuple[list[int], list[int]]:
    """The positions that leave the list, and those of them that nobody heard."""
    from smartcity.events.broker import Outcome

    left, unheard = [], []
    for (position, _, kind, _, _), outcome in zip(rows, outcomes, strict=True):
        if outcome is Outcome.CONFIRMED:
            left.append(position)
        elif outcome is Outcome.UNROUTABLE and not all_contracts()[kind].heard_by:
            left.append(position)
            unheard.append(position)
        elif outcome is Outcome.UNROUTABLE:
            UNROUTABLE.labels(kind).inc()
            log.error("event must be heard and has no queue", type=kind)
    return left, unheard


def _mark(db: psycopg.Connection[Any], left: list[int], unheard: list[int]) -> None:
    if left:
        db.execute(_MARK, (clock.now(), unheard, left))


def _outgoing(row: Any) -> "Outgoing":
    from smartcity.events.broker import Outgoing
    from smartcity.events.topology import exchange_of

    _, ident, kind, audience, body = row
    return Outgoing(exchange_of(audience == PUBLIC), kind, ident, PREFIX + kind, bytes(body), _HEADERS)


def _sleep_until_told(db: psycopg.Connection[Any]) -> None:
    """Until a NOTIFY or the poll's end; the poll is for notifications that were lost."""
    for _ in db.notifies(timeout=POLL, stop_after=1):
        return
