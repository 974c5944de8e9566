"""The embedded broker's face: declare, publish, consume and count straight in SQL."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

from smartcity.events.broker import BrokerAway, Consumer, Outcome, Outgoing, Publisher, SameProcess
from smartcity.events.broker.consuming import PatientConsumer
from smartcity.events.broker.embedded import deliveries, routes
from smartcity.events.broker.embedded.file import away, open_file, writing
from smartcity.events.broker.embedded.line import FileLine
from smartcity.events.broker.embedded.log import Retention, append
from smartcity.events.topology import Topology


class EmbeddedBroker:
    """The broker in the file at `path`."""

    def __init__(self, path: str) -> None:
        self._path, self._process = path, SameProcess()

    def declare(self, topology: Topology) -> None:
        self._process.check()
        with away(), closing(open_file(self._path, durable=True)) as db, writing(db):
            routes.declare(db, topology)

    def publisher(self) -> Publisher:
        self._process.check()
        return EmbeddedPublisher(self._path)

    def consumer(self, queue: str, prefetch: int = 50) -> Consumer:
        self._process.check()
        return PatientConsumer(queue, lambda: FileLine(self._path, queue, prefetch))

    def depth(self, queue: str) -> int:
        self._process.check()
        with away(), closing(open_file(self._path, durable=False)) as db:
            found = deliveries.depth(db, queue)
        if found is None:
            raise BrokerAway(f"no queue {queue}")
        return found


class EmbeddedPublisher:
    """A whole batch is one transaction, on the disk when `send` answers."""

    def __init__(self, path: str) -> None:
        self._path, self._process = path, SameProcess()
        self._db: sqlite3.Connection | None = None
        self._routes, self._retention = routes.Routes(), Retention()

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        self._process.check()
        try:
            with away():
                return self._send(batch)
        except BrokerAway:
            self.close()
            raise

    def _send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        if self._db is None:
            self._db = open_file(self._path, durable=True)
        with writing(self._db):
            outcomes = append(self._db, self._routes, batch)
        if self._retention.due(len(batch)):
            with writing(self._db):
                self._retention.step(self._db)
        return outcomes

    def close(self) -> None:
        self._process.check()
        if self._db is not None:
            self._db.close()
            self._db = None
