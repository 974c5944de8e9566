"""Closed days are sealed one after the other, by due work: no payment waits for the chain."""

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.cash_day import CashDay, sealed_before
from finance_sts.model.ledger import LedgerEntry
from finance_sts.model.ledger_queries import keep_balances
from finance_sts.rules import seals
from smartcity.storage import get

SEAL = "seal_day"
BATCH = 500


def seal_day(session: Session, subject: str, now: datetime) -> None:
    """Due work: seal the closed day, and first those of its office before it that are not; keep each account's balance at its end."""
    last = get(session, CashDay, UUID(subject))
    waiting = sa.select(CashDay).where(CashDay.office == last.office, CashDay.day <= last.day, CashDay.seal.is_(None))
    for day in session.scalars(waiting.order_by(CashDay.day).with_for_update().execution_options(populate_existing=True)).all():
        before = sealed_before(session, day.office, day.day)
        previous, after = (before.seal or seals.FIRST, before.day) if before else (seals.FIRST, date.min)
        seal, entries = seals.seal_of(previous, day.office, day.day, _entries(session, day.office, after, day.day))
        day.keep_seal(previous, seal, entries, now)
        keep_balances(session, day.office, after, day.day)
        session.flush()


def _entries(session: Session, office: str, after: date, until: date) -> Iterator[seals.SealedEntry]:
    """What was booked after the sealed day before, in the order of the books."""
    query = sa.select(LedgerEntry).where(LedgerEntry.office == office, LedgerEntry.day > after, LedgerEntry.day <= until)
    ordered = query.order_by(LedgerEntry.day, LedgerEntry.id).execution_options(yield_per=BATCH, populate_existing=True)
    for entry in session.scalars(ordered):
        lines = [(line.line, line.account_code, line.debit, line.credit) for line in entry.lines]
        yield seals.SealedEntry(entry.id, entry.at, entry.day, entry.cause, entry.total, entry.corrects, lines)


def broken_seals(session: Session) -> Iterator[str]:
    """The first wrong day of each office whose books were changed behind the back of the chain."""
    for office in session.scalars(sa.select(CashDay.office).distinct().order_by(CashDay.office)).all():
        if (day := first_broken(session, office)) is not None:
            yield f"the books of {office} are not those that were sealed on {day}"


def first_broken(session: Session, office: str) -> date | None:
    """Recompute the office's chain: the first day that is not what was sealed, `None` where all are."""
    previous, after = seals.FIRST, date.min
    days = sa.select(CashDay.day, CashDay.previous, CashDay.seal, CashDay.entries).where(
        CashDay.office == office, CashDay.seal.is_not(None)
    )
    for row in session.execute(days.order_by(CashDay.day)).all():
        found = seals.seal_of(previous, office, row.day, _entries(session, office, after, row.day))
        if (row.previous, row.seal, row.entries) != (previous, *found):
            return row.day
        previous, after = row.seal, row.day
    return None
