"""When a bank is asked again what became of a payment: soon at first, then ever more seldom, and not for ever."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from finance_sts.rules.dated import Dated


@dataclass(frozen=True)
class QuestionRule(Dated):
    """The first question after `first_minutes`, each gap twice the one before and at most `longest_hours`.

    After `unknown_after_hours` without an answer it counts as unknown; after `give_up_days` the bank's statement has told.
    """

    first_minutes: int
    longest_hours: int
    unknown_after_hours: int
    give_up_days: int
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None

    def unknown_since(self, now: datetime) -> datetime:
        """What was first heard of at this moment or before, and is still asked for at `now`, is unknown."""
        return now - timedelta(hours=self.unknown_after_hours)


def next_question(rule: QuestionRule, since: datetime, asked: int, now: datetime) -> datetime | None:
    """When it is asked for after `asked` questions; `None` when it is given up."""
    if now - since >= timedelta(days=rule.give_up_days):
        return None
    doublings = min(asked, 20)
    return now + min(timedelta(minutes=rule.first_minutes) * 2**doublings, timedelta(hours=rule.longest_hours))
