"""The office's clock for one step of an application: it stands while the applicant acts, and goes on where it stood."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, MappedAsDataclass, mapped_column

from licensing.model.application_status import Status
from smartcity.calendar import add_working_days, day_of, day_zero, end_of_day, is_working_day, working_days_between
from smartcity.outages import Outage
from smartcity.storage import Base, states

ESCALATED_AT = (50, 100, 150)
MINUTES_OF_A_DAY, ONE_DAY = 24 * 60, timedelta(days=1)


class Clock(MappedAsDataclass, kw_only=True, eq=False, repr=False):
    """`days` that may be taken, working days or days of the calendar; `used` those that went before it last stood still.

    `lost` are the minutes of its days in which the suite itself was down: they are added after the last of them.
    """

    days: Mapped[int]
    working: Mapped[bool]
    legal_basis: Mapped[str]
    used: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None] = mapped_column(default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    escalated: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0, server_default="0")

    def start(self, now: datetime) -> None:
        """It runs from `now`; after closing time or on a day off from the next working day."""
        self.since = now
        self.due_on = day_of(self.moment(100))

    def stop(self, now: datetime) -> None:
        """It stands still; the days until today were used."""
        if self.since is not None:
            self.used += max(0, self._between(self._zero, day_of(now)))
            self.since = self.due_on = None

    def lose(self, outage: Outage) -> None:
        """The suite was down: where it runs, the minutes of it that lie in this clock's days are given back."""
        if self.since is not None:
            self.lost += outage.minutes(self.since, is_working_day if self.working else lambda day: True)
            self.due_on = day_of(self.moment(100))

    def moment(self, percent: int) -> datetime:
        """When so much of its time is used: the end of that day, and what was lost to outages after it."""
        last = math.ceil(self.days * percent / 100) - self.used
        whole, rest = divmod(self.lost, MINUTES_OF_A_DAY)
        end = end_of_day(self._day(max(0, last) + whole))
        return end_of_day(self._day(max(0, last) + whole + 1)) - ONE_DAY + timedelta(minutes=rest) if rest else end

    def passed(self, now: datetime) -> int:
        """The highest of `ESCALATED_AT` that it has passed and that nobody was told of; 0 for none."""
        return max((percent for percent in ESCALATED_AT if percent > self.escalated and self.moment(percent) < now), default=0)

    def kept(self, today: date) -> bool:
        """Has it taken no longer than it may, until today where it runs? Days that were lost to outages do not count."""
        return self.used <= self.days + math.ceil(self.lost / MINUTES_OF_A_DAY) and (self.due_on is None or today <= self.due_on)

    @property
    def next_moment(self) -> datetime | None:
        """When somebody must be told next; `None` while it stands, and after the last time."""
        ahead = [self.moment(percent) for percent in ESCALATED_AT if percent > self.escalated] if self.since else []
        return min(ahead) + timedelta(seconds=1) if ahead else None

    @property
    def _zero(self) -> date:
        assert self.since is not None, "a clock that stands has no day zero"
        return day_zero(self.since) if self.working else day_of(self.since)

    def _day(self, n: int) -> date:
        left = max(0, n)
        return add_working_days(self._zero, left) if self.working else self._zero + timedelta(days=left)

    def _between(self, start: date, end: date) -> int:
        return working_days_between(start, end) if self.working else (end - start).days


COUNTS = "days > 0 AND used >= 0 AND escalated >= 0"
RUNNING = "(since IS NULL) = (due_on IS NULL)"


class StepClock(Clock, Base):
    """The clock of the step that an application is in; `role` says whose turn it is."""

    __tablename__ = "step_clock"
    __table_args__ = (
        sa.CheckConstraint(COUNTS, name="counts"),
        sa.CheckConstraint(RUNNING, name="running"),
        sa.Index("ix_step_clock_running", "due_on", postgresql_where=sa.text("since IS NOT NULL")),
        sa.Index("ix_step_clock_case", "application_id", postgresql_where=sa.text("since IS NOT NULL")),
    )

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), primary_key=True, init=False)
    step: Mapped[Status] = mapped_column(states(Status), primary_key=True)
    role: Mapped[str]


def running(clocks: Sequence[StepClock]) -> StepClock | None:
    """The one that runs, if any does."""
    return next((clock for clock in clocks if clock.since is not None), None)


def clock_of(clocks: list[StepClock], step: Status, terms: Mapping[str, Any]) -> StepClock:
    """The clock of a step, where it stood, by the terms that hold now; made and added at its first time."""
    found = next((clock for clock in clocks if clock.step is step), None)
    days, working, legal_basis = terms["days"], terms["clock"] == "hari kerja", terms["legal_basis"]
    if found is None:
        found = StepClock(step=step, role=terms["role"], days=days, working=working, legal_basis=legal_basis)
        clocks.append(found)
    elif found.working is working:
        found.role, found.days, found.legal_basis = terms["role"], days, legal_basis
    return found
