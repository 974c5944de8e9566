"""What was booked wrongly is put right by a new entry on an open day, by two people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.correction import Correction, CorrectionLine
from finance_sts.model.ledger import LedgerEntry
from finance_sts.use_cases import tables
from finance_sts.use_cases.cash_days import cash_day
from smartcity import duties
from smartcity.errors import InputWrong
from smartcity.http import Actor

PROPOSE = "propose_correction"


@dataclass(frozen=True)
class Side:
    """A line as it is proposed: on one side only, whole rupiah."""

    account_code: str
    debit: int = 0
    credit: int = 0


def propose(
    session: Session, actor: Actor, corrects: UUID, reason_code: str, sides: list[Side], now: datetime
) -> Correction:  # fmt: skip
    """Propose an entry that puts `corrects` of the actor's office right. Raises `InputWrong` by field."""
    entry = session.get(LedgerEntry, corrects)
    if entry is None or entry.office != actor.office:
        raise InputWrong({"corrects": ["entry-unknown"]})
    _must_be_bookable(sides)
    lines = [CorrectionLine(line=n, account_code=one.account_code, debit=one.debit, credit=one.credit) for n, one in enumerate(sides, 1)]
    correction = Correction(
        office=entry.office, corrects=entry.id, reason_code=tables.must_be_reason("entry_corrected", reason_code), proposed_by=actor.sub,
        proposed_at=now, lines=lines,
    )  # fmt: skip
    session.add(correction)
    duties.done(session, actor, correction.id, PROPOSE, now)
    return correction


def _must_be_bookable(sides: list[Side]) -> None:
    """Cash in hand is what was counted: only a payment or a deposit moves it."""
    wrong: dict[int, Any] = {}
    for at, side in enumerate(sides):
        if side.account_code not in tables.accounts():
            wrong[at] = {"account_code": ["account-unknown"]}
        elif side.account_code == tables.account_of("treasurer_cash"):
            wrong[at] = {"account_code": ["cash-not-correctable"]}
        elif (side.debit == 0) == (side.credit == 0):
            wrong[at] = {"debit": ["one-side-only"]}
    if wrong:
        raise InputWrong({"lines": wrong})
    if sum(side.debit for side in sides) != sum(side.credit for side in sides):
        raise InputWrong({"lines": ["debits-and-credits-differ"]})


def approve(session: Session, correction: Correction, actor: Actor, now: datetime) -> Correction:
    """Another person agrees: the entry is posted on the open day, with what it corrects."""
    _must_be_another(session, correction, actor)
    debits = [(line.account_code, line.debit) for line in correction.lines if line.debit]
    credits = [(line.account_code, line.credit) for line in correction.lines if line.credit]
    books = (f"correction:{correction.id}", correction.office, cash_day(session, correction.office, now), now)
    entry = ledger.post(session, books, debits, credits)
    entry.corrects = correction.corrects
    session.flush()  # the entry must be there before the correction points at it
    correction.decide(actor.sub, entry.id, now)
    return correction


def reject(session: Session, correction: Correction, actor: Actor, now: datetime) -> Correction:
    """Another person does not agree: nothing is posted."""
    _must_be_another(session, correction, actor)
    correction.decide(actor.sub, None, now)
    return correction


def _must_be_another(session: Session, correction: Correction, actor: Actor) -> None:
    correction.must_be_proposed()
    duties.must_be_another(session, actor, correction.id, PROPOSE, code="same-person-twice")
