"""Publishing to RabbitMQ: many messages in flight, each one confirmed, returned or refused by the broker."""

import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import pika
from pika.adapters.select_connection import IOLoop

from smartcity.events.broker import BrokerAway, Outcome, Outgoing, SameProcess

WINDOW = 1000
CONNECT_WITHIN = 3.0
PATIENCE = 4.0
"""Seconds without any answer from the broker before what is in flight counts as unknown."""
BLOCKED = 3.0
GOODBYE_WITHIN = 0.5
PERSISTENT = 2
logging.getLogger("pika").setLevel(logging.CRITICAL)  # a lost connection is told once, by whoever calls


class ConfirmedPublisher:
    """Sends from one thread; connects when it first sends, and again when the connection was lost while idle."""

    def __init__(self, url: str) -> None:
        self._url, self._process = url, SameProcess()
        self._wire: _Wire | None = None

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        self._process.check()
        wire = self._ready()
        try:
            outcomes, complete = wire.send(batch)
        except BrokerAway:
            self.close()
            raise
        if not complete:
            self.close()
        return outcomes

    def _ready(self) -> "_Wire":
        if self._wire is not None and not self._wire.alive():
            self.close()
        if self._wire is None:
            self._wire = _Wire(self._url)
        return self._wire

    def close(self) -> None:
        self._process.check()
        if self._wire is not None:
            self._wire.close()
            self._wire = None


class _Wire:
    """One connection, one channel in confirm mode, driven by the calling thread. Raises `BrokerAway` when it cannot open."""

    def __init__(self, url: str) -> None:
        self._loop = IOLoop()
        self._loop.activate_poller()
        self._lost, self._gone = "", False
        self._channel: Any = None
        self._tag = 0
        self._flight: _Flight | None = None
        self._connection = pika.SelectConnection(
            _parameters(url), on_open_callback=self._opened, on_open_error_callback=self._ended, on_close_callback=self._ended,
            custom_ioloop=self._loop,
        )  # fmt: skip
        self._confirming = False
        self._turn(lambda: self._confirming or bool(self._lost), CONNECT_WITHIN)
        if not self._confirming:
            reason = self._lost or "no answer"
            self.close()
            raise BrokerAway(reason)

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._broken)
        channel.add_on_return_callback(self._returned)
        channel.confirm_delivery(self._answered, callback=self._confirmed)

    def _confirmed(self, _: Any) -> None:
        self._confirming = True

    def _broken(self, _: Any, reason: Any) -> None:
        self._lost = self._lost or str(reason) or type(reason).__name__

    def _ended(self, connection: Any, reason: Any) -> None:
        self._broken(connection, reason)
        self._gone = True

    def _returned(self, _: Any, __: Any, properties: Any, ___: bytes) -> None:
        if self._flight is not None:
            self._flight.returned.add(properties.message_id)

    def _answered(self, frame: Any) -> None:
        if self._flight is not None:
            refused = isinstance(frame.method, pika.spec.Basic.Nack)
            self._flight.answered(frame.method.delivery_tag, frame.method.multiple, refused)

    def _turn(self, done: Callable[[], bool], limit: float) -> bool:
        """Let the connection work until `done`, gone, or the limit in seconds."""
        end = time.monotonic() + limit
        timer = self._loop.call_later(limit, lambda: None)
        while not done() and not self._gone and time.monotonic() < end:
            self._loop.poll()
            self._loop.process_timeouts()
        self._loop.remove_timeout(timer)
        return done()

    def alive(self) -> bool:
        """Whether the connection still stands, as far as the socket knows."""
        self._loop.call_later(0, lambda: None)
        self._loop.poll()
        self._loop.process_timeouts()
        return bool(self._channel.is_open) and not self._lost

    def send(self, batch: Sequence[Outgoing]) -> tuple[list[Outcome], bool]:
        """The outcomes, and whether every answer came. Raises `BrokerAway`."""
        flight = self._flight = _Flight(batch)
        complete = True
        while complete and not flight.landed():
            for one in flight.boarding():
                self._tag += 1
                flight.took_off(self._tag)
                self._publish(one)
            open_before = len(flight.open)
            complete = self._turn(lambda before=open_before: len(flight.open) < before or bool(self._lost), PATIENCE)  # type: ignore[misc]
            if self._lost:
                raise BrokerAway(self._lost)
        self._flight = None
        return flight.outcomes, complete

    def _publish(self, one: Outgoing) -> None:
        properties = pika.BasicProperties(
            content_type=one.content_type, headers=one.plain_headers, delivery_mode=PERSISTENT, message_id=one.message_id, type=one.type,
        )  # fmt: skip
        try:
            self._channel.basic_publish(one.exchange, one.routing_key, one.body, properties, mandatory=True)
        except pika.exceptions.AMQPError as error:
            raise BrokerAway(self._lost or str(error)) from error

    def close(self) -> None:
        """Say goodbye if anybody listens; the loop's descriptors go in any case."""
        if not (self._connection.is_closed or self._connection.is_closing):
            self._connection.close()
        self._turn(lambda: self._gone, GOODBYE_WITHIN)
        self._loop.close()


class _Flight:
    """One batch: what has been sent and not answered, and what came of the rest."""

    def __init__(self, batch: Sequence[Outgoing]) -> None:
        self.batch, self.outcomes = batch, [Outcome.UNKNOWN] * len(batch)
        self.open: dict[int, int] = {}
        self.returned: set[str] = set()
        self._next = 0

    def landed(self) -> bool:
        return self._next == len(self.batch) and not self.open

    def boarding(self) -> Sequence[Outgoing]:
        return self.batch[self._next : self._next + WINDOW - len(self.open)]

    def took_off(self, tag: int) -> None:
        self.open[tag] = self._next
        self._next += 1

    def answered(self, tag: int, multiple: bool, refused: bool) -> None:
        """The broker took (or refused) this one, or all up to it."""
        tags = [one for one in self.open if one <= tag] if multiple else [tag]
        for one in tags:
            place = self.open.pop(one, None)
            if place is not None and not refused:
                back = self.batch[place].message_id in self.returned
                self.outcomes[place] = Outcome.UNROUTABLE if back else Outcome.CONFIRMED


def _parameters(url: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = 0  # nobody drives the loop between two batches; `alive` looks before each
    parameters.blocked_connection_timeout = BLOCKED
    parameters.connection_attempts = 1
    parameters.socket_timeout = parameters.stack_timeout = CONNECT_WITHIN - 1.0
    return parameters
