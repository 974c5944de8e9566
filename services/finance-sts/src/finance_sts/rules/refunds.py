"""What was paid too much: until when it is decided, assessed and paid; UU 28/2009 Pasal 165."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance_sts.rules.dated import Dated
from smartcity.calendar import add_months


@dataclass(frozen=True)
class RefundRule(Dated):
    """Decided within `decide_months` of the request, else deemed granted and assessed within `assess_months`; paid `pay_months` after its SKRDLB.

    What is paid later bears `percent_per_month`, for at most `cap_months` months; without end where there is none.
    """

    decide_months: int
    assess_months: int
    pay_months: int
    percent_per_month: Decimal
    cap_months: int | None
    rounding: str
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None

    def decide_by(self, asked_on: date) -> date:
        """The last day for the decision; with the day after it the refund is deemed granted (Pasal 165(3) and (4))."""
        return add_months(asked_on, self.decide_months)

    def assess_by(self, decide_by: date) -> date:
        """The last day for the SKRDLB of what is deemed granted (Pasal 165(4))."""
        return add_months(decide_by, self.assess_months)

    def pay_by(self, assessed_on: date) -> date:
        """The last day on which what was assessed is paid without interest (Pasal 165(6) and (7))."""
        return add_months(assessed_on, self.pay_months)
