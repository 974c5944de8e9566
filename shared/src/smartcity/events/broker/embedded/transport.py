"""The kombu virtual transport `embedded://`: a consumer's view of the file."""

import json
import sqlite3
import time
from collections import deque
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual

from smartcity.events.broker import DEFAULT_CONTENT_TYPE, Outgoing
from smartcity.events.broker.embedded import deliveries, routes
from smartcity.events.broker.embedded.deliveries import Held
from smartcity.events.broker.embedded.file import open_file, owners_path, writing
from smartcity.events.broker.embedded.log import append
from smartcity.events.broker.embedded.owner import Owner, dead_owners

BUSY_POLL, IDLE_POLL = 0.001, 0.004
BUSY_TURNS = 20
ACK_BATCH, ACK_DELAY = 50, 0.05
REAP_EVERY = 0.5


def register() -> None:
    """Make the scheme known to kombu."""
    TRANSPORT_ALIASES["embedded"] = f"{__name__}:Transport"


class QoS(virtual.QoS):  # type: ignore[misc]  # kombu has no types
    """What is in the hands of a consumer; the channel commits the acks in batches."""

    def up_to(self, delivery_tag: Held) -> list[Held]:
        """What was delivered up to this one and is not answered yet."""
        self._flush()
        tags = list(self._delivered)
        return tags[: tags.index(delivery_tag) + 1]

    def reject(self, delivery_tag: Held, requeue: bool = False) -> None:
        self.channel.refused(delivery_tag, requeue)
        super().ack(delivery_tag)


class Channel(virtual.Channel):  # type: ignore[misc]  # kombu has no types
    """One SQLite connection and one owner of deliveries."""

    QoS = QoS
    do_restore = False
    body_encoding = None

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.path = connection.client.hostname.removeprefix("embedded://")
        self.db = open_file(self.path, durable=False)
        self.owner = Owner(owners_path(self.path))
        self._routes = routes.Routes()
        self._buffers: dict[str, deque[dict[str, Any]]] = {}
        self._acks: list[Held] = []
        self._acked_at = 0.0
        self._empty_at: dict[str, int] = {}
        self._reap_at = 0.0

    def exchange_declare(self, exchange: str = "", type: str = "direct", **options: Any) -> None:
        with writing(self.db):
            routes.declare_exchange(self.db, exchange, type)

    def _new_queue(self, queue: str, **options: Any) -> None:
        with writing(self.db):
            routes.declare_queue(self.db, queue)

    def _has_queue(self, queue: str, **options: Any) -> bool:
        return deliveries.depth(self.db, queue) is not None

    def queue_bind(self, queue: str, exchange: str = "", routing_key: str = "", **options: Any) -> None:
        with writing(self.db):
            routes.bind(self.db, queue, exchange, routing_key)

    def queue_unbind(self, queue: str, exchange: str = "", routing_key: str = "", **options: Any) -> None:
        with writing(self.db):
            routes.unbind(self.db, queue, exchange, routing_key)

    def queue_delete(self, queue: str, **options: Any) -> None:
        with writing(self.db):
            routes.delete_queue(self.db, queue)

    def basic_publish(self, message: dict[str, Any], exchange: str, routing_key: str, **options: Any) -> None:
        """For plain kombu programs; a relay sends whole batches with the broker's own publisher."""
        told, body = message["properties"], message["body"]
        headers = {**message["headers"], "content_type": message["content-type"] or DEFAULT_CONTENT_TYPE}
        bytes_ = body.encode() if isinstance(body, str) else bytes(body)
        one = Outgoing(exchange, routing_key, told.get("message_id") or "", told.get("type") or "", bytes_, headers)
        with writing(self.db):
            append(self.db, self._routes, [one])
        self._empty_at.clear()

    def _size(self, queue: str) -> int:
        return deliveries.depth(self.db, queue) or 0

    def _purge(self, queue: str) -> int:
        return self.db.execute("DELETE FROM delivery WHERE queue = ? AND owner IS NULL", (queue,)).rowcount

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        buffer = self._buffers.setdefault(queue, deque())
        if not buffer:
            self._refill(queue, buffer)
        if not buffer:
            raise Empty
        payload = buffer.popleft()
        self.owner.hold(payload["properties"]["delivery_tag"][1])
        return payload

    def _refill(self, queue: str, buffer: deque[dict[str, Any]]) -> None:
        now = time.monotonic()
        if now >= self._reap_at:
            self._reap_at = now + REAP_EVERY
            self._reap()
        version = self.db.execute("PRAGMA data_version").fetchone()[0]
        if self._empty_at.get(queue) == version or not deliveries.waiting(self.db, queue):
            self._empty_at[queue] = version
            if self._acks and now - self._acked_at >= ACK_DELAY:
                self._flush()
            return
        room = self.qos.can_consume_max_estimate() or ACK_BATCH
        with writing(self.db):
            deliveries.settle(self.db, self._acks)
            rows = deliveries.take(self.db, queue, self.owner.number, room)
        self._acks.clear()
        buffer.extend(_payload(queue, row) for row in rows)

    def _reap(self) -> None:
        """Give back what dead consumers held."""
        for owner, in_hand in dead_owners(owners_path(self.path), but=self.owner.number):
            with writing(self.db):
                deliveries.give_back(self.db, owner, in_hand)
            self._empty_at.clear()

    def basic_ack(self, delivery_tag: Held, multiple: bool = False) -> None:
        """Committed with the next ones, or after a short while."""
        held = self.qos.up_to(delivery_tag) if multiple else [delivery_tag]
        for one in held:
            self.qos.ack(one)
        self.owner.hold(0)
        now = time.monotonic()
        if not self._acks:
            self._acked_at = now
        self._acks += held
        if len(self._acks) >= ACK_BATCH or now - self._acked_at >= ACK_DELAY:
            self._flush()

    def refused(self, held: Held, requeue: bool) -> None:
        """Rejected: parked, or free for anybody."""
        self.owner.hold(0)
        with writing(self.db):
            if requeue:
                deliveries.release(self.db, held)
            else:
                deliveries.park(self.db, [held], "rejected")
        self._empty_at.clear()

    def _flush(self) -> None:
        with writing(self.db):
            deliveries.settle(self.db, self._acks)
        self._acks.clear()

    def close(self) -> None:
        """Commit the acks, give the rest back, let the owner's file go."""
        if self.closed:
            return
        try:
            with writing(self.db):
                deliveries.settle(self.db, self._acks)
                deliveries.give_back(self.db, self.owner.number)
            self.owner.close()
        finally:
            self.owner.drop_descriptor()
            super().close()
            self.db.close()


def _payload(queue: str, row: sqlite3.Row) -> dict[str, Any]:
    headers = {} if row["headers"] == "{}" else json.loads(row["headers"])
    if row["died_of"]:
        headers |= {"x-first-death-queue": row["died_in"], "x-first-death-reason": row["died_of"]}
    info = {"exchange": row["exchange"], "routing_key": row["routing_key"], "redelivered": row["taken"] > 0}
    return {
        "body": row["body"], "content-type": row["content_type"], "content-encoding": None, "headers": headers,
        "properties": {
            "delivery_tag": (queue, row["event"]), "delivery_info": info, "body_encoding": None,
            "message_id": row["message_id"], "type": row["type"],
        },
    }  # fmt: skip


class Transport(virtual.Transport):  # type: ignore[misc]  # kombu has no types
    """Waits by asking SQLite whether another connection has committed: microseconds, and no read transaction while idle."""

    Channel = Channel
    can_parse_url = True
    driver_type = driver_name = "sqlite"
    connection_errors = (*virtual.Transport.connection_errors, sqlite3.Error)
    implements = virtual.Transport.implements.extend(exchange_type=frozenset(["direct", "topic", "fanout"]))

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self._quiet = 0

    def driver_version(self) -> str:
        return sqlite3.sqlite_version

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """One message; raises `TimeoutError` after `timeout` seconds without any."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                self.cycle.get(self._deliver)
                self._quiet = 0
                return
            except Empty:
                self._quiet += 1
            if end is not None and time.monotonic() >= end:
                raise TimeoutError
            time.sleep(BUSY_POLL if self._quiet < BUSY_TURNS else IDLE_POLL)
