"""When this service was down. Its `work` leaves a heartbeat every minute; a gap is kept as an outage and told to who counts time.

The gap is measured in real time, so that moving the suite's clock is none; it is kept in the suite's time, in which the
clocks of the law run, as having ended at the moment `work` was there again.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import clock, due
from smartcity.calendar import JAKARTA, ONE, day_of
from smartcity.observability import log
from smartcity.storage.entity import Base

EVERY = timedelta(minutes=1)
THRESHOLD = timedelta(minutes=5)
"""A shorter gap is a restart or a long piece of work, not an outage."""
ENDED = "kernel.outage"
"""The due work of a service that counts time: its subject is the outage's position."""


class Heartbeat(Base):
    """The one row that says when some `work` of this service was last there, in real time."""

    __tablename__ = "heartbeat"
    __table_args__ = (sa.CheckConstraint("one", name="one"),)

    at: Mapped[datetime]
    one: Mapped[bool] = mapped_column(primary_key=True, default=True)


class Outage(Base):
    """Nobody worked from `began` to `ended`, in the suite's time. Never changed; positions rise."""

    __tablename__ = "outage"
    __table_args__ = (sa.CheckConstraint("began < ended", name="lasted"),)

    position: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True, init=False)
    began: Mapped[datetime]
    ended: Mapped[datetime]

    def minutes(self, since: datetime, counts: Callable[[date], bool]) -> int:
        """Whole minutes of it after `since` that lie in days (of Medan) that count."""
        began, found = max(self.began, since), timedelta()
        day = day_of(began)
        while (start := datetime(day.year, day.month, day.day, tzinfo=JAKARTA)) < self.ended:
            if counts(day):
                found += max(timedelta(), min(self.ended, start + ONE) - max(began, start))
            day += ONE
        return found // timedelta(minutes=1)


def beat(session: Session, *, told: bool) -> Outage | None:
    """Say that `work` is there. After a gap the outage is kept, once however many processes come back, and `told` as due work.

    It is due at the outage's beginning, before everything that came due while nobody worked.
    """
    real = clock.real_now()
    session.execute(insert(Heartbeat).values(one=True, at=real).on_conflict_do_nothing())
    last = session.scalars(sa.select(Heartbeat).with_for_update()).one()
    gap, last.at = real - last.at, max(real, last.at)
    if gap < THRESHOLD:
        return None
    ended = clock.now()
    outage = Outage(began=ended - gap, ended=ended)
    session.add(outage)
    session.flush()
    if told:
        due.schedule(session, ENDED, str(outage.position), outage.began)
    log.warning("outage kept", seconds=int(gap.total_seconds()))
    return outage
