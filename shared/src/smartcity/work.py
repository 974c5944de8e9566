"""The `work` process of a service: relay, consumer, waiting inbox and due work. Stops within 5 seconds."""

import math
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa
from prometheus_client import Gauge, start_http_server
from sqlalchemy.exc import SQLAlchemyError

from smartcity import clock, due, files, housekeeping, outages, tracing
from smartcity.events.batch import batch
from smartcity.events.broker import Batch, Delivery, open_broker
from smartcity.events.consumer import Consumer, DatabaseAway, patiently
from smartcity.events.relay import Relay
from smartcity.events.topology import queue_of
from smartcity.observability import DUE_OVERDUE, INBOX_PARKED, INBOX_WAITING, OLDEST_UNSENT, UNSENT, log
from smartcity.service import Service, Watch
from smartcity.settings import Settings
from smartcity.storage.transaction import Database

STOP_WITHIN = 5.0
POLL = 0.25
GRACE = 2.0
"""Seconds the events in hand wait for an absent database before they go back to the queue."""
BATCH = 500
WATCHED_EVERY = 15.0
_STATE = sa.text(
    "SELECT (SELECT count(*) FROM event_unsent), "
    "(SELECT e.time FROM event_unsent JOIN event_log e USING (position) ORDER BY position LIMIT 1), "
    "(SELECT count(*) FROM inbox WHERE status = 'waiting'), (SELECT count(*) FROM inbox WHERE status = 'parked'), "
    "(SELECT min(at) FROM due WHERE status = 'due' AND at <= :now)"
)


def fault(point: str) -> None:
    """Die here by SIGKILL, once, when a fault test asks for it: a file of that name in the folder `SMARTCITY_FAULTS`."""
    folder = os.environ.get("SMARTCITY_FAULTS")
    if not folder:
        return
    try:
        os.unlink(os.path.join(folder, point))
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def _gauges(name: str, watch: Watch | Mapping[str, Watch]) -> list[tuple[Gauge, Watch]]:
    """The metric with what it shows; of a table one for each kind."""
    if callable(watch):
        return [(Gauge(name, watch.__doc__ or name), watch)]
    family = Gauge(name, " ".join(f"{kind}: {one.__doc__}" for kind, one in watch.items()), ["kind"])
    return [(family.labels(kind), one) for kind, one in watch.items()]


class Work:
    """The threads of one `work` process. Signals reach only the main thread, which waits."""

    def __init__(self, service: Service, config: Settings, database: Database) -> None:
        self.service, self.config, self.database = service, config, database
        self.stop, self.away = threading.Event(), threading.Event()
        self.broker = open_broker(config.broker_url)
        self.consumer = Consumer(database, service.hears)
        self.next_beat = time.monotonic()
        self.runs = {**service.due_work, **housekeeping.RUNS, **files.RUNS}

    def run(self) -> None:
        """Until SIGTERM or SIGINT."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stop.set())
        if self.config.metrics_port:
            start_http_server(self.config.metrics_port, addr=self.config.address)
        threads = [threading.Thread(target=target, name=target.__name__, daemon=True) for target in self._targets()]
        for thread in threads:
            thread.start()
        log.info("work began", pid=os.getpid())
        while not self.stop.wait(1.0):
            if not all(thread.is_alive() for thread in threads):
                log.error("a thread of work ended", state="restart")
                os._exit(1)
        end = time.monotonic() + STOP_WITHIN
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        tracing.close()
        os._exit(0)

    def _targets(self) -> list[Callable[[], None]]:
        asked = {self.consume: self.service.hears, self.watches: self.service.watched}
        return [self.relay, self.waiting, self.due_work, self.gauges, *(target for target, wanted in asked.items() if wanted)]

    def relay(self) -> None:
        Relay(self.config.database_url, self.broker, fault).run(self.stop)

    def consume(self) -> None:
        """Many at once only where a handler takes many: otherwise each event has its own commit and its own ack."""
        queue = queue_of(self.service.name)
        if any(isinstance(handler, batch) for handler in self.service.hears.values()):
            self.broker.consumer(queue, BATCH).run_many(self._on_batch, self.stop, self._database_away)
        else:
            self.broker.consumer(queue).run(self._on_message, self.stop, self._database_away)

    def _on_message(self, delivery: Delivery) -> None:
        self._receive([delivery.body], delivery.ack, lambda _: delivery.reject())

    def _on_batch(self, received: Batch) -> None:
        self._receive(received.bodies, received.ack, received.reject)

    def _receive(self, bodies: Sequence[bytes], ack: Callable[[], None], reject: Callable[[int], None]) -> None:
        """Effects first, then the acks; with the database away for longer, everything goes back to the queue."""
        outcomes = list[str]()

        def receive() -> None:
            outcomes[:] = self.consumer.receive_many(bodies)

        end = time.monotonic() + GRACE
        if not patiently(receive, lambda: self.stop.is_set() or time.monotonic() > end):
            self.away.set()
            return
        fault("consumer-after-commit")
        for place, outcome in enumerate(outcomes):
            if outcome == "unreadable":
                reject(place)
        if outcomes != ["unreadable"]:
            ack()

    def _database_away(self) -> bool:
        """The consumer's pause: from the end of its patience until the database answers."""
        if self.away.is_set():
            with suppress(SQLAlchemyError), self.database.engine.connect() as connection:
                connection.execute(sa.text("SELECT 1"))
                self.away.clear()
        return self.away.is_set()

    def waiting(self) -> None:
        self._poll(lambda: self.consumer.retry_one() is not None)

    def due_work(self) -> None:
        """What is due, after the heartbeat: an outage is known before anything that came due in it runs."""
        self._poll(self._beat_and_run_next)

    def _beat_and_run_next(self) -> bool:
        if time.monotonic() >= self.next_beat:
            with self.database.transaction() as session:
                outages.beat(session, told=outages.ENDED in self.runs)
            self.next_beat = time.monotonic() + outages.EVERY.total_seconds()
        return due.run_next(self.database.session, self.runs, clock.now()) is not None

    def _poll(self, one: Callable[[], bool]) -> None:
        """Do one piece after another; when there is none, or the database is away, wait a little."""
        while not self.stop.is_set():
            try:
                if one():
                    continue
            except (DatabaseAway, SQLAlchemyError) as error:
                log.warning("database away", error=error)
            self.stop.wait(POLL)

    def watches(self) -> None:
        """What the service itself wants watched, each in a read of its own: one that fails shows NaN and hides no other."""
        watched = [(name, *one) for name, watch in self.service.watched.items() for one in _gauges(name, watch)]
        while not self.stop.wait(WATCHED_EVERY):
            for name, gauge, watch in watched:
                try:
                    with self.database.session() as session:
                        gauge.set(watch(session, clock.now()))
                except SQLAlchemyError as error:
                    gauge.set(math.nan)
                    log.warning("not watched", kind=name, error=error)

    def gauges(self) -> None:
        while not self.stop.wait(2.0):
            try:
                now = clock.now()
                with self.database.session() as session:
                    unsent, oldest, waiting, parked, overdue = session.execute(_STATE, {"now": now}).one()
            except SQLAlchemyError:
                continue
            UNSENT.set(unsent)
            OLDEST_UNSENT.set(_age(oldest, now))
            INBOX_WAITING.set(waiting)
            INBOX_PARKED.set(parked)
            DUE_OVERDUE.set(_age(overdue, now))


def _age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0
