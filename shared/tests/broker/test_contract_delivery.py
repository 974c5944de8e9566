"""What both brokers promise of deliveries: once to one, again after a death, parked when refused."""

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from smartcity.events.broker import Broker, Delivery, Outcome, WrongProcess, open_broker
from smartcity.events.topology import INTERNAL, Topology, topology_of

from .conftest import listen, listening, message, numbered, send, until

CONSUMER = Path(__file__).with_name("slow_consumer.py")


def start_consumer(url: str, queue: str, way: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, str(CONSUMER), url, queue, way], stdout=subprocess.PIPE, text=True)


def end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_a_message_arrives_as_it_was_sent(broker: Broker, topology: Topology, name: str) -> None:
    sent = message(f"{name}.permit.issued.v1", b'{"permit_no": "\xc3\xa9"}')
    send(broker, sent)
    with listening(broker, topology.queue) as heard:
        until(lambda: heard.deliveries)
    got = heard.deliveries[0]
    assert (got.body, got.content_type, got.message_id, got.type, got.routing_key, got.redelivered) == (
        sent.body, "application/json", sent.message_id, sent.type, sent.routing_key, False,
    )  # fmt: skip
    assert got.headers["colour"] == "blue"


def test_what_was_acked_does_not_come_again(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 120))
    with listening(broker, topology.queue) as first:
        until(lambda: len(first.bodies) == 120)
    send(broker, message(f"{name}.a", b"after"))
    with listening(broker, topology.queue) as second:
        until(lambda: second.bodies)
    assert second.bodies == [b"after"]


def test_what_was_neither_acked_nor_rejected_comes_again_after_the_stop(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, message(f"{name}.a", b"kept"))
    seen = threading.Event()
    listening_only = listen(broker, topology.queue, then=lambda _: seen.set())
    until(seen.is_set)
    listening_only.end()
    with listening(broker, topology.queue) as heard:
        until(lambda: heard.bodies)
    assert heard.bodies == [b"kept"]
    assert heard.deliveries[0].redelivered


def test_a_killed_consumers_messages_go_to_another(url: str, broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 20))
    victim = start_consumer(url, topology.queue, "hold")
    assert victim.stdout is not None
    assert victim.stdout.readline() == "0\n"
    with listening(broker, topology.queue) as heard:
        end(victim)
        until(lambda: len(set(heard.bodies)) == 20)
    assert {int(body) for body in heard.bodies} == set(range(20))


def test_a_rejected_message_is_parked_with_its_reason(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, message(f"{name}.a", b"unreadable"), message(f"{name}.a", b"fine"))
    fine = []

    def judge(delivery: Delivery) -> None:
        if delivery.body == b"unreadable":
            delivery.reject()
        else:
            fine.append(delivery.body)
            delivery.ack()

    with listening(broker, topology.queue, then=judge):
        until(lambda: fine)
        until(lambda: broker.depth(topology.parked) == 1)
    with listening(broker, topology.parked) as parked:
        until(lambda: parked.bodies)
    assert parked.bodies == [b"unreadable"]
    assert parked.deliveries[0].headers["x-first-death-reason"] == "rejected"
    assert parked.deliveries[0].headers["x-first-death-queue"] == topology.queue


def test_a_message_that_killed_its_consumer_five_times_is_parked_and_its_neighbours_live(
    url: str, broker: Broker, topology: Topology, name: str
) -> None:
    send(broker, message(f"{name}.a", b"poison"), *numbered(f"{name}.a", 20))
    well = set()
    for _ in range(5):
        victim = start_consumer(url, topology.queue, "poisoned")
        said, _ = victim.communicate(timeout=30)
        assert victim.returncode == -9
        well |= {line.encode() for line in said.splitlines()}
    with listening(broker, topology.queue) as heard:
        until(lambda: len(well | set(heard.bodies)) == 20)
        until(lambda: broker.depth(topology.parked) == 1)
    assert b"poison" not in heard.bodies
    with listening(broker, topology.parked) as parked:
        until(lambda: parked.bodies)
    assert parked.bodies == [b"poison"]


def test_competing_consumers_get_each_message_once(broker: Broker, topology: Topology, name: str) -> None:
    with (
        listening(broker, topology.queue, prefetch=5) as left,
        listening(broker, topology.queue, prefetch=5) as right,
    ):
        for start in range(0, 400, 20):
            send(broker, *(message(f"{name}.a", str(start + n).encode()) for n in range(20)))
        until(lambda: len(left.bodies) + len(right.bodies) >= 400)
    assert Counter(left.bodies + right.bodies) == Counter(str(n).encode() for n in range(400))


def test_a_paused_consumer_takes_nothing_and_goes_on_afterwards(broker: Broker, topology: Topology, name: str) -> None:
    with listening(broker, topology.queue) as heard:
        send(broker, message(f"{name}.a", b"before"))
        until(lambda: heard.bodies == [b"before"])
        heard.paused.set()
        send(broker, message(f"{name}.a", b"first while paused"))
        until(lambda: broker.depth(topology.queue) == 1 or len(heard.bodies) == 2)
        taken = len(heard.bodies)
        send(broker, *numbered(f"{name}.a", 3))
        until(lambda: broker.depth(topology.queue) >= 3)
        assert len(heard.bodies) <= taken + 1
        heard.paused.clear()
        until(lambda: len(heard.bodies) == 5)


def test_a_consumer_may_come_before_its_queue(broker: Broker, name: str) -> None:
    made = topology_of(name, [(INTERNAL, f"{name}.#")])
    with listening(broker, made.queue) as heard:
        broker.declare(made)
        send(broker, message(f"{name}.a", b"late"))
        until(lambda: heard.bodies == [b"late"])


def test_what_a_handler_raises_ends_the_run_and_the_message_comes_again(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, message(f"{name}.a", b"kept"))

    def broken(_: Delivery) -> None:
        raise ConnectionResetError("the handler's own")

    with pytest.raises(ConnectionResetError, match="own"):
        broker.consumer(topology.queue).run(broken, threading.Event())
    with listening(broker, topology.queue) as heard:
        until(lambda: heard.bodies == [b"kept"])


def test_a_broker_carried_over_a_fork_refuses_in_the_child(broker: Broker, topology: Topology, name: str) -> None:
    publisher, consumer = broker.publisher(), broker.consumer(topology.queue)
    assert publisher.send([message(f"{name}.a")]) == [Outcome.CONFIRMED]
    uses = (
        lambda: broker.declare(topology), broker.publisher, lambda: broker.consumer(topology.queue), lambda: broker.depth(topology.queue),
        lambda: publisher.send([message(f"{name}.a")]), publisher.close, lambda: consumer.run(Delivery.ack, threading.Event()),
    )  # fmt: skip
    child = os.fork()
    if child == 0:
        refused = 0
        for use in uses:
            try:
                use()
            except WrongProcess:
                refused += 1
        os._exit(refused)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == len(uses)
    assert publisher.send([message(f"{name}.a")]) == [Outcome.CONFIRMED]
    publisher.close()


def test_what_was_confirmed_is_there_when_the_broker_is_opened_anew(url: str, broker: Broker, topology: Topology, name: str) -> None:
    assert set(send(broker, *numbered(f"{name}.a", 50))) == {Outcome.CONFIRMED}
    with listening(open_broker(url), topology.queue) as heard:
        until(lambda: len(heard.bodies) == 50)
