"""The kombu virtual transport `embedded://`: the file for plain kombu programs."""

import sqlite3
import time
from collections import deque
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual

from smartcity.events.broker import DEFAULT_CONTENT_TYPE, Outgoing
from smartcity.events.broker.embedded import deliveries, routes
from smartcity.events.broker.embedded.deliveries import Held, Taken
from smartcity.events.broker.embedded.file import writing
from smartcity.events.broker.embedded.hand import MOST_ACKS, Hand, pause
from smartcity.events.broker.embedded.log import append


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
        self.channel.hand.refuse(delivery_tag, requeue)
        super().ack(delivery_tag)


class Channel(virtual.Channel):  # type: ignore[misc]  # kombu has no types
    """One SQLite connection and one owner of deliveries."""

    QoS = QoS
    do_restore = False
    body_encoding = None

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self.hand = Hand(connection.client.hostname.removeprefix("embedded://"))
        self.db = self.hand.db
        self._routes = routes.Routes()
        self._buffers: dict[str, deque[Taken]] = {}

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
        self.hand.look_again()

    def _size(self, queue: str) -> int:
        return deliveries.depth(self.db, queue) or 0

    def _purge(self, queue: str) -> int:
        return self.db.execute("DELETE FROM delivery WHERE queue = ? AND owner IS NULL", (queue,)).rowcount

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        buffer = self._buffers.setdefault(queue, deque())
        if not buffer:
            buffer.extend(self.hand.take(queue, self.qos.can_consume_max_estimate() or MOST_ACKS))
        if not buffer:
            raise Empty
        taken = buffer.popleft()
        self.hand.hold(taken.event, taken.event)
        return _payload(queue, taken)

    def basic_ack(self, delivery_tag: Held, multiple: bool = False) -> None:
        """Committed with the next ones, or after a short while."""
        held = self.qos.up_to(delivery_tag) if multiple else [delivery_tag]
        for one in held:
            self.qos.ack(one)
        self.hand.ack([(queue, event, event) for queue, event in held])

    def close(self) -> None:
        if self.closed:
            return
        try:
            self.hand.close()
        finally:
            super().close()


def _payload(queue: str, taken: Taken) -> dict[str, Any]:
    info = {"exchange": taken.exchange, "routing_key": taken.routing_key, "redelivered": bool(taken.before)}
    return {
        "body": taken.body, "content-type": taken.content_type, "content-encoding": None, "headers": taken.all_headers(),
        "properties": {
            "delivery_tag": (queue, taken.event), "delivery_info": info, "body_encoding": None,
            "message_id": taken.message_id, "type": taken.type,
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
            time.sleep(pause(self._quiet))
