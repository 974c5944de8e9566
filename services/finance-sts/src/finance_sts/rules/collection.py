"""In which order and when a late bill is collected: reminders, Surat Teguran, STRD."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from finance_sts.rules.dated import Dated


class StepKind(StrEnum):
    REMINDER = "reminder"
    WARNING_LETTER = "warning_letter"
    DEMAND = "demand"


@dataclass(frozen=True)
class CollectionRule(Dated):
    """Days from the due date (before it: negative) for each reminder, in order, and the Surat Teguran; days from that to the STRD.

    `due_rule`: by which rule the STRD falls due.
    """

    remind_days: Sequence[int]
    warn_days: int
    demand_days: int
    due_rule: str
    legal_basis: str
    source: str
    valid_from: date
    valid_to: date | None


def next_step(rule: CollectionRule, due_on: date, issued_on: date, taken: Sequence[tuple[StepKind, date]]) -> tuple[StepKind, date] | None:
    """The step that follows those `taken` (kind, day) and the day for it; `None` when all are taken.

    What was late already on the day it was issued (the rest of a bill after a relief or an objection) is collected from that day: its
    payer is told anew, in the same order, and is not warned of it on the day on which the city has given way.
    """
    reminders = sum(kind is StepKind.REMINDER for kind, _ in taken)
    warned_on = next((day for kind, day in taken if kind is StepKind.WARNING_LETTER), None)
    if warned_on is not None:
        demanded = any(kind is StepKind.DEMAND for kind, _ in taken)
        return None if demanded else (StepKind.DEMAND, warned_on + timedelta(days=rule.demand_days))
    late_from = max(due_on, issued_on)
    days = [(due_on if days < 0 else late_from) + timedelta(days=days) for days in rule.remind_days]
    coming = [day for day in days if day >= issued_on]
    if reminders < len(coming):
        return StepKind.REMINDER, coming[reminders]
    return StepKind.WARNING_LETTER, late_from + timedelta(days=rule.warn_days)
