"""Objection (keberatan) against a bill: until when it may be filed and is to be decided, and what a refund bears then; UU 28/2009 Pasal 162-164."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance_sts.rules.dated import Dated
from smartcity.calendar import add_months


@dataclass(frozen=True)
class ObjectionRule(Dated):
    """Filed within `file_months` of the bill, decided within `decide_months` of the filing, else granted as asked.

    What was paid too much bears `percent_per_month` from its payment to its SKRDLB, for at most `cap_months` months (Pasal 164).
    """

    file_months: int
    decide_months: int
    percent_per_month: Decimal
    cap_months: int
    rounding: str
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
