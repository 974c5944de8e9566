"""The relay: everything told reaches the broker, in order per subject, at least once, and nothing holds the rest up."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from smartcity import clock as city_clock
from smartcity.events import relay as relaying
from smartcity.events.broker import Outcome, Outgoing
from smartcity.events.event_log import LoggedEvent
from smartcity.events.relay import BATCH, Relay
from smartcity.storage.transaction import Database
from smartcity.testing.plans import nodes, plan

MUST_BE_HEARD, MAY_BE_HEARD = "licensing.retribution.assessed.v1", "licensing.permit.issued.v1"


class Post:
    """A broker and its publisher, remembering what was sent; `judge` says what becomes of a message."""

    def __init__(self, judge: Callable[[Outgoing], Outcome] = lambda sent: Outcome.CONFIRMED) -> None:
        self.judge, self.sent, self.opened = judge, list[Outgoing](), threading.Event()

    def publisher(self) -> "Post":
        self.opened.set()
        return self

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        self.sent += batch
        return [self.judge(one) for one in batch]

    def close(self) -> None:
        self.opened.clear()

    @property
    def ids(self) -> list[str]:
        return [one.message_id for one in self.sent]


@pytest.fixture
def tell(database: Database) -> Callable[..., list[str]]:
    """`tell(kind, 3)`: three events in the log; answers their ids, in order."""

    def told(kind: str = MAY_BE_HEARD, count: int = 1) -> list[str]:
        ids = [uuid4() for _ in range(count)]
        with database.transaction() as session:
            for sequence, ident in enumerate(ids, 1):
                row = LoggedEvent(
                    id=ident,
                    subject=str(ids[0]),
                    sequence=sequence,
                    type=kind,
                    audience="public",
                    time=city_clock.now(),
                    body=b"{}",
                    sha256=b"h",
                )
                session.add(row)
                session.flush()
        return [str(ident) for ident in ids]

    return told


@pytest.fixture
def connection(db: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(db, autocommit=True) as opened:
        yield opened


def standing(connection: psycopg.Connection[Any]) -> dict[str, tuple[bool, bool]]:
    """Of each event: sent? unheard?"""
    return {
        str(ident): (sent, unheard)
        for ident, sent, unheard in connection.execute(
            "SELECT id, position NOT IN (SELECT position FROM event_unsent), unheard FROM event_log"
        )
    }


def test_a_backlog_goes_in_order_and_is_marked(db: str, connection: Any, tell: Any) -> None:
    post, told = Post(), tell(count=BATCH + 7)
    relay = Relay(db, post)  # type: ignore[arg-type]
    assert [relay.send_batch(connection, post) for _ in range(3)] == [BATCH, 7, 0]
    assert post.ids == told
    assert set(standing(connection).values()) == {(True, False)}
    assert {one.exchange for one in post.sent} == {"smartcity.public"}


def test_what_the_broker_did_not_confirm_is_sent_again_with_its_own_id(db: str, connection: Any, tell: Any) -> None:
    answers = iter([Outcome.CONFIRMED, Outcome.UNKNOWN, Outcome.CONFIRMED, Outcome.CONFIRMED])
    post, told = Post(lambda sent: next(answers)), tell(count=3)
    relay = Relay(db, post)  # type: ignore[arg-type]
    assert [relay.send_batch(connection, post) for _ in range(3)] == [2, 1, 0]
    assert post.ids == [*told, told[1]]


def test_a_death_after_publish_and_before_mark_sends_again(db: str, connection: Any, tell: Any) -> None:
    post, told = Post(), tell(count=2)

    def die(point: str) -> None:
        raise KeyboardInterrupt(point)

    with pytest.raises(KeyboardInterrupt, match="relay-after-publish"):
        Relay(db, post, die).send_batch(connection, post)  # type: ignore[arg-type]
    assert Relay(db, post).send_batch(connection, post) == 2  # type: ignore[arg-type]
    assert post.ids == told * 2


def test_what_nobody_is_bound_to_is_unheard_or_stays_by_its_contract(db: str, connection: Any, tell: Any) -> None:
    (must,), (may,) = tell(MUST_BE_HEARD), tell(MAY_BE_HEARD)
    post = Post(lambda sent: Outcome.UNROUTABLE)
    assert Relay(db, post).send_batch(connection, post) == 1  # type: ignore[arg-type]
    assert standing(connection) == {must: (False, False), may: (True, True)}


def test_more_than_a_batch_that_nobody_can_take_holds_nobody_else_up(db: str, connection: Any, tell: Any) -> None:
    stuck, free = tell(MUST_BE_HEARD, 2 * BATCH), tell(MAY_BE_HEARD, 3)
    post = Post(lambda sent: Outcome.UNROUTABLE if sent.type.endswith(MUST_BE_HEARD) else Outcome.CONFIRMED)
    relay = Relay(db, post)  # type: ignore[arg-type]
    while relay.send_batch(connection, post):
        pass
    assert {ident for ident, (sent, _) in standing(connection).items() if sent} == set(free)
    post.judge = lambda sent: Outcome.CONFIRMED
    for _ in range(4):
        relay.send_batch(connection, post)
    assert {sent for sent, _ in standing(connection).values()} == {True}
    assert post.ids[-2 * BATCH :] == stuck


def test_an_event_committed_late_is_not_overtaken_by_a_younger_one_of_its_subject(
    db: str, connection: Any, tell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older one takes its position before a backlog, and is committed while the relay already reads ahead in that backlog."""
    insert = "INSERT INTO event_log (id, subject, sequence, type, audience, time, body, sha256) VALUES (%s, 'late', %s, %s, 'public', now(), '', '')"
    post, older, younger, looks = Post(), str(uuid4()), str(uuid4()), list[int]()

    def look(*words: Any) -> list[Any]:
        looks.append(1)
        if len(looks) == 2:
            writing.commit()
            writing.execute(insert, (younger, 2, MAY_BE_HEARD))
            writing.commit()
        return really(*words)

    really = relaying._look
    monkeypatch.setattr(relaying, "_look", look)
    with psycopg.connect(db) as writing:
        writing.execute(insert, (older, 1, MAY_BE_HEARD))
        tell(count=BATCH + 7)
        relay = Relay(db, post)  # type: ignore[arg-type]
        while relay.send_batch(connection, post):
            pass
    assert [one for one in post.ids if one in (older, younger)] == [older, younger]
    assert len(post.ids) == BATCH + 9


@contextmanager
def running(relay: Relay) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_only_one_relay_of_a_service_serves_and_the_next_takes_over(db: str, tell: Any) -> None:
    first, second = Post(), Post()
    with running(Relay(db, first)):  # type: ignore[arg-type]
        assert first.opened.wait(10)
        with running(Relay(db, second)):  # type: ignore[arg-type]
            assert not second.opened.wait(1.5)
    with running(Relay(db, second)):  # type: ignore[arg-type]
        assert second.opened.wait(10)


def test_a_look_reads_what_is_unsent_however_long_the_log_is(database: Database, tell: Any) -> None:
    """Without fresh statistics too: a join was read from the log's beginning."""
    tell(count=4000)
    with database.transaction() as session:
        session.execute(sa.text("DELETE FROM event_unsent"))
    tell(count=600)
    in_hand = list(range(4001, 4101))
    with database.session() as session:
        looked = plan(session, sa.text(relaying._UNSENT.replace("%s", "{}").format(0, f"ARRAY{in_hand}", BATCH)))
    read = [node for node in nodes(looked) if node.get("Relation Name") == "event_log"]
    assert [node["Actual Rows"] for node in read] == [BATCH]
    assert {node["Node Type"] for node in read} <= {"Index Scan", "Bitmap Heap Scan"}
