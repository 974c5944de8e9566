"""Both brokers behind one fixture: every promise of the face is asked of each."""

import itertools
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from smartcity.events.broker import Broker, Delivery, Outcome, Outgoing, open_broker
from smartcity.events.topology import INTERNAL, Topology, topology_of
from smartcity.testing.rabbitmq import rabbitmq_node  # noqa: F401

LIMIT = 30.0
_names = itertools.count(1)


def until(true: Callable[[], object], limit: float = LIMIT) -> None:
    """Poll with a limit."""
    end = time.monotonic() + limit
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        threading.Event().wait(0.01)


@pytest.fixture(params=["embedded", "rabbitmq"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A broker's address."""
    if request.param == "embedded":
        return f"embedded://{tmp_path}/bus.db"
    return str(request.getfixturevalue("rabbitmq_node").url)


@pytest.fixture
def embedded_url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/bus.db"


@pytest.fixture
def name() -> str:
    """A service nobody else has; its first routing word too."""
    return f"office{next(_names)}-{uuid.uuid4().hex[:6]}"


@pytest.fixture
def broker(url: str) -> Broker:
    return open_broker(url)


@pytest.fixture
def topology(broker: Broker, name: str) -> Topology:
    """One declared queue that hears everything of `name`."""
    made = topology_of(name, [(INTERNAL, f"{name}.#")])
    broker.declare(made)
    return made


def message(key: str, body: bytes = b"{}", exchange: str = INTERNAL) -> Outgoing:
    return Outgoing(exchange, key, str(uuid.uuid4()), f"test.{key}", body, {"content_type": "application/json", "colour": "blue"})


def numbered(key: str, count: int) -> list[Outgoing]:
    """Messages whose bodies are their numbers."""
    return [message(key, str(number).encode()) for number in range(count)]


def send(broker: Broker, *batch: Outgoing) -> list[Outcome]:
    publisher = broker.publisher()
    try:
        return publisher.send(batch)
    finally:
        publisher.close()


@dataclass
class Heard:
    """What one running consumer heard."""

    bodies: list[bytes] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    paused: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def take(self, delivery: Delivery) -> None:
        self.bodies.append(delivery.body)
        self.deliveries.append(delivery)
        delivery.ack()

    def end(self) -> None:
        self.stop.set()
        assert self.thread is not None
        self.thread.join(LIMIT)
        assert not self.thread.is_alive()


def listen(broker: Broker, queue: str, prefetch: int = 50, then: Callable[[Delivery], None] | None = None) -> Heard:
    """A consumer in a thread; acks unless told what to do."""
    heard = Heard()
    consumer = broker.consumer(queue, prefetch)
    heard.thread = threading.Thread(target=consumer.run, args=(then or heard.take, heard.stop, heard.paused.is_set))
    heard.thread.start()
    return heard


@contextmanager
def listening(broker: Broker, queue: str, prefetch: int = 50, then: Callable[[Delivery], None] | None = None) -> Iterator[Heard]:
    heard = listen(broker, queue, prefetch, then)
    try:
        yield heard
    finally:
        heard.end()
