"""Until when a debt may be collected (daluwarsa penagihan), UU 28/2009 Pasal 167."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from finance_sts.rules.dated import Dated
from smartcity.calendar import add_months


@dataclass(frozen=True)
class LimitationRule(Dated):
    """Collection ends `years` after the debt arose, by the rule that was in force on that day."""

    years: int
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None


def limitation_on(rule: LimitationRule, arose_on: date, interrupted_on: Iterable[date]) -> date:
    """The last day on which a debt that arose on `arose_on` may be collected.

    A Surat Teguran or an acknowledgement (a request for instalments, an objection) on that day or before it starts the time
    anew; one that comes later revives nothing.
    """
    last = _after(rule, arose_on)
    for day in sorted(interrupted_on):
        if arose_on <= day <= last:
            last = _after(rule, day)
    return last


def _after(rule: LimitationRule, day: date) -> date:
    return add_months(day, 12 * rule.years)
