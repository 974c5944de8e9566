"""What a service wants watched is asked by its `work`, and shown beside the kernel's own metrics."""

import math
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session
from stall import Thing, thing

from smartcity.settings import Settings
from smartcity.storage.transaction import Database
from smartcity.work import Work


class TwoRounds:
    """A stop that comes after the second look."""

    rounds = 0

    def wait(self, seconds: float) -> bool:
        self.rounds += 1
        return self.rounds > 2


def unsold(session: Session, now: datetime) -> float:
    """Things nobody has bought."""
    return session.scalar(sa.select(sa.func.count(Thing.id)).where(Thing.number.is_(None))) or 0


def sold(session: Session, now: datetime) -> float:
    """Things somebody has bought."""
    return session.scalar(sa.select(sa.func.count(Thing.number))) or 0


def broken(session: Session, now: datetime) -> float:
    """Asks for what is not there."""
    return float(session.execute(sa.text("SELECT 1 FROM nowhere")).scalar_one())


def test_what_a_service_watches_is_shown_and_a_broken_watch_hides_no_other(
    service: Any, config: Settings, database: Database, session: Session
) -> None:
    session.add_all([thing(), thing(), thing(number="T-1")])
    session.commit()
    work = Work(replace(service, watches={"stall_broken": broken, "stall_unsold": unsold}), config, database)
    assert work.watches in work._targets()
    work.stop = TwoRounds()  # type: ignore[assignment]
    work.watches()
    assert REGISTRY.get_sample_value("stall_unsold") == 2
    assert math.isnan(REGISTRY.get_sample_value("stall_broken") or 0)


def test_a_metric_may_be_a_table_by_kind_and_a_broken_kind_hides_no_other(
    service: Any, config: Settings, database: Database, session: Session
) -> None:
    session.add_all([thing(), thing(), thing(number="T-2")])
    session.commit()
    work = Work(replace(service, watches={"stall_things": {"broken": broken, "sold": sold, "unsold": unsold}}), config, database)
    work.stop = TwoRounds()  # type: ignore[assignment]
    work.watches()
    assert [REGISTRY.get_sample_value("stall_things", {"kind": kind}) for kind in ("sold", "unsold")] == [1, 2]
    assert math.isnan(REGISTRY.get_sample_value("stall_things", {"kind": "broken"}) or 0)


def test_a_service_that_watches_nothing_has_no_thread_for_it(service: Any, config: Settings, database: Database) -> None:
    work = Work(service, config, database)
    assert work.watches not in work._targets()
