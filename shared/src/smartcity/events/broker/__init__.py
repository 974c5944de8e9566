"""One face before two brokers: `amqp://…` (RabbitMQ) and `embedded:///path/bus.db` (one SQLite file).

A broker only carries bytes until they are acked. Nothing here loads kombu or pika before a broker is used,
and nothing may be carried over a fork: open anew in the child.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from smartcity.events.topology import Topology

DEFAULT_CONTENT_TYPE = "application/octet-stream"


class BrokerAway(Exception):
    """The broker cannot be reached, or lacks what was named. What was being sent may have arrived: send it again."""


class WrongProcess(RuntimeError):
    """A broker was carried over a fork; sockets, file locks and SQLite handles cannot be shared."""


class Outcome(Enum):
    """What became of one message sent."""

    CONFIRMED = "confirmed"
    UNROUTABLE = "unroutable"
    UNKNOWN = "unknown"
    """Refused for now, or not answered in time: it may have arrived; send it again with the same id."""


@dataclass(frozen=True)
class Outgoing:
    """One message to send. Exchange `""` names a queue directly. The header `content_type` becomes the property of that name."""

    exchange: str
    routing_key: str
    message_id: str
    type: str
    body: bytes
    headers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def content_type(self) -> str:
        return str(self.headers.get("content_type", DEFAULT_CONTENT_TYPE))

    @property
    def plain_headers(self) -> dict[str, Any]:
        return {name: value for name, value in self.headers.items() if name != "content_type"}


@dataclass(frozen=True)
class Delivery:
    """One message received. Ack or reject it in the thread that received it; neither before the end means it comes again."""

    body: bytes
    content_type: str
    headers: Mapping[str, Any]
    redelivered: bool
    message_id: str
    type: str
    routing_key: str
    _ack: Callable[[], None] = field(repr=False)
    _reject: Callable[[], None] = field(repr=False)

    def ack(self) -> None:
        """Its effect is committed: forget it. Raises `BrokerAway` when the connection is gone; it will come again."""
        self._ack()

    def reject(self) -> None:
        """It cannot be read at all: put it into the parked queue. Raises `BrokerAway`."""
        self._reject()


@dataclass(frozen=True)
class Batch:
    """Messages received together, in order. One that was delivered before comes alone: it may be what killed its last consumer."""

    bodies: Sequence[bytes]
    _ack: Callable[[], None] = field(repr=False)
    _reject: Callable[[int], None] = field(repr=False)

    def ack(self) -> None:
        """All that were not rejected: forget them. Raises `BrokerAway`."""
        self._ack()

    def reject(self, place: int) -> None:
        """The one at `place` cannot be read at all: put it into the parked queue. Raises `BrokerAway`."""
        self._reject(place)


def never() -> bool:
    """The pause of a consumer that is never paused."""
    return False


class Publisher(Protocol):
    """Sends from one thread."""

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Send in order and wait for every answer. Raises `BrokerAway` when the connection is lost: send the whole batch again."""

    def close(self) -> None:
        """Let go of the connection; harmless twice."""


class Consumer(Protocol):
    """Receives in one thread."""

    def run(self, on_message: Callable[[Delivery], None], stop: threading.Event, paused: Callable[[], bool] = never) -> None:
        """Until `stop`, one message after another; survives an absent broker. What `on_message` raises ends the run.

        While `paused()` nothing is held and nothing is taken. Ends within a second of `stop`, plus the message in hand.
        """

    def run_many(self, on_batch: Callable[[Batch], None], stop: threading.Event, paused: Callable[[], bool] = never) -> None:
        """The same with as many at once as lie ready, up to the prefetch."""


class Broker(Protocol):
    """Where a service's events go and come from. Opening it opens nothing yet."""

    def declare(self, topology: Topology) -> None:
        """Make exchanges, queues and bindings as told; drop bindings told before and no longer. Harmless twice. Raises `BrokerAway`."""

    def publisher(self) -> Publisher:
        """A publisher; it connects when it first sends."""

    def consumer(self, queue: str, prefetch: int = 50) -> Consumer:
        """A consumer of `queue` that holds at most `prefetch` messages."""

    def depth(self, queue: str) -> int:
        """How many messages wait in `queue`, without those in the hands of a consumer. Raises `BrokerAway`."""


class SameProcess:
    """Remembers the process it was made in and refuses any other."""

    def __init__(self) -> None:
        self._pid = os.getpid()

    def check(self) -> None:
        if os.getpid() != self._pid:
            raise WrongProcess(f"the broker was opened in process {self._pid} and used in {os.getpid()}: open it after the fork")


def open_broker(url: str) -> Broker:
    """The broker at `url`: `amqp://`, `amqps://` or `embedded:///absolute/path`. Raises `ValueError` for anything else."""
    scheme, _, rest = url.partition("://")
    if scheme in ("amqp", "amqps"):
        from smartcity.events.broker.rabbitmq import RabbitBroker

        return RabbitBroker(url)
    if scheme == "embedded" and rest.startswith("/"):
        from smartcity.events.broker.embedded.bus import EmbeddedBroker

        return EmbeddedBroker(rest)
    raise ValueError("the broker's address must be amqp://…, amqps://… or embedded:///absolute/path")
