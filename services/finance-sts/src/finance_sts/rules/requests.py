"""Until when a request of a payer (relief, exemption, instalments) is answered."""

from dataclasses import dataclass
from datetime import date

from finance_sts.rules.dated import Dated
from smartcity.calendar import add_working_days


@dataclass(frozen=True)
class RequestRule(Dated):
    """Answered within `working_days` of the day on which it was asked."""

    working_days: int
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None

    def decide_by(self, asked_on: date) -> date:
        """The last day for the answer."""
        return add_working_days(asked_on, self.working_days)
