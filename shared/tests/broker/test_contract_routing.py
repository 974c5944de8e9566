"""What both brokers promise of routing and of the publisher's answers."""

import pytest

from smartcity.events.broker import Broker, BrokerAway, Outcome, open_broker
from smartcity.events.topology import INTERNAL, PUBLIC, Topology, topology_of

from .conftest import listening, message, numbered, send, until

ROUTES = [
    ("{}.permit.issued.v1", "{}.permit.issued.v1", True),
    ("{}.permit.issued.v1", "{}.permit.issued.v2", False),
    ("{}.#", "{}", True),
    ("{}.#", "{}.permit", True),
    ("{}.#", "{}.permit.issued.v1", True),
    ("{}.*", "{}", False),
    ("{}.*", "{}.permit", True),
    ("{}.*", "{}.permit.issued", False),
    ("{}.*.issued", "{}.permit.issued", True),
    ("#.{}.issued", "{}.issued", True),
    ("#.{}.issued", "a.b.{}.issued", True),
    ("{}.#.v1", "{}.v1", True),
    ("{}.#.v1", "{}.a.b.v1", True),
    ("{}.#.v1", "{}.a.b.v2", False),
    ("{}.#.*", "{}", False),
    ("{}.#.*", "{}.a", True),
]


@pytest.mark.parametrize(("binding", "key", "expected"), ROUTES)
def test_a_routing_key_reaches_a_queue_exactly_when_amqp_says_so(broker: Broker, name: str, binding: str, key: str, expected: bool) -> None:
    broker.declare(topology_of(name, [(INTERNAL, binding.format(name))]))
    outcomes = send(broker, message(key.format(name)))
    assert outcomes == [Outcome.CONFIRMED if expected else Outcome.UNROUTABLE]


def test_an_event_nobody_hears_is_told_unroutable_and_its_neighbours_are_confirmed(broker: Broker, topology: Topology, name: str) -> None:
    outcomes = send(broker, message(f"{name}.a"), message(f"nobody-{name}"), message(f"{name}.b"))
    assert outcomes == [Outcome.CONFIRMED, Outcome.UNROUTABLE, Outcome.CONFIRMED]
    until(lambda: broker.depth(topology.queue) == 2)


def test_an_exchange_is_not_the_other(broker: Broker, topology: Topology, name: str) -> None:
    assert send(broker, message(f"{name}.a", exchange=PUBLIC)) == [Outcome.UNROUTABLE]


def test_two_bindings_that_both_match_give_one_delivery(broker: Broker, name: str) -> None:
    made = topology_of(name, [(INTERNAL, f"{name}.#"), (INTERNAL, f"{name}.*")])
    broker.declare(made)
    send(broker, message(f"{name}.a"))
    until(lambda: broker.depth(made.queue) == 1)


def test_every_queue_that_is_bound_gets_its_own_delivery(broker: Broker, name: str) -> None:
    rooms = [topology_of(f"{name}-{room}", [(INTERNAL, f"{name}.#")]) for room in ("left", "right")]
    for room in rooms:
        broker.declare(room)
    send(broker, message(f"{name}.a"))
    with listening(broker, rooms[0].queue) as heard:
        until(lambda: heard.bodies)
    until(lambda: broker.depth(rooms[1].queue) == 1)


def test_declaring_twice_is_harmless_and_keeps_what_waits(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, message(f"{name}.a"))
    broker.declare(topology)
    broker.declare(topology)
    until(lambda: broker.depth(topology.queue) == 1)


def test_a_binding_no_longer_told_is_removed(broker: Broker, name: str) -> None:
    publisher = broker.publisher()
    broker.declare(topology_of(name, [(INTERNAL, f"{name}.old"), (INTERNAL, f"{name}.kept")]))
    assert publisher.send([message(f"{name}.old")]) == [Outcome.CONFIRMED]
    broker.declare(topology_of(name, [(INTERNAL, f"{name}.kept"), (INTERNAL, f"{name}.new")]))
    outcomes = publisher.send([message(f"{name}.old"), message(f"{name}.kept"), message(f"{name}.new")])
    publisher.close()
    assert outcomes == [Outcome.UNROUTABLE, Outcome.CONFIRMED, Outcome.CONFIRMED]


def test_a_queue_is_reached_directly_through_the_nameless_exchange(broker: Broker, topology: Topology, name: str) -> None:
    outcomes = send(broker, message(topology.queue, exchange=""), message(f"no-queue-{name}", exchange=""))
    assert outcomes == [Outcome.CONFIRMED, Outcome.UNROUTABLE]


def test_an_exchange_nobody_declared_counts_as_a_broker_that_is_away(broker: Broker, topology: Topology) -> None:
    publisher = broker.publisher()
    with pytest.raises(BrokerAway):
        publisher.send([message("a", exchange="nowhere")])
    assert publisher.send([message(topology.queue, exchange="")]) == [Outcome.CONFIRMED]
    publisher.close()


def test_the_depth_of_a_queue_nobody_declared_is_refused(broker: Broker, topology: Topology, name: str) -> None:
    with pytest.raises(BrokerAway):
        broker.depth(f"none-{name}")


def test_more_than_a_window_is_sent_in_order(broker: Broker, topology: Topology, name: str) -> None:
    batch = numbered(f"{name}.a", 2500)
    assert send(broker, *batch) == [Outcome.CONFIRMED] * 2500
    with listening(broker, topology.queue) as heard:
        until(lambda: len(heard.bodies) >= 2500)
    assert heard.bodies == [one.body for one in batch]


def test_an_empty_batch_has_no_outcomes(broker: Broker, topology: Topology) -> None:
    assert send(broker) == []


@pytest.mark.parametrize("address", ["redis://localhost", "embedded://relative/bus.db", "memory://", ""])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        open_broker(address)
