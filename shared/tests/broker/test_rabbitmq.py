"""What only RabbitMQ can do to us: refuse, block, and lose patience with a slow consumer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import kombu
import pytest

from smartcity.events.broker import Broker, BrokerAway, Delivery, Outcome, connection
from smartcity.events.topology import INTERNAL, Topology
from smartcity.testing.rabbitmq import ForeignNode, Node

from .conftest import listening, message, numbered, send, until


@pytest.fixture
def url(rabbitmq_node: Node | ForeignNode) -> str:
    return rabbitmq_node.url


@contextmanager
def alarmed(node: Node) -> Iterator[None]:
    """A node that has run out of memory, as far as it knows."""
    node.control("set_vm_memory_high_watermark", "0.00000001")
    try:
        yield
    finally:
        node.control("set_vm_memory_high_watermark", "0.4")


def test_a_refused_message_is_unknown_and_its_neighbours_are_confirmed(url: str, broker: Broker, topology: Topology, name: str) -> None:
    with kombu.Connection(url) as opened:
        arguments = {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "reject-publish"}
        full = kombu.Queue(f"{name}.full", kombu.Exchange(INTERNAL, no_declare=True), f"{name}-full", queue_arguments=arguments)
        full(opened.channel()).declare()
    publisher = broker.publisher()
    until(lambda: publisher.send([message(f"{name}-full")]) == [Outcome.UNKNOWN])
    outcomes = publisher.send([message(f"{name}.a"), message(f"{name}-full"), message(f"{name}.b")])
    publisher.close()
    assert outcomes == [Outcome.CONFIRMED, Outcome.UNKNOWN, Outcome.CONFIRMED]


def test_a_blocked_node_is_away_for_publishers_and_not_for_consumers(
    rabbitmq_node: Node | ForeignNode, broker: Broker, topology: Topology, name: str
) -> None:
    if isinstance(rabbitmq_node, ForeignNode):
        pytest.skip("the server at BROKER_URL is not ours to block")
    send(broker, message(f"{name}.a", b"before"))
    publisher = broker.publisher()
    with alarmed(rabbitmq_node):
        with pytest.raises(BrokerAway, match=r"[Bb]locked"):
            publisher.send([message(f"{name}.a", b"during")])
        with listening(broker, topology.queue) as heard:
            until(lambda: b"before" in heard.bodies)
    until(lambda: _confirmed(publisher, message(f"{name}.a", b"after")))
    publisher.close()


def _confirmed(publisher: object, one: object) -> bool:
    try:
        return publisher.send([one]) == [Outcome.CONFIRMED]  # type: ignore[attr-defined]
    except BrokerAway:
        return False


def test_a_slow_handler_keeps_its_connection_and_its_message(
    broker: Broker, topology: Topology, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEARTBEAT", 1)
    send(broker, message(f"{name}.a"))
    seen, acked = list[bool](), threading.Event()

    def slowly(delivery: Delivery) -> None:
        seen.append(delivery.redelivered)
        threading.Event().wait(4.5)
        delivery.ack()
        acked.set()

    with listening(broker, topology.queue, then=slowly):
        until(acked.is_set)
    assert seen == [False]


def test_a_publisher_whose_connection_was_closed_while_idle_connects_again(
    rabbitmq_node: Node | ForeignNode, broker: Broker, topology: Topology, name: str
) -> None:
    if isinstance(rabbitmq_node, ForeignNode):
        pytest.skip("the connections at BROKER_URL are not all ours to close")
    publisher = broker.publisher()
    assert publisher.send([message(f"{name}.a")]) == [Outcome.CONFIRMED]
    rabbitmq_node.control("close_all_connections", "test")
    assert publisher.send([message(f"{name}.a")]) == [Outcome.CONFIRMED]
    publisher.close()


def test_what_was_delivered_before_comes_alone_so_that_a_death_blames_one(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 30))
    first = threading.Event()
    with listening(broker, topology.queue, then=lambda _: first.set()):
        until(lambda: broker.depth(topology.queue) == 0)
    until(lambda: broker.depth(topology.queue) == 30)
    in_hand, go_on = threading.Event(), threading.Event()

    def hold(delivery: Delivery) -> None:
        in_hand.set()
        go_on.wait(20)
        delivery.ack()

    with listening(broker, topology.queue, then=hold):
        until(in_hand.is_set)
        assert broker.depth(topology.queue) == 29
        go_on.set()
        until(lambda: broker.depth(topology.queue) == 0)
