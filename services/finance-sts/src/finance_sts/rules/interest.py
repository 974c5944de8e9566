"""Interest on what is paid late, by a payer or by the city: a dated rate for each started month, up to a cap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Protocol

from finance_sts.rules.dated import Dated
from smartcity.calendar import add_months

ROUNDINGS = {"down": ROUND_DOWN, "half_up": ROUND_HALF_UP, "up": ROUND_UP}


class Rate(Protocol):
    """A rule by which money bears interest: `percent_per_month`, for at most `cap_months` months where it has a cap."""

    @property
    def percent_per_month(self) -> Decimal: ...
    @property
    def cap_months(self) -> int | None: ...
    @property
    def rounding(self) -> str: ...


@dataclass(frozen=True)
class InterestRule(Dated):
    """`percent_per_month` of what is late, for at most `cap_months` months; a part of a rupiah goes `down`, `half_up` or `up`."""

    percent_per_month: Decimal
    cap_months: int
    rounding: str
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Interest:
    """What `principal` bears for the months after `months_before` up to and with `months`; whole rupiah."""

    principal: int
    months_before: int
    months: int
    amount: int


def started_months(due_on: date, until: date) -> int:
    """Months begun after `due_on` up to and with `until`, each counted in full; 0 in time."""
    months = 0
    while until > add_months(due_on, months):
        months += 1
    return months


def interest(rule: Rate, principal: int, due_on: date, until: date, months_before: int = 0) -> Interest:
    """Interest on `principal` that was due on `due_on` and is unpaid until `until`, beyond the months claimed before.

    Rounded to the rupiah once, as the rule says. Raises `ValueError` for a negative principal.
    """
    if principal < 0:
        raise ValueError("nobody owes less than nothing")
    started = started_months(due_on, until)
    months = max(months_before, started if rule.cap_months is None else min(started, rule.cap_months))
    share = principal * rule.percent_per_month * (months - months_before) / 100
    return Interest(principal, months_before, months, int(share.to_integral_value(ROUNDINGS[rule.rounding])))


def interest_on_parts(rule: InterestRule, due_on: date, parts: Iterable[tuple[int, date]]) -> int:
    """What a bill due on `due_on` bore that was paid in these `parts` (whole rupiah, day): nothing on what came in time."""
    return sum(interest(rule, amount, due_on, paid_on).amount for amount, paid_on in parts)
