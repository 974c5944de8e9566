"""Due work: run once, when it is due, in one commit with its end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session
from stall import SERVICE, TOLD, Thing, thing

from smartcity import clock as city_clock
from smartcity import due, housekeeping
from smartcity.events.event_log import LoggedEvent, UnsentEvent
from smartcity.storage.transaction import Database
from smartcity.testing.city_clock import TestClock
from smartcity.testing.plans import statements


def test_due_work_runs_when_it_is_due_and_its_effect_is_one_commit_with_its_end(
    database: Database, run_due: Any, clock: TestClock, session: Session
) -> None:
    with database.transaction() as writing:
        writing.add(thing())
        due.schedule(writing, "price-up", "all", city_clock.now() + timedelta(days=3))
    assert run_due() == []
    clock.advance(days=3)
    assert run_due() == ["done"]
    assert run_due() == []
    assert session.scalars(sa.select(Thing.price)).one() == 2


def test_an_appointment_follows_its_clock_and_goes_when_the_clock_stands(database: Database, session: Session) -> None:
    def kept(at: Any) -> list[Any]:
        with database.transaction() as writing:
            due.appoint(writing, "price-up", "all", at)
        return list(session.scalars(sa.text("SELECT at FROM due WHERE kind = 'price-up'")))

    now = city_clock.now()
    assert kept(now) == [now]
    assert kept(now + timedelta(days=1)) == [now + timedelta(days=1)]
    assert kept(None) == kept(None) == []


def test_all_appointments_of_a_subject_go_at_once_and_no_other(database: Database, session: Session) -> None:
    with database.transaction() as writing:
        for kind, subject in (("price-up", "a"), ("price-down", "a"), ("kept", "a"), ("price-up", "b")):
            due.schedule(writing, kind, subject, city_clock.now())
    with database.transaction() as writing, statements(database.engine) as sent:
        due.cancel_all(writing, ("price-up", "price-down", "never-appointed"), "a")
    assert len(sent) == 1
    assert sorted(session.execute(sa.text("SELECT kind, subject FROM due")).all()) == [("kept", "a"), ("price-up", "b")]


def test_many_runners_do_each_piece_once(database: Database, clock: TestClock, session: Session) -> None:
    with database.transaction() as writing:
        writing.add(thing(price=0))
        for n in range(20):
            due.schedule(writing, "price-up", str(n), city_clock.now())

    def drain(_: int) -> int:
        done = 0
        while (outcome := due.run_next(database.session, SERVICE.runs, city_clock.now())) is not None:
            done += outcome == "done"
        return done

    done = 0
    with ThreadPoolExecutor(4) as pool:
        while session.scalar(sa.select(sa.func.count()).select_from(due.DueWork)):
            session.rollback()
            done += sum(pool.map(drain, range(4)))  # who was beaten to the row by another fails, and tries again later
            clock.advance(seconds=30)
    assert done == 20
    assert session.scalars(sa.select(Thing.price)).one() == 20


def waits_for_a_lock(session: Session, run: Any) -> None:
    """Until it does, or has."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    while not (session.scalar(waiting) or run.done()):
        session.rollback()


def test_a_run_gives_way_to_who_holds_the_thing_and_moves_its_appointment(
    database: Database, clock: TestClock, session: Session
) -> None:  # fmt: skip
    with database.transaction() as writing:
        writing.add(thing())
        due.schedule(writing, "price-up", "all", city_clock.now())

    tomorrow = city_clock.now() + timedelta(days=1)

    def raise_price(session: Session, subject: str, now: Any) -> None:
        session.scalars(sa.select(Thing).with_for_update()).one().price += 1

    with ThreadPoolExecutor(1) as pool, database.transaction() as desk:
        desk.scalars(sa.select(Thing).with_for_update()).one()
        met = pool.submit(due.run_next, database.session, {"price-up": raise_price}, city_clock.now())
        waits_for_a_lock(session, met)
        due.schedule(desk, "price-up", "all", tomorrow)
        assert met.result() == "later"  # the desk still holds both
    session.rollback()
    kept = session.scalars(sa.select(due.DueWork)).one()
    assert (kept.at, kept.attempts) == (tomorrow, 0)
    clock.advance(days=1)
    assert due.run_next(database.session, {"price-up": raise_price}, city_clock.now()) == "done"
    assert session.scalars(sa.select(Thing.price)).one() == 2


def test_failing_due_work_backs_off_and_parks(database: Database, run_due: Any, clock: TestClock, session: Session) -> None:
    with database.transaction() as writing:
        due.schedule(writing, "price-up", "all", city_clock.now())
    for _ in range(8):
        assert run_due() == ["failed"]
        clock.advance(hours=1)
    assert run_due() == []
    parked = session.scalars(sa.select(due.DueWork)).one()
    assert (parked.status, parked.attempts, parked.reason) == (due.Standing.PARKED, 8, "NotFound")


def test_personal_bytes_go_after_ninety_days_once_delivered_and_their_hash_stays(
    database: Database, clock: TestClock, session: Session
) -> None:
    def row(kind: str, sequence: int) -> LoggedEvent:
        then = city_clock.now()
        return LoggedEvent(
            id=uuid4(), subject="s", sequence=sequence, type=kind, audience="internal", time=then, body=b"{}", sha256=b"h",
        )  # fmt: skip

    personal = "licensing.retribution.assessed.v1"
    with database.transaction() as writing:
        writing.add_all([row(personal, 1), row(personal, 2), row(TOLD, 3)])
        due.schedule(writing, housekeeping.KIND, "daily", city_clock.now())
        writing.flush()
        sent = sa.select(LoggedEvent.position).where(LoggedEvent.sequence != 2)
        writing.execute(sa.delete(UnsentEvent).where(UnsentEvent.position.in_(sent)))
    for days, erased in ((89, []), (2, [1])):
        clock.advance(days=days)
        due.run_next(database.session, housekeeping.RUNS, city_clock.now())
        session.rollback()
        gone = sa.select(LoggedEvent.sequence).where(LoggedEvent.body.is_(None), LoggedEvent.sha256 == b"h")
        assert list(session.scalars(gone)) == erased
