"""Until when the money of a day must be in the city's account: PP 12/2019 Pasal 137(1)-(2)."""

from dataclasses import dataclass
from datetime import date, timedelta

from finance_sts.rules.dated import Dated

EVERY_OFFICE = "*"


@dataclass(frozen=True)
class DepositRule(Dated):
    """`days` calendar days after the day of the receipts; of one office (a Perkada for a remote place) or of `*`, every office."""

    office: str
    days: int
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None = None

    def holds_for(self, office: str, day: date) -> bool:
        """Is this the office's rule on `day`?"""
        return self.office in (office, EVERY_OFFICE) and self.holds_on(day)

    def deposit_by(self, day: date) -> date:
        """The last day on which what came in on `day` is deposited in time."""
        return day + timedelta(days=self.days)
