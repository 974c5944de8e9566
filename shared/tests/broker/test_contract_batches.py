"""What both brokers promise of batches: in order, acked together, refused one by one, alone after a death."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context

from smartcity.events.broker import Batch, Broker, open_broker
from smartcity.events.topology import Topology

from .conftest import LIMIT, listening, message, numbered, send, until


@dataclass
class Taken:
    """The batches one consumer was given."""

    batches: list[list[bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[bytes]:
        return [body for batch in self.batches for body in batch]

    def ack(self, batch: Batch) -> None:
        self.batches.append(list(batch.bodies))
        batch.ack()

    def keep(self, batch: Batch) -> None:
        self.batches.append(list(batch.bodies))


@contextmanager
def taking(broker: Broker, queue: str, then: Callable[[Batch], None], prefetch: int = 50) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=broker.consumer(queue, prefetch).run_many, args=(then, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LIMIT)
        assert not thread.is_alive()


def test_batches_come_in_order_and_what_was_acked_does_not_come_again(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 120))
    taken, later = Taken(), Taken()
    with taking(broker, topology.queue, taken.ack):
        until(lambda: len(taken.bodies) == 120)
    assert taken.bodies == [str(number).encode() for number in range(120)]
    assert 1 < max(len(batch) for batch in taken.batches) <= 50
    send(broker, message(f"{name}.a", b"after"))
    with taking(broker, topology.queue, later.ack):
        until(lambda: later.bodies)
    assert later.bodies == [b"after"]


def test_one_of_a_batch_is_refused_and_the_others_are_acked(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 20))
    seen = list[bytes]()

    def judge(batch: Batch) -> None:
        for place, body in enumerate(batch.bodies):
            seen.append(body)
            if body == b"7":
                batch.reject(place)
        if list(batch.bodies) != [b"7"]:
            batch.ack()

    with taking(broker, topology.queue, judge):
        until(lambda: len(seen) == 20)
        until(lambda: broker.depth(topology.parked) == 1)
    assert broker.depth(topology.queue) == 0
    with listening(broker, topology.parked) as parked:
        until(lambda: parked.bodies)
    assert parked.bodies == [b"7"]


def test_a_batch_that_was_not_acked_comes_again_each_alone(broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 10))
    first, again = Taken(), Taken()
    with taking(broker, topology.queue, first.keep):
        until(lambda: len(first.bodies) == 10)
    with taking(broker, topology.queue, again.ack):
        until(lambda: len(again.bodies) == 10)
    assert sorted(again.batches) == [[str(number).encode()] for number in range(10)]


def _die_of_poison(url: str, queue: str) -> None:
    def judge(batch: Batch) -> None:
        if b"poison" in batch.bodies:
            os.kill(os.getpid(), signal.SIGKILL)
        batch.ack()

    open_broker(url).consumer(queue).run_many(judge, threading.Event())


def test_what_kills_every_batch_it_is_in_is_parked_and_its_neighbours_live(url: str, broker: Broker, topology: Topology, name: str) -> None:
    send(broker, *numbered(f"{name}.a", 5), message(f"{name}.a", b"poison"), *numbered(f"{name}.a", 5))
    for _ in range(5):
        victim = get_context("spawn").Process(target=_die_of_poison, args=(url, topology.queue))
        victim.start()
        victim.join(LIMIT)
        assert victim.exitcode == -signal.SIGKILL
    taken = Taken()
    with taking(broker, topology.queue, taken.ack):
        until(lambda: broker.depth(topology.parked) == 1)
        until(lambda: broker.depth(topology.queue) == 0)
    assert b"poison" not in taken.bodies
    assert broker.depth(topology.parked) == 1
