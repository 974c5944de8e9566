"""Consumers of both brokers: one kombu connection, opened and reopened by our own loop, so that a stop is never kept waiting."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any

import kombu

from smartcity.events.broker import DEFAULT_CONTENT_TYPE, Batch, BrokerAway, Delivery, SameProcess, never
from smartcity.events.topology import DELIVERY_LIMIT
from smartcity.observability import log

CONNECT_TIMEOUT = 2.0
ERRAND_TIMEOUT = 10.0
HEARTBEAT = 20
LOOK = 0.25
"""Seconds between two looks at `stop` and `paused`."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0


@dataclass(frozen=True)
class Address:
    """What a consumer needs to know to connect.

    `careful`: the broker counts a death against every message of the window, so the window is one message
    as long as what comes has been delivered before.
    """

    url: str
    queue: str
    prefetch: int
    careful: bool = False


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


class Line:
    """One open connection with one consumer on it. Its lock is held whenever the socket is used."""

    def __init__(self, address: Address) -> None:
        self._address, self._lock = address, threading.Lock()
        self._arrived: deque[kombu.Message] = deque()
        self._window = 1 if address.careful else address.prefetch
        self._connection = kombu.Connection(address.url, connect_timeout=CONNECT_TIMEOUT, heartbeat=HEARTBEAT)
        self._errors = errors_of(self._connection)
        self._beat_at = 0.0
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

    def next(self, most: int = 1) -> Batch | None:
        """What lies ready, `most` at the most; nothing after a short while without any."""
        with self._using():
            if not self._arrived:
                self._drain(LOOK)
            while self._arrived and len(self._arrived) < most and not _before(self._arrived[-1]) and self._drain(0.0):
                pass
            self._beat()
            if not self._arrived:
                return None
            alone = _before(self._arrived[0])
            messages = [self._arrived.popleft()]
            while self._arrived and not alone and not _before(self._arrived[0]):
                messages.append(self._arrived.popleft())
            return self._batch([message for message in messages if not self._worn_out(message)])

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

    def _batch(self, messages: list[kombu.Message]) -> Batch | None:
        def ack() -> None:
            if kept := [message for message in messages if not message.acknowledged]:
                self._answer(lambda: kept[-1].ack(multiple=True))

        return Batch([self._delivery(message) for message in messages], ack) if messages else None

    def _delivery(self, message: kombu.Message) -> Delivery:
        redelivered = _before(message)
        if not redelivered and self._window < self._address.prefetch:
            self._window = self._address.prefetch
            self._consumer.cancel()
            self._consume()
        return Delivery(
            body=message.body if isinstance(message.body, bytes) else bytes(message.body or b""),
            content_type=message.content_type or DEFAULT_CONTENT_TYPE, headers=message.headers or {}, redelivered=redelivered,
            message_id=message.properties.get("message_id") or "", type=message.properties.get("type") or "",
            routing_key=message.delivery_info.get("routing_key") or "",
            _ack=lambda: self._answer(message.ack), _reject=lambda: self._answer(message.reject),
        )  # fmt: skip

    def _answer(self, answer: Callable[[], Any]) -> None:
        with self._using():
            answer()

    def _beat(self) -> None:
        if self._transport.implements.heartbeats and time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + 1.0
            self._transport.heartbeat_check(self._raw)

    def beat_while_busy(self) -> None:
        """From another thread: the broker must hear from us while a message takes long. Nothing when the line is in use anyway."""
        if self._transport.implements.heartbeats and self._lock.acquire(blocking=False):
            try:
                with suppress(*self._errors):
                    self._raw.send_heartbeat()
            finally:
                self._lock.release()

    def close(self) -> None:
        with self._lock:
            _release(self._connection)


class KombuConsumer:
    """Receives from one queue; lives through the broker's absences."""

    def __init__(self, address: Address) -> None:
        self._address, self._process = address, SameProcess()

    def run(self, on_message: Callable[[Delivery], None], stop: threading.Event, paused: Callable[[], bool] = never) -> None:
        self._run(lambda batch: on_message(batch.deliveries[0]), 1, stop, paused)

    def run_many(self, on_batch: Callable[[Batch], None], stop: threading.Event, paused: Callable[[], bool] = never) -> None:
        self._run(on_batch, self._address.prefetch, stop, paused)

    def _run(self, on_batch: Callable[[Batch], None], most: int, stop: threading.Event, paused: Callable[[], bool]) -> None:
        self._process.check()
        pause = FIRST_PAUSE
        while not stop.is_set():
            if paused():
                stop.wait(FIRST_PAUSE)
                continue
            try:
                line = _dial(self._address, stop)
                if line is not None:
                    pause = FIRST_PAUSE
                    with _pulsing(line):
                        while not stop.is_set() and not paused():
                            if (batch := line.next(most)) is not None:
                                on_batch(batch)
            except BrokerAway as error:
                log.warning("broker away", queue=self._address.queue, error=error, seconds=pause)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


def _before(message: kombu.Message) -> bool:
    """Was it delivered before?"""
    return bool(message.delivery_info.get("redelivered"))


@contextmanager
def _pulsing(line: Line) -> Iterator[None]:
    done = threading.Event()
    threading.Thread(target=_pulse, args=(line, done), name="broker-pulse", daemon=True).start()
    try:
        yield
    finally:
        done.set()
        line.close()


def _pulse(line: Line, done: threading.Event) -> None:
    while not done.wait(HEARTBEAT / 4):
        line.beat_while_busy()


def _dial(address: Address, stop: threading.Event) -> Line | None:
    """Connect in a thread of its own: a broker that accepts and is silent must not keep the stop waiting. `None` when told to stop."""
    answers: SimpleQueue[Line | BaseException] = SimpleQueue()
    given_up = threading.Event()

    def connect() -> None:
        try:
            answers.put(Line(address))
        except BaseException as error:
            answers.put(error)
        if given_up.is_set():
            _hang_up(answers)

    threading.Thread(target=connect, name="broker-dial", daemon=True).start()
    while not stop.is_set():
        with suppress(Empty):
            answer = answers.get(timeout=LOOK)
            if isinstance(answer, BaseException):
                raise answer
            return answer
    given_up.set()
    _hang_up(answers)
    return None


def _hang_up(answers: "SimpleQueue[Line | BaseException]") -> None:
    """Whoever comes second finds the line nobody wants any more."""
    with suppress(Empty):
        line = answers.get_nowait()
        if isinstance(line, Line):
            line.close()
