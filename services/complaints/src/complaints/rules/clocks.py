"""Until when: working days without holidays and joint leave, or calendar days; always to the end of the day in Medan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from smartcity.calendar import add_working_days, day_of, deadline, end_of_day


@dataclass(frozen=True)
class ClockRule:
    """One dated clock: `days` of `kind`, by what law or choice."""

    name: str
    days: int
    kind: Literal["working", "calendar"]
    basis: str
    valid_from: date
    valid_to: date | None = None

    def ends(self, start: datetime) -> datetime:
        """The last moment of a clock that begins at `start`."""
        return deadline(start, self.days, self.kind)


def in_force(rules: Sequence[ClockRule], name: str, moment: datetime) -> ClockRule:
    """The rule called `name` on the day of `moment`; raises `LookupError` where none holds."""
    day = day_of(moment)
    for rule in rules:
        if rule.name == name and rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to):
            return rule
    raise LookupError(f"no clock {name} is in force on {day}")


def answer_by(start: datetime, working_days: int) -> datetime:
    """The end of the class's ceiling."""
    return deadline(start, working_days, "working")


def later(until: datetime, working_days: int) -> datetime:
    """So many working days after a date that was set."""
    return end_of_day(add_working_days(day_of(until), working_days))
