"""When a bill falls due, by dated rules: calendar days, calendar months or working days after issue."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from finance_sts.rules.dated import Dated
from smartcity.calendar import add_months, add_working_days, is_working_day, next_working_day


@dataclass(frozen=True)
class DueRule(Dated):
    """`count` of `unit` after the day of issue; `roll`: where that day is off, the next working day (only if the Perda says so)."""

    code: str
    unit: Literal["calendar_days", "calendar_months", "working_days"]
    count: int
    roll: bool
    legal_basis: str
    valid_from: date
    valid_to: date | None = None


def due_on(rule: DueRule, issued_on: date) -> date:
    """The last day on which the bill is paid in time. A month later that lacks the day ends on its last."""
    if rule.unit == "working_days":
        return add_working_days(issued_on, rule.count)
    day = issued_on + timedelta(days=rule.count) if rule.unit == "calendar_days" else add_months(issued_on, rule.count)
    return day if not rule.roll or is_working_day(day) else next_working_day(day)
