"""What becomes of one event received: one commit with inbox row, effect and own facts; only then the ack."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy.orm import Session

from smartcity import clock, context, tracing
from smartcity.errors import NotYet
from smartcity.events import inbox
from smartcity.events.batch import batch
from smartcity.events.catalogue import ContractError, contract
from smartcity.events.envelope import Heard, Unreadable, read
from smartcity.observability import DELIVERY, EFFECTS, log
from smartcity.storage.transaction import Database, is_away

Handler = Callable[[Session, Heard, Any], None]


class DatabaseAway(Exception):
    """The service's own database cannot be reached: nothing is acked, nothing is taken from the queue."""


class Consumer:
    """Turns bytes into effects. It knows no broker: `receive` answers what came of it."""

    def __init__(self, database: Database, hears: Mapping[str, Handler]) -> None:
        self.database, self.hears = database, hears

    def receive(self, body: bytes) -> str:
        """`applied`, `duplicate`, `waiting`, `parked`, `ignored` or `unreadable`; raises `DatabaseAway`."""
        try:
            event = read(body)
        except Unreadable as error:
            log.error("event unreadable", reason=str(error))
            return self._counted("unreadable")
        if event.type not in self.hears:
            return self._counted("ignored")
        context.begin(_context(event))
        began = time.perf_counter()
        try:
            outcome = self._apply(event, body)
        except Exception as error:
            if is_away(error):
                raise DatabaseAway from error
            outcome = self._keep(event, body, error)
        _told(event, context.current(), began, outcome)
        return self._counted(outcome)

    def receive_many(self, bodies: Sequence[bytes]) -> list[str]:
        """The same for many, in order; neighbours whose handlers are `batch` share one transaction."""
        letters, outcomes = zip(bodies, map(self._for_many, bodies), strict=True), list[str]()
        for together, neighbours in groupby(letters, lambda letter: letter[1] is not None):
            run = list(neighbours)
            outcomes += self._together(run) if together else [self.receive(body) for body, _ in run]
        return outcomes

    def _for_many(self, body: bytes) -> Heard | None:
        try:
            event = read(body)
        except Unreadable:
            return None
        return event if isinstance(self.hears.get(event.type), batch) else None

    def _together(self, run: Sequence[tuple[bytes, Any]]) -> list[str]:
        """What was not taken in one go (known already, behind a waiting one, or all because one fails) is received by itself."""
        first = dict[inbox.Key, Heard]()
        for _, event in run:
            first.setdefault((event.source, event.id), event)
        try:
            taken = self._apply_many(first) if len(run) > 1 else set()
        except Exception as error:
            if is_away(error):
                raise DatabaseAway from error
            log.warning("batch not applied", count=len(run), error=error)
            taken = set()
        EFFECTS.labels("applied").inc(len(taken))
        if len(taken) == len(run):
            return ["applied"] * len(run)
        outcomes = []
        for body, event in run:
            key = event.source, event.id
            mine = key in taken and first.get(key) is event
            outcomes.append("applied" if mine else self.receive(body))
        return outcomes

    def _apply_many(self, events: Mapping[inbox.Key, Heard]) -> Set[inbox.Key]:
        now, began = clock.now(), time.perf_counter()
        with self.database.session() as session:
            taken = inbox.take_many(session, events, now)
            mine = [event for key, event in events.items() if key in taken]
            for kind, run in groupby(mine, lambda event: event.type):
                self._handle_many(session, kind, list(run), now)
            inbox.wake(session, {event.subject for event in mine}, now)
            session.commit()
        for kind, run in groupby(mine, lambda event: event.type):
            _delivered(kind, run)
        for event in mine if tracing.on() else ():
            _told(event, _context(event), began, "applied")
        log.info("events applied", count=len(mine))
        return taken

    def _handle_many(self, session: Session, kind: str, events: Sequence[Heard], now: datetime) -> None:
        check, handler = contract(kind).check, cast(batch, self.hears[kind])
        for event in events:
            check(event.data, tolerant=True)
        handler.many(session, events, now)
        session.flush()
        if session.info.get("told"):
            raise LookupError("what a batch tells would not know its cause")

    def _counted(self, outcome: str) -> str:
        EFFECTS.labels(outcome).inc()
        return outcome

    def _apply(self, event: Heard, body: bytes) -> str:
        now = clock.now()
        with self.database.session() as session:
            inbox.lock_subject(session, event.subject)
            behind = inbox.take(session, event, now)
            if behind is None:
                return "duplicate"
            if behind:
                session.rollback()
                return self._wait(event, body, now, "an older event of its subject waits", inbox.PATIENCE)
            self._handle(session, event, now)
            session.commit()
        _delivered(event.type, [event])
        log.info("event applied", type=event.type, subject=event.subject, sequence=event.sequence, id=event.id)
        return "applied"

    def _handle(self, session: Session, event: Heard, now: datetime) -> None:
        contract(event.type).check(event.data, tolerant=True)
        self.hears[event.type](session, event, now)
        inbox.wake(session, [event.subject], now)

    def _keep(self, event: Heard, body: bytes, error: Exception) -> str:
        early = isinstance(error, NotYet)
        reason = f"NotYet: {error}" if early else type(error).__name__
        log.log(20 if early else 40, "event not applied", type=event.type, subject=event.subject, id=event.id, error=error)
        patience = 1 if isinstance(error, ContractError) else inbox.PATIENCE if early else inbox.TRIES
        return self._wait(event, body, clock.now(), reason, patience)

    def _wait(self, event: Heard, body: bytes, now: datetime, reason: str, patience: int) -> str:
        try:
            with self.database.transaction() as session:
                return inbox.keep(session, event, body, now, reason, patience).value
        except Exception as error:
            if is_away(error):
                raise DatabaseAway from error
            raise

    def retry_one(self) -> str | None:
        """Try the next waiting event that is due; `None` when there is none."""
        now = clock.now()
        with self.database.session() as session:
            row = inbox.next_waiting(session, now)
            if row is None or row.body is None:
                return None
            body, event = row.body, read(row.body)
            context.begin(_context(event))
            began = time.perf_counter()
            try:
                inbox.lock_subject(session, event.subject)
                self._handle(session, event, now)
                inbox.done(row)
                session.commit()
                _told(event, context.current(), began, "applied")
                return self._counted("applied")
            except Exception as error:
                if is_away(error):
                    raise DatabaseAway from error
                failure = error
        return self._counted(self._keep(event, body, failure))


def _delivered(kind: str, events: Iterable[Heard]) -> None:
    applied, delivery = clock.now().timestamp(), DELIVERY.labels(kind)
    for event in events:
        delivery.observe(max(0.0, applied - event.time.timestamp()))


def _told(event: Heard, work: context.Context, began: float, outcome: str) -> None:
    tracing.tell(
        f"process {event.type}", tracing.Kind.CONSUMER, work, time.perf_counter() - began, failed=outcome in ("waiting", "parked"),
        messaging__operation__type="process", cloudevents__event_type=event.type, cloudevents__event_id=event.id, outcome=outcome,
    )  # fmt: skip


def _context(event: Heard) -> context.Context:
    return context.child_of(event.traceparent, request_id=event.id, correlation_id=event.correlation_id, causation_id=event.id)


def patiently(work: Callable[[], Any], stopped: Callable[[], bool]) -> bool:
    """Do `work` again and again while the database is away; `False` when told to stop before it was done."""
    pause = 0.1
    while not stopped():
        try:
            work()
            return True
        except DatabaseAway:
            log.warning("database away", seconds=pause)
            time.sleep(pause)
            pause = min(pause * 2, 1.0)
    return False
