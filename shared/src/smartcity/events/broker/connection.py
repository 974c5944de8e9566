"""Connections to RabbitMQ over kombu: one for a short errand, one for a consumer."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import kombu

from smartcity.events.broker import DEFAULT_CONTENT_TYPE, Batch, BrokerAway, Delivery
from smartcity.events.broker.consuming import LOOK
from smartcity.events.topology import DELIVERY_LIMIT

CONNECT_TIMEOUT = 2.0
ERRAND_TIMEOUT = 10.0
HEARTBEAT = 20


@dataclass(frozen=True)
class Address:
    """What a consumer needs to know to connect."""

    url: str
    queue: str
    prefetch: int


def errors_of(connection: kombu.Connection) -> tuple[type[BaseException], ...]:
    """What kombu raises when the broker is away or says no."""
    return (*connection.connection_errors, *connection.channel_errors, kombu.exceptions.OperationalError, OSError)


@contextmanager
def connected(url: str) -> Iterator[kombu.Connection]:
    """A connection for one short errand; raises `BrokerAway`."""
    connection = kombu.Connection(url, connect_timeout=ERRAND_TIMEOUT)
    try:
        connection.ensure_connection(max_retries=0)
        yield connection
    except errors_of(connection) as error:
        raise BrokerAway(str(error) or type(error).__name__) from error
    finally:
        _release(connection)


def _release(connection: kombu.Connection) -> None:
    with suppress(*errors_of(connection)):
        connection.release()


class KombuLine:
    """One open connection with one consumer on it. Its lock is held whenever the socket is used.

    The broker counts a death against every message of the window, so the window is one message as long as what comes
    has been delivered before.
    """

    def __init__(self, address: Address) -> None:
        self._address, self._lock = address, threading.Lock()
        self._arrived: deque[kombu.Message] = deque()
        self._window = 1
        self._connection = kombu.Connection(address.url, connect_timeout=CONNECT_TIMEOUT, heartbeat=HEARTBEAT)
        self._errors = errors_of(self._connection)
        self._beat_at = 0.0
        self._closed = threading.Event()
        try:
            with self._using():
                self._connection.ensure_connection(max_retries=0)
                self._raw = self._connection.connection  # kombu's own property would reconnect, and then without our consumer
                self._transport = self._connection.transport
                self._channel = self._connection.channel()
                self._consume()
        except BrokerAway:
            _release(self._connection)
            raise
        threading.Thread(target=self._pulse, name="broker-pulse", daemon=True).start()

    @contextmanager
    def _using(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except self._errors as error:
                raise BrokerAway(str(error) or type(error).__name__) from error

    def _consume(self) -> None:
        self._channel.basic_qos(0, self._window, False)
        queue = kombu.Queue(self._address.queue, no_declare=True)
        self._consumer = kombu.Consumer(self._channel, [queue], auto_declare=False, on_message=self._arrived.append)
        self._consumer.consume()

    def next_one(self) -> Delivery | None:
        messages = self._next(1)
        return self._delivery(messages[0]) if messages else None

    def next_many(self) -> Batch | None:
        messages = self._next(self._address.prefetch)
        return self._batch(messages) if messages else None

    def _next(self, most: int) -> list[kombu.Message]:
        """What lies ready, `most` at the most; nothing after a short while without any."""
        with self._using():
            if not self._arrived:
                self._drain(LOOK)
            while self._arrived and len(self._arrived) < most and not _before(self._arrived[-1]) and self._drain(0.0):
                pass
            self._beat()
            if not self._arrived:
                return []
            alone = _before(self._arrived[0])
            messages = [self._arrived.popleft()]
            while self._arrived and len(messages) < most and not alone and not _before(self._arrived[0]):
                messages.append(self._arrived.popleft())
            if not alone and self._window < self._address.prefetch:
                self._widen()
            return [message for message in messages if not self._worn_out(message)]

    def _widen(self) -> None:
        """What comes has not been delivered before: hold a whole window again."""
        self._window = self._address.prefetch
        self._consumer.cancel()
        self._consume()

    def _drain(self, timeout: float) -> bool:
        """Whether a message came."""
        before = len(self._arrived)
        with suppress(TimeoutError):
            self._transport.drain_events(self._raw, timeout=timeout)
        return len(self._arrived) > before

    def _worn_out(self, message: kombu.Message) -> bool:
        if (message.headers or {}).get("x-delivery-count", 0) < DELIVERY_LIMIT:
            return False
        message.reject()
        return True

    def _batch(self, messages: list[kombu.Message]) -> Batch:
        def ack() -> None:
            if kept := [message for message in messages if not message.acknowledged]:
                self._answer(lambda: kept[-1].ack(multiple=True))

        return Batch([_body(message) for message in messages], ack, lambda place: self._answer(messages[place].reject))

    def _delivery(self, message: kombu.Message) -> Delivery:
        return Delivery(
            body=_body(message),
            content_type=message.content_type or DEFAULT_CONTENT_TYPE, headers=message.headers or {}, redelivered=_before(message),
            message_id=message.properties.get("message_id") or "", type=message.properties.get("type") or "",
            routing_key=message.delivery_info.get("routing_key") or "",
            _ack=lambda: self._answer(message.ack), _reject=lambda: self._answer(message.reject),
        )  # fmt: skip

    def _answer(self, answer: Callable[[], Any]) -> None:
        with self._using():
            answer()

    def _beat(self) -> None:
        if time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + 1.0
            self._transport.heartbeat_check(self._raw)

    def _pulse(self) -> None:
        """In a thread of its own: the broker must hear from us while a message takes long."""
        while not self._closed.wait(HEARTBEAT / 4):
            if self._lock.acquire(blocking=False):  # otherwise the line is in use, and speaks for itself
                try:
                    with suppress(*self._errors):
                        self._raw.send_heartbeat()
                finally:
                    self._lock.release()

    def close(self) -> None:
        self._closed.set()
        with self._lock:
            _release(self._connection)


def _body(message: kombu.Message) -> bytes:
    return message.body if isinstance(message.body, bytes) else bytes(message.body or b"")


def _before(message: kombu.Message) -> bool:
    """Was it delivered before?"""
    return bool(message.delivery_info.get("redelivered"))
