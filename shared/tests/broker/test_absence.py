"""A broker that is away, silent or killed: nobody hangs, and nothing confirmed is lost."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartcity.events.broker import Broker, BrokerAway, Outcome, connection, open_broker
from smartcity.events.topology import INTERNAL, topology_of
from smartcity.testing.postgres import free_port
from smartcity.testing.rabbitmq import ForeignNode, Node

from .conftest import listen, listening, message, numbered, send, until


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody who accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture(params=["refused", "silent", "unwritable"])
def absent(request: pytest.FixtureRequest, silent_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Broker:
    monkeypatch.setattr(connection, "ERRAND_TIMEOUT", 1.0)
    (tmp_path / "file").touch()
    return open_broker(
        {
            "refused": f"amqp://guest:guest@127.0.0.1:{free_port()}/",
            "silent": f"amqp://guest:guest@127.0.0.1:{silent_port}/",
            "unwritable": f"embedded://{tmp_path}/file/bus.db",
        }[request.param]
    )


def test_a_consumer_of_an_absent_broker_stops_when_told(absent: Broker) -> None:
    heard = listen(absent, "any.events")
    threading.Event().wait(0.3)
    heard.stop.set()
    assert heard.thread is not None
    heard.thread.join(5)
    assert not heard.thread.is_alive()


def test_whoever_needs_an_absent_broker_is_told_so(absent: Broker) -> None:
    publisher = absent.publisher()
    with pytest.raises(BrokerAway):
        publisher.send([message("a")])
    publisher.close()
    with pytest.raises(BrokerAway):
        absent.depth("any.events")
    with pytest.raises(BrokerAway):
        absent.declare(topology_of("any", []))


def test_a_killed_node_loses_nothing_it_confirmed_and_everybody_comes_back(rabbitmq_node: Node | ForeignNode, name: str) -> None:
    if isinstance(rabbitmq_node, ForeignNode):
        pytest.skip("the server at BROKER_URL is not ours to kill")
    broker = open_broker(rabbitmq_node.url)
    made = topology_of(name, [(INTERNAL, f"{name}.#")])
    broker.declare(made)
    publisher = broker.publisher()
    assert set(publisher.send(numbered(f"{name}.a", 100))) == {Outcome.CONFIRMED}
    with listening(broker, made.parked):
        rabbitmq_node.kill()
        with pytest.raises(BrokerAway):
            publisher.send([message(f"{name}.a", b"during")])
        rabbitmq_node.start()
        until(lambda: _back(broker, made.queue))
        assert publisher.send([message(f"{name}.a", b"after")]) == [Outcome.CONFIRMED]
    publisher.close()
    with listening(broker, made.queue) as heard:
        until(lambda: b"after" in heard.bodies)
    assert heard.bodies == [*(str(n).encode() for n in range(100)), b"after"]


def test_a_consumer_outlives_its_node(rabbitmq_node: Node | ForeignNode, name: str) -> None:
    if isinstance(rabbitmq_node, ForeignNode):
        pytest.skip("the server at BROKER_URL is not ours to kill")
    broker = open_broker(rabbitmq_node.url)
    made = topology_of(name, [(INTERNAL, f"{name}.#")])
    broker.declare(made)
    with listening(broker, made.queue) as heard:
        send(broker, message(f"{name}.a", b"before"))
        until(lambda: heard.bodies)
        rabbitmq_node.kill()
        rabbitmq_node.start()
        until(lambda: _back(broker, made.queue))
        send(broker, message(f"{name}.a", b"after"))
        until(lambda: b"after" in heard.bodies)


def _back(broker: Broker, queue: str) -> bool:
    try:
        return broker.depth(queue) >= 0
    except BrokerAway:
        return False
