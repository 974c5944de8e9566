"""What only the embedded broker promises: a private file, a bounded one, and nothing lost in a storm of kills."""

import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import kombu
import pytest

from smartcity.events.broker import Broker, BrokerAway, Outcome, open_broker
from smartcity.events.broker.embedded import file, log, transport
from smartcity.events.broker.embedded.file import open_file, writing
from smartcity.events.broker.embedded.line import FileLine
from smartcity.events.broker.embedded.log import Retention
from smartcity.events.broker.embedded.owner import Owner, dead_owners
from smartcity.events.topology import INTERNAL, Topology, topology_of

from .conftest import listening, message, numbered, send, until

CONSUMER = Path(__file__).with_name("slow_consumer.py")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return f"{tmp_path}/bus.db"


@pytest.fixture
def bus(path: str) -> Broker:
    return open_broker(f"embedded://{path}")


@pytest.fixture
def room(bus: Broker) -> Topology:
    made = topology_of("room", [(INTERNAL, "room.#")])
    bus.declare(made)
    return made


def test_only_its_owner_may_read_the_bus(path: str, bus: Broker, room: Topology) -> None:
    send(bus, message("room.a"))
    with listening(bus, room.parked):
        until(lambda: len(os.listdir(f"{path}.owners")) == 1)
        for place in (path, f"{path}-wal", f"{path}-shm", *(entry.path for entry in os.scandir(f"{path}.owners"))):
            assert stat.S_IMODE(os.stat(place).st_mode) == 0o600, place
        assert stat.S_IMODE(os.stat(f"{path}.owners").st_mode) == 0o700


def test_opening_a_broker_opens_nothing(tmp_path: Path) -> None:
    broker = open_broker(f"embedded://{tmp_path}/bus.db")
    broker.publisher().close()
    broker.consumer("any.events")
    assert os.listdir(tmp_path) == []


def test_a_stopped_consumer_leaves_no_file_of_its_own(path: str, bus: Broker, room: Topology) -> None:
    send(bus, message("room.a"))
    with listening(bus, room.queue) as heard:
        until(lambda: heard.bodies)
    assert os.listdir(f"{path}.owners") == []


def test_many_may_open_a_new_bus_at_once(path: str, room: Topology) -> None:
    answers = list[object]()

    def declare(number: int) -> None:
        try:
            open_broker(f"embedded://{path}").declare(topology_of(f"room{number}", [(INTERNAL, f"room{number}.#")]))
            answers.append(None)
        except BrokerAway as error:
            answers.append(error)

    threads = [threading.Thread(target=declare, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [None] * 8


def test_a_file_of_another_schema_is_refused(path: str, bus: Broker, room: Topology) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(BrokerAway, match="schema 99"):
        bus.depth(room.queue)


def test_a_bus_somebody_keeps_locked_is_away_and_the_batch_can_be_sent_again(
    path: str, bus: Broker, room: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smartcity.events.broker.embedded.file.WAIT", 0.05)
    publisher = bus.publisher()
    with closing(open_file(path, durable=True)) as db, writing(db), pytest.raises(BrokerAway):
        publisher.send([message("room.a")])
    assert publisher.send([message("room.a")]) == [Outcome.CONFIRMED]
    publisher.close()
    assert bus.depth(room.queue) == 1


def test_a_writer_looks_again_at_short_even_steps_until_the_file_is_free(
    path: str, bus: Broker, room: Topology, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_file(path, durable=True)) as holder, closing(open_file(path, durable=False)) as waiting:
        patience = waiting.execute("PRAGMA busy_timeout").fetchone()
        holder.execute("BEGIN IMMEDIATE")
        slept = list[float]()

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 40:
                holder.execute("COMMIT")

        monkeypatch.setattr("smartcity.events.broker.embedded.file.time.sleep", sleep)
        with writing(waiting):
            assert slept == [file.LOOK_AGAIN] * 40
        assert waiting.execute("PRAGMA busy_timeout").fetchone() == patience


def test_a_batch_with_an_unknown_exchange_leaves_nothing_behind(bus: Broker, room: Topology) -> None:
    with pytest.raises(BrokerAway, match="nowhere"):
        send(bus, message("room.a"), message("room.a", exchange="nowhere"))
    assert bus.depth(room.queue) == 0


def test_old_events_go_when_nobody_waits_for_them_in_bounded_steps(path: str, bus: Broker, room: Topology) -> None:
    other = topology_of("other", [(INTERNAL, "room.kept")])
    bus.declare(other)
    send(bus, message("room.kept", b"kept"), *numbered("room.a", 1200))
    with listening(bus, room.queue) as heard:
        until(lambda: len(heard.bodies) == 1201)
    with closing(open_file(path, durable=True)) as db:
        young = Retention()
        assert young.step(db) == 0
        old = Retention(keep=-10)
        steps = [old.step(db) for _ in range(3)]
        assert steps == [499, 500, 201]
        assert [body for (body,) in db.execute("SELECT body FROM event")] == [b"kept"]
    with listening(bus, other.queue) as late:
        until(lambda: late.bodies == [b"kept"])


def test_publishing_goes_on_forgetting(path: str, bus: Broker, room: Topology, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "EVERY", 0.0)
    monkeypatch.setattr(log.Retention.__init__, "__defaults__", (-10.0,))
    publisher = bus.publisher()
    with listening(bus, room.queue) as heard:
        publisher.send(numbered("room.a", 100))
        until(lambda: len(heard.bodies) == 100)
    publisher.send([message("nobody")])
    publisher.close()
    with closing(open_file(path, durable=False)) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_an_owner_is_dead_when_its_lock_is_gone_and_not_before(tmp_path: Path) -> None:
    alive, watcher = Owner(tmp_path), Owner(tmp_path)
    alive.hold(7, 9)
    assert list(dead_owners(tmp_path, but=watcher.number)) == []
    alive.drop_descriptor()
    assert list(dead_owners(tmp_path, but=watcher.number)) == [(alive.number, (7, 9))]
    assert list(dead_owners(tmp_path, but=watcher.number)) == []
    watcher.close()
    assert os.listdir(tmp_path) == []


def test_a_forked_child_does_not_keep_its_dead_parents_deliveries(bus: Broker, room: Topology, embedded_url: str) -> None:
    send(bus, *numbered("room.a", 5))
    program = (
        "import os, sys, threading\n"
        "from smartcity.events.broker import open_broker\n"
        "def hold(_):\n"
        "    child = os.fork()\n"
        "    if child: print(child, flush=True)\n"
        "    threading.Event().wait(60)\n"
        "open_broker(sys.argv[1]).consumer('room.events').run(hold, threading.Event())\n"
    )
    parent = subprocess.Popen([sys.executable, "-W", "ignore", "-c", program, embedded_url], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    try:
        parent.kill()
        parent.wait()
        with listening(bus, room.queue) as heard:
            until(lambda: len(heard.bodies) == 5)
        os.kill(child, 0)
    finally:
        os.kill(child, 9)
        parent.stdout.close()


def test_a_storm_of_kills_loses_nothing(embedded_url: str, bus: Broker, room: Topology) -> None:
    chance, heard, count = random.Random(20240601), list[str](), 3000
    assert set(send(bus, *numbered("room.a", count))) == {Outcome.CONFIRMED}

    def crew() -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, str(CONSUMER), embedded_url, room.queue, "slowly"], stdout=subprocess.PIPE, text=True)

    consumers = [crew(), crew()]
    for _ in range(8):
        victim = consumers.pop(chance.randrange(2))
        assert victim.stdout is not None
        heard += [victim.stdout.readline().strip() for _ in range(chance.randrange(1, 40))]
        heard += _killed(victim)
        consumers.append(crew())
    for consumer in consumers:
        heard += _killed(consumer)
    with listening(bus, room.queue) as last:
        until(lambda: set(heard) | {body.decode() for body in last.bodies} == {str(n) for n in range(count)})
        until(lambda: bus.depth(room.queue) == 0)
    assert bus.depth(room.parked) == 0


def _killed(consumer: "subprocess.Popen[str]") -> list[str]:
    consumer.kill()
    said, _ = consumer.communicate()
    return said.splitlines()[: said.count("\n")]


def test_a_plain_kombu_program_can_use_the_bus(embedded_url: str) -> None:
    transport.register()
    with kombu.Connection(embedded_url) as connection:
        queue = kombu.Queue("plain", kombu.Exchange("plain", "direct"), "greeting")
        bound = queue(connection.default_channel)
        bound.declare()
        connection.Producer().publish("hello", exchange="plain", routing_key="greeting")
        got = bound.get()
        assert got.payload == "hello"
        got.reject(requeue=True)
        again = bound.get()
        assert again.delivery_info["redelivered"]
        again.ack()
        assert bound.get() is None
        connection.Producer().publish(b"2", exchange="plain", routing_key="greeting")
        assert bound.purge() == 1
        bound.unbind_from(kombu.Exchange("plain"), "greeting")
        bound.delete()


def test_a_consumer_in_a_backlog_holds_one_batch_more_than_it_works_on_and_gives_both_back(path: str, bus: Broker, room: Topology) -> None:
    send(bus, *numbered("room.a", 25))
    mine, other = FileLine(path, room.queue, 10), FileLine(path, room.queue, 10)
    first, second = mine.next_many(), None
    until(lambda: bus.depth(room.queue) == 5)
    with closing(other):
        second = other.next_many()
        assert first is not None and second is not None
        assert first.bodies == [str(number).encode() for number in range(10)]
        assert second.bodies == [str(number).encode() for number in range(20, 25)]
        second.ack()
    first.ack()
    mine.close()
    assert bus.depth(room.queue) == 10
