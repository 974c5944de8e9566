"""An event heard has its effect once, or waits, or is shown to a person."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stall import Thing, thing

from smartcity import clock as city_clock
from smartcity.errors import NotYet, RuleBroken
from smartcity.events import inbox
from smartcity.events.consumer import Consumer, DatabaseAway
from smartcity.events.envelope import PREFIX, Heard
from smartcity.events.inbox import InboxEvent, Standing
from smartcity.storage.transaction import Database
from smartcity.testing.city_clock import TestClock

HEARD = "licensing.permit.issued.v1"


def envelope(example: Callable[[str], dict[str, Any]], *, subject: str = "s", sequence: int = 1, ident: str = "", **data: Any) -> bytes:
    return json.dumps({
        "specversion": "1.0", "id": ident or str(uuid4()), "source": "/services/licensing", "type": PREFIX + HEARD, "subject": subject,
        "time": city_clock.now().isoformat(), "sequence": str(sequence), "data": {**example(HEARD), **data},
    }).encode()  # fmt: skip


class Hearer:
    """A handler that keeps what it was told by writing a thing, and fails while it is told to."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.heard: list[int] = []

    def __call__(self, session: Session, event: Heard, now: Any) -> None:
        session.add(thing(number=f"{event.subject}-{event.sequence}"))
        session.flush()
        if self.failure:
            raise self.failure
        self.heard.append(event.sequence)


@pytest.fixture
def hearer() -> Hearer:
    return Hearer()


@pytest.fixture
def consumer(database: Database, hearer: Hearer, clock: TestClock) -> Consumer:
    return Consumer(database, {HEARD: hearer})


def things(session: Session) -> list[str | None]:
    session.rollback()
    return sorted(session.scalars(sa.select(Thing.number)), key=str)


def test_once_applied_for_ever_a_duplicate(consumer: Consumer, example: Any, session: Session) -> None:
    body = envelope(example)
    assert [consumer.receive(body) for _ in range(3)] == ["applied", "duplicate", "duplicate"]
    assert things(session) == ["s-1"]


def test_ten_deliveries_at_once_have_one_effect(consumer: Consumer, example: Any, session: Session) -> None:
    body = envelope(example)
    with ThreadPoolExecutor(10) as pool:
        outcomes = sorted(pool.map(lambda _: consumer.receive(body), range(10)))
    assert outcomes == ["applied", *["duplicate"] * 9]
    assert things(session) == ["s-1"]


def test_what_is_not_ours_and_what_cannot_be_read_has_no_effect(consumer: Consumer, example: Any, session: Session) -> None:
    assert consumer.receive(envelope(example).replace(b"permit.issued", b"permit.revoked")) == "ignored"
    for body in (b"", b"{}", b"\xff", b"[1]", envelope(example).replace(b'"1.0"', b'"0.3"')):
        assert consumer.receive(body) == "unreadable"
    assert things(session) == []


def test_what_breaks_its_contract_parks_at_once_and_a_field_nobody_knows_does_not_matter(consumer: Consumer, example: Any) -> None:
    assert consumer.receive(envelope(example, permit_no=7)) == "parked"
    assert consumer.receive(envelope(example, subject="t", unheard_of=True)) == "applied"


def test_a_failing_event_waits_with_back_off_parks_after_eight_and_goes_on_when_asked(
    consumer: Consumer, hearer: Hearer, example: Any, clock: TestClock, session: Session
) -> None:
    hearer.failure = ZeroDivisionError("1271010502900001")
    body = envelope(example, ident="e-1")
    assert consumer.receive(body) == "waiting"
    assert consumer.retry_one() is None, "not before its time"
    for _ in range(6):
        clock.advance(hours=1)
        assert consumer.retry_one() == "waiting"
    clock.advance(hours=1)
    assert consumer.retry_one() == "parked"
    assert consumer.receive(body) == "duplicate"
    (row,) = inbox.listed(session, Standing.PARKED)
    assert (row["attempts"], row["reason"]) == (8, "ZeroDivisionError")
    assert things(session) == []
    hearer.failure = None
    inbox.retry(session, "e-1", city_clock.now())
    session.commit()
    assert consumer.retry_one() == "applied"
    assert things(session) == ["s-1"]


def test_later_events_of_a_subject_queue_behind_a_waiting_one_others_do_not(
    consumer: Consumer, hearer: Hearer, example: Any, clock: TestClock, session: Session
) -> None:
    hearer.failure = NotYet("too early")
    assert consumer.receive(envelope(example, sequence=1)) == "waiting"
    hearer.failure = None
    assert consumer.receive(envelope(example, sequence=2)) == "waiting"
    assert consumer.receive(envelope(example, subject="other")) == "applied"
    clock.advance(minutes=1)
    assert [consumer.retry_one(), consumer.retry_one(), consumer.retry_one()] == ["applied", "applied", None]
    assert hearer.heard == [1, 1, 2]
    assert things(session) == ["other-1", "s-1", "s-2"]


def test_a_parked_one_is_skipped_and_a_dropped_one_is_gone_for_good(
    consumer: Consumer, hearer: Hearer, example: Any, session: Session
) -> None:
    assert consumer.receive(envelope(example, ident="e-1", permit_no=7)) == "parked"
    assert consumer.receive(envelope(example, sequence=2)) == "applied"
    inbox.drop(session, "e-1", "the permit office told it again by hand")
    session.commit()
    kept = session.scalars(sa.select(InboxEvent).where(InboxEvent.id == "e-1")).one()
    assert (kept.status, kept.body) == (Standing.DROPPED, None)
    with pytest.raises(RuleBroken):
        inbox.retry(session, "e-1", city_clock.now())


def test_with_the_database_away_nothing_is_taken(hearer: Hearer, example: Any) -> None:
    nowhere = Database("postgresql://nobody@127.0.0.1:9/none")
    with pytest.raises(DatabaseAway):
        Consumer(nowhere, {HEARD: hearer}).receive(envelope(example))
    assert hearer.heard == []
