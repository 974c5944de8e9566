"""Objection (keberatan) against a bill: until when it may be filed and is to be decided, and what a refund bears then; UU 28/2009 Pasal 162-164."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from finance_sts.rules.dated import Dated
from finance_sts.rules.interest import started_months
from smartcity.calendar import add_months


@dataclass(frozen=True)
class ObjectionRule(Dated):
    """Filed within `file_months` of the bill, decided within `decide_months` of the filing, else granted as asked.

    What was paid too much bears `percent_per_month` for at most `cap_months` months.
    """

    file_months: int
    decide_months: int
    percent_per_month: Decimal
    cap_months: int
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None

    def file_by(self, issued_on: date) -> date:
        """The last day on which a bill of `issued_on` may be objected to (Pasal 162(3))."""
        return add_months(issued_on, self.file_months)

    def decide_by(self, filed_on: date) -> date:
        """The last day for the decision; with the day after it the objection is granted (Pasal 163(1) and (3))."""
        return add_months(filed_on, self.decide_months)


@dataclass(frozen=True)
class Reward:
    """What money that goes back bears (imbalan bunga): for how many months, whole rupiah."""

    months: int
    amount: int


def reward(rule: ObjectionRule, principal: int, paid_on: date, assessed_on: date) -> Reward:
    """Interest on what was paid too much on `paid_on`, up to the SKRDLB of `assessed_on` (Pasal 164).

    A started month counts in full, as when the payer is late; rounded down to the rupiah once. Raises `ValueError` for a negative principal.
    """
    if principal < 0:
        raise ValueError("nobody is owed less than nothing")
    months = min(started_months(paid_on, assessed_on), rule.cap_months)
    share = principal * rule.percent_per_month * months / 100
    return Reward(months, int(share.to_integral_value(ROUND_DOWN)))
