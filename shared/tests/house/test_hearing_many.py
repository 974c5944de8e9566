"""Many events in one transaction: the effect of each is the same as alone, once, in order, or waiting."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stall import thing

from smartcity.errors import NotYet
from smartcity.events import Heard, batch, inbox
from smartcity.events.broker import Outgoing, open_broker
from smartcity.events.consumer import Consumer, DatabaseAway
from smartcity.events.inbox import Standing
from smartcity.events.topology import queue_of, topology_for
from smartcity.storage.transaction import Database
from smartcity.testing.city_clock import TestClock
from smartcity.testing.rabbitmq import rabbitmq_node  # noqa: F401
from smartcity.work import Work

from .test_hearing import HEARD, envelope, things

REVOKED = "licensing.permit.revoked.v1"


class Shelf:
    """A batch handler that lays things down, and remembers with whom each came."""

    def __init__(self) -> None:
        self.poisonous = ""
        self.failure: Exception = ZeroDivisionError()
        self.batches: list[list[str]] = []

    def __call__(self, session: Session, events: Sequence[Heard], now: Any) -> None:
        names = [f"{event.subject}-{event.sequence}" for event in events]
        session.add_all([thing(number=name) for name in names])
        session.flush()
        if self.poisonous in names:
            raise self.failure
        self.batches.append(names)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def consumer(database: Database, shelf: Shelf, clock: TestClock) -> Consumer:
    return Consumer(database, {HEARD: batch(shelf)})


def transactions(session: Session) -> int:
    """How many transactions laid something down."""
    return int(session.scalar(sa.text("SELECT count(DISTINCT xmin::text) FROM inbox")) or 0)


def test_many_are_one_transaction_in_the_order_they_came(consumer: Consumer, shelf: Shelf, example: Any, session: Session) -> None:
    bodies = [envelope(example, subject=subject, sequence=number) for number in (1, 2) for subject in "ba"]
    assert consumer.receive_many(bodies) == ["applied"] * 4
    assert shelf.batches == [["b-1", "a-1", "b-2", "a-2"]]
    assert transactions(session) == 1
    assert things(session) == ["a-1", "a-2", "b-1", "b-2"]


def test_twice_in_a_batch_or_in_another_has_one_effect(consumer: Consumer, example: Any, session: Session) -> None:
    first, second, third = (envelope(example, sequence=number) for number in (1, 2, 3))
    assert consumer.receive_many([first, first, second]) == ["applied", "duplicate", "applied"]
    assert consumer.receive_many([second, third, first]) == ["duplicate", "applied", "duplicate"]
    assert things(session) == ["s-1", "s-2", "s-3"]


def test_only_the_poisonous_one_waits_and_what_follows_it_in_its_subject(
    consumer: Consumer, shelf: Shelf, example: Any, clock: TestClock, session: Session
) -> None:
    shelf.poisonous = "a-1"
    bodies = [envelope(example, subject=subject, sequence=number) for number in (1, 2) for subject in "abc"]
    assert consumer.receive_many(bodies) == ["waiting", "applied", "applied", "waiting", "applied", "applied"]
    assert things(session) == ["b-1", "b-2", "c-1", "c-2"]
    assert inbox.listed(session, Standing.WAITING)[0]["reason"] == "ZeroDivisionError"
    shelf.poisonous = ""
    clock.advance(minutes=1)
    assert [consumer.retry_one(), consumer.retry_one(), consumer.retry_one()] == ["applied", "applied", None]
    assert shelf.batches[-2:] == [["a-1"], ["a-2"]]


def test_what_breaks_its_contract_parks_alone(consumer: Consumer, example: Any, session: Session) -> None:
    bodies = [envelope(example, subject="a"), envelope(example, subject="b", permit_no=7), envelope(example, subject="c")]
    assert consumer.receive_many(bodies) == ["applied", "parked", "applied"]
    assert things(session) == ["a-1", "c-1"]


def test_a_later_batch_queues_behind_a_waiting_event_and_is_one_transaction_all_the_same(
    consumer: Consumer, shelf: Shelf, example: Any, session: Session
) -> None:
    shelf.poisonous, shelf.failure = "a-1", NotYet("too early")
    assert consumer.receive_many([envelope(example, subject="a")]) == ["waiting"]
    later = [envelope(example, subject="a", sequence=2), envelope(example, subject="b"), envelope(example, subject="c")]
    assert consumer.receive_many(later) == ["waiting", "applied", "applied"]
    assert shelf.batches == [["b-1", "c-1"]]


def test_other_handlers_between_keep_their_own_commit_and_their_place(
    database: Database, shelf: Shelf, example: Any, clock: TestClock, session: Session
) -> None:
    alone = list[str]()
    mixed = Consumer(database, {HEARD: batch(shelf), REVOKED: lambda session, event, now: alone.append(event.subject)})
    revoked = envelope(lambda _: example(REVOKED), subject="r").replace(HEARD.encode(), REVOKED.encode())
    bodies = [envelope(example, subject="a"), envelope(example, subject="b"), revoked, b"{}", envelope(example, subject="c")]
    assert mixed.receive_many(bodies) == ["applied", "applied", "applied", "unreadable", "applied"]
    assert (shelf.batches, alone) == ([["a-1", "b-1"], ["c-1"]], ["r"])


def test_what_a_batch_tells_is_told_one_by_one_with_its_cause(database: Database, example: Any, told: Any, clock: TestClock) -> None:
    def sell(session: Session, events: Sequence[Heard], now: Any) -> None:
        for event in events:
            laid = thing()
            session.add(laid)
            laid.sell(event.subject)

    bodies = [envelope(example, subject=name, ident=name) for name in ("one", "two")]
    assert Consumer(database, {HEARD: batch(sell)}).receive_many(bodies) == ["applied", "applied"]
    assert [event["causationid"] for event in told()] == ["one", "two"]


def test_with_the_database_away_no_batch_is_taken(shelf: Shelf, example: Any) -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseAway):
        Consumer(nowhere, {HEARD: batch(shelf)}).receive_many([envelope(example), envelope(example, sequence=2)])


# --- the `work` process on both brokers


@pytest.fixture(params=["embedded", "rabbitmq"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    url = f"embedded://{tmp_path}/bus.db" if request.param == "embedded" else str(request.getfixturevalue("rabbitmq_node").url)
    broker = open_broker(url)
    broker.declare(topology_for("stall", [HEARD]))
    yield url
    _take_all(url)


def _take_all(url: str) -> None:
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    open_broker(url).consumer(queue_of("stall")).run(lambda delivery: delivery.ack(), stop)


def publish(url: str, bodies: Sequence[bytes]) -> None:
    publisher = open_broker(url).publisher()
    publisher.send([Outgoing("", queue_of("stall"), str(number), HEARD, body) for number, body in enumerate(bodies)])
    publisher.close()


def lay_down(session: Session, events: Sequence[Heard], now: Any) -> None:
    session.add_all([thing(number=f"{event.subject}-{event.sequence}") for event in events])


def work_of(service: Any, config: Any, url: str, database: Database) -> Work:
    from dataclasses import replace

    return Work(replace(service, hears={HEARD: batch(lay_down)}), replace(config, broker_url=url), database)


def _work_until_killed(service: Any, config: Any, url: str) -> None:
    """Dies by SIGKILL after the third batch was committed and before its ack."""
    work = work_of(service, config, url, Database(config.database_url, {}))
    receive, left = work.consumer.receive_many, iter(range(2, -1, -1))

    def counted(bodies: Sequence[bytes]) -> list[str]:
        outcomes = receive(bodies)
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcomes

    work.consumer.receive_many = counted  # type: ignore[method-assign]
    work.consume()


def until(true: Callable[[], bool]) -> None:
    for _ in range(3000):
        if true():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it did not come to pass")


def test_a_kill_between_commit_and_ack_doubles_nothing_and_loses_nothing(
    service: Any, config: Any, url: str, database: Database, session: Session, example: Any, clock: TestClock
) -> None:
    publish(url, [envelope(example, subject=f"s{number:04}") for number in range(2000)])
    victim = get_context("fork").Process(target=_work_until_killed, args=(service, config, url))
    victim.start()
    victim.join(60)
    assert victim.exitcode == -signal.SIGKILL
    assert 0 < len(things(session)) < 2000
    work = work_of(service, config, url, database)
    thread = threading.Thread(target=work.consume)
    thread.start()
    until(lambda: len(things(session)) == 2000)
    until(lambda: open_broker(url).depth(queue_of("stall")) == 0)
    work.stop.set()
    thread.join(30)
    assert things(session) == [f"s{number:04}-1" for number in range(2000)]


def test_on_a_mixed_queue_each_subject_has_its_effects_in_the_order_told(
    service: Any, config: Any, url: str, database: Database, session: Session, example: Any, clock: TestClock
) -> None:
    laid = list[tuple[str, int]]()

    def lay_many(session: Session, events: Sequence[Heard], now: Any) -> None:
        lay_down(session, events, now)
        laid.extend((event.subject, event.sequence) for event in events)

    def told(subject: str, number: int) -> bytes:
        issued = envelope(example, subject=subject, sequence=number)
        return (
            issued
            if number % 3
            else envelope(lambda _: example(REVOKED), subject=subject, sequence=number).replace(HEARD.encode(), REVOKED.encode())
        )

    bodies = [told(subject, number) for number in range(1, 41) for subject in "abc"]
    publish(url, [*bodies[:60], b"no event", *bodies[60:]])
    work = work_of(service, config, url, database)
    work.consumer.hears = {HEARD: batch(lay_many), REVOKED: lambda session, event, now: lay_many(session, [event], now)}
    thread = threading.Thread(target=work.consume)
    thread.start()
    until(lambda: len(things(session)) == 120)
    until(lambda: open_broker(url).depth("stall.parked") == 1)
    work.stop.set()
    thread.join(30)
    for name in "abc":
        assert [number for subject, number in laid if subject == name] == list(range(1, 41))


def test_while_the_database_is_away_nothing_is_held_and_afterwards_all_has_its_effect(
    service: Any,
    config: Any,
    url: str,
    database: Database,
    session: Session,
    example: Any,
    clock: TestClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smartcity.work.GRACE", 0.1)
    nowhere = Database("postgresql://nobody@127.0.0.1:9/none")
    work = work_of(service, config, url, nowhere)
    thread = threading.Thread(target=work.consume)
    thread.start()
    publish(url, [envelope(example, subject=f"s{number}") for number in range(20)])
    until(work.away.is_set)
    until(lambda: open_broker(url).depth(queue_of("stall")) == 20)
    work.consumer.database = work.database = database
    until(lambda: len(things(session)) == 20)
    assert not work.away.is_set()
    work.stop.set()
    thread.join(30)
