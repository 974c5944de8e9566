"""From the event log to the broker: in order, pipelined, mandatory, confirmed. One active relay a service, by lock."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import psycopg

from smartcity.events.catalogue import PUBLIC, all_contracts
from smartcity.events.envelope import CONTENT_TYPE, PREFIX
from smartcity.events.event_log import CHANNEL
from smartcity.observability import UNROUTABLE, log

if TYPE_CHECKING:
    from smartcity.events.broker import Broker, Outgoing, Publisher

BATCH = 500
POLL = 0.5
_UNSENT = (
    "SELECT position, id::text, type, audience, body FROM event_log WHERE position = ANY(ARRAY("
    "SELECT position FROM event_unsent WHERE position > %s AND position <> ALL(%s::bigint[]) ORDER BY position LIMIT %s)) ORDER BY position"
)
"""The positions first and then their rows: as a join, without fresh statistics, it was read from the log's beginning each time."""
_TAKE_OFF = "DELETE FROM event_unsent WHERE position = ANY(%s)"
_UNHEARD = "UPDATE event_log SET unheard = true WHERE position = ANY(%s)"
_HEADERS = {"content_type": CONTENT_TYPE}
_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('relay', 0))"


class Relay:
    """Sends what is unsent. Between publish and mark a kill leads to a second sending: inboxes know it."""

    def __init__(self, dsn: str, broker: "Broker", fault: Callable[[str], None] = lambda point: None) -> None:
        self.dsn, self.broker, self.fault = dsn, broker, fault
        self._ahead = _Ahead(dsn)
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
            self._ahead.close()

    def send_batch(self, db: psycopg.Connection[Any], publisher: "Publisher") -> int:
        """Send the oldest unsent events and take off what was confirmed; answers how many left the list, or were passed by."""
        rows = self._ahead.rows() if self._ahead.looking else _look(db, self._passed, [])
        if not rows:
            self._ahead.close()
            self._passed = 0
            return 0
        whole = len(rows) == BATCH
        if whole:
            self._ahead.look(self._passed, [row[0] for row in rows])
        outcomes = publisher.send(_outgoing(rows))
        self.fault("relay-after-publish")
        left, unheard = _settled(rows, outcomes)
        if whole:
            self._ahead.take_off(left, unheard)
            self._passed = rows[-1][0] if len(left) < BATCH else self._passed
            return len(left) or BATCH
        self._ahead.close()
        _take_off(db, left, unheard)
        self._passed = 0
        return len(left)


class _Ahead:
    """In a backlog, a second hand with a connection of its own: takes the last batch off the list and reads the next one,
    while one is on its way to the broker. It looks at the whole list each time, so no event overtakes an older one of its subject.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._db: psycopg.Connection[Any] | None = None
        self._hand: ThreadPoolExecutor | None = None
        self._jobs = deque[Future[Any]]()

    @property
    def looking(self) -> bool:
        return bool(self._jobs)

    def _do(self, job: Callable[..., Any], *words: Any) -> None:
        if self._db is None or self._hand is None:
            self._db, self._hand = psycopg.connect(self._dsn, autocommit=True, connect_timeout=3), ThreadPoolExecutor(1)
        self._jobs.append(self._hand.submit(job, self._db, *words))

    def look(self, passed: int, in_hand: list[int]) -> None:
        """Read the next batch, without what is in hand."""
        self._do(_look, passed, in_hand)

    def take_off(self, left: list[int], unheard: list[int]) -> None:
        self._do(_take_off, left, unheard)

    def rows(self) -> Sequence[Any]:
        """The batch asked for; raises what became of that and of everything before."""
        rows: Sequence[Any] = ()
        while self._jobs and not rows:
            rows = self._jobs.popleft().result() or ()
        return rows

    def close(self) -> None:
        """Wait for what was asked, let go of the connection; harmless twice. What was not taken off is sent again."""
        jobs, db, hand = self._jobs, self._db, self._hand
        self._jobs, self._db, self._hand = deque(), None, None
        if hand is not None:
            hand.shutdown()
        if db is not None:
            db.close()
        for job in jobs:
            job.result()


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


def _look(db: psycopg.Connection[Any], passed: int, in_hand: list[int]) -> list[Any]:
    return db.execute(_UNSENT, (passed, in_hand, BATCH), binary=True).fetchall()


def _take_off(db: psycopg.Connection[Any], left: list[int], unheard: list[int]) -> None:
    if unheard:
        db.execute(_UNHEARD, (unheard,))
    if left:
        db.execute(_TAKE_OFF, (left,))


def _outgoing(rows: Sequence[Any]) -> list["Outgoing"]:
    from smartcity.events.broker import Outgoing
    from smartcity.events.topology import exchange_of

    public, internal = exchange_of(True), exchange_of(False)
    return [
        Outgoing(public if audience == PUBLIC else internal, kind, ident, PREFIX + kind, body, _HEADERS)
        for _, ident, kind, audience, body in rows
    ]


def _sleep_until_told(db: psycopg.Connection[Any]) -> None:
    """Until a NOTIFY or the poll's end; the poll is for notifications that were lost."""
    for _ in db.notifies(timeout=POLL, stop_after=1):
        return
