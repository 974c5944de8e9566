"""A service knows when it was down: by real time, once, and before anything that came due meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity import clock as city_clock
from smartcity import due, outages
from smartcity.calendar import is_working_day
from smartcity.outages import Outage
from smartcity.service import Service
from smartcity.settings import Settings
from smartcity.storage.transaction import Database
from smartcity.testing.city_clock import TestClock
from smartcity.work import Work


def beat(database: Database, told: bool = False) -> Outage | None:
    with database.transaction() as session:
        return outages.beat(session, told=told)


def silent_for(database: Database, gap: timedelta) -> None:
    """The last heartbeat was so long ago, in real time."""
    beat(database)
    with database.transaction() as session:
        session.execute(sa.text("UPDATE heartbeat SET at = at - :gap"), {"gap": gap})


def test_the_first_heartbeat_ever_ends_no_outage(database: Database) -> None:
    assert beat(database) is None


def test_a_restart_is_none_and_a_gap_is_kept_in_the_suites_time(database: Database, clock: TestClock) -> None:
    silent_for(database, timedelta(minutes=4))
    assert beat(database) is None
    clock.advance(days=10)
    silent_for(database, timedelta(hours=2))
    outage = beat(database)
    assert outage is not None
    assert abs(outage.ended - city_clock.now()) < timedelta(minutes=1)
    assert timedelta(hours=2) <= outage.ended - outage.began < timedelta(hours=2, minutes=1)


def test_moving_the_suites_clock_is_no_outage(database: Database, clock: TestClock) -> None:
    beat(database)
    for days in (10, -20):
        clock.advance(days=days)
        assert beat(database) is None


def test_many_that_come_back_at_once_keep_it_once(database: Database, session: Session) -> None:
    silent_for(database, timedelta(hours=1))
    with ThreadPoolExecutor(4) as pool:
        kept = [found for found in pool.map(lambda _: beat(database), range(8)) if found]
    assert len(kept) == 1 == session.scalar(sa.select(sa.func.count()).select_from(Outage))


def test_a_clock_that_is_behind_takes_nothing_back(database: Database, session: Session) -> None:
    beat(database)
    session.execute(sa.text("UPDATE heartbeat SET at = at + interval '1 hour'"))
    session.commit()
    assert beat(database) is None
    assert session.scalars(sa.select(outages.Heartbeat.at)).one() > city_clock.real_now() + timedelta(minutes=50)


def test_it_is_due_before_everything_that_came_due_meanwhile(database: Database, session: Session) -> None:
    silent_for(database, timedelta(hours=3))
    with database.transaction() as writing:
        due.schedule(writing, "price-up", "all", city_clock.now() - timedelta(hours=1))
    outage = beat(database, told=True)
    assert outage is not None
    rows = session.scalars(sa.select(due.DueWork).order_by(due.DueWork.at)).all()
    assert [(row.kind, row.subject) for row in rows] == [(outages.ENDED, str(outage.position)), ("price-up", "all")]


def test_work_beats_before_it_runs_what_is_due_and_once_a_minute(
    service: Service, config: Settings, database: Database, session: Session
) -> None:
    heard = list[str]()
    work = Work(replace(service, runs={outages.ENDED: lambda _, subject, __: heard.append(subject)}), config, database)
    silent_for(database, timedelta(hours=1))
    assert work._beat_and_run_next() and not work._beat_and_run_next()
    assert heard == [str(session.scalars(sa.select(Outage.position)).one())]
    silent_for(database, timedelta(hours=1))
    assert not work._beat_and_run_next()
    work.next_beat = 0.0
    assert work._beat_and_run_next() and len(heard) == 2


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in Medan, where 27 is a Friday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def every_day(_: date) -> bool:
    return True


@pytest.mark.parametrize(("began", "ended", "since", "counts", "minutes"), [
    (at(25, 9), at(25, 10, 30), at(24, 9), is_working_day, 90),
    (at(25, 9), at(25, 10, 30), at(25, 10), is_working_day, 30),  # the clock started while nobody worked
    (at(25, 9), at(25, 10, 30), at(25, 11), is_working_day, 0),
    (at(27, 23), at(30, 1), at(24, 9), is_working_day, 120),  # a weekend is not counted twice
    (at(27, 23), at(30, 1), at(24, 9), every_day, 50 * 60),
    (at(28, 8), at(28, 20), at(24, 9), is_working_day, 0),
])  # fmt: skip
def test_only_minutes_of_days_that_count_are_given_back(
    began: datetime, ended: datetime, since: datetime, counts: Callable[[date], bool], minutes: int
) -> None:
    assert Outage(began=began, ended=ended).minutes(since, counts) == minutes
