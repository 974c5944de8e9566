"""The ledger: double-entry, append-only. The database holds debits = credits and refuses change."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from smartcity.storage import Base, uuid7


class LedgerLine(Base):
    """One side of an entry, whole rupiah."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        sa.CheckConstraint("debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"),
        sa.Index("ix_ledger_line_account_code", "account_code", "entry_id"),
    )

    entry_id: Mapped[UUID] = mapped_column(sa.ForeignKey("ledger_entry.id"), primary_key=True, init=False)
    line: Mapped[int] = mapped_column(primary_key=True)
    account_code: Mapped[str]
    debit: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    credit: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class LedgerEntry(Base):
    """One business event in the books. `cause` is unique: nothing is posted twice. `corrects`: the entry that it puts right.

    What reports ask of revenue stands beside it: by which channel the money came, for a place in which kecamatan.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.UniqueConstraint("cause"),
        sa.Index("ix_ledger_entry_office", "office", "id"),
        sa.Index("ix_ledger_entry_at", "at"),
        sa.Index("ix_ledger_entry_books", "office", "day", "id"),
        sa.Index("ix_ledger_entry_corrects", "corrects", postgresql_where=sa.text("corrects IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    at: Mapped[datetime]
    day: Mapped[date]
    office: Mapped[str]
    cause: Mapped[str]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    corrects: Mapped[UUID | None] = mapped_column(sa.ForeignKey("ledger_entry.id"), default=None)
    lines: Mapped[list[LedgerLine]] = relationship(lazy="selectin", order_by=LedgerLine.line)
    channel: Mapped[str | None] = mapped_column(default=None)
    kecamatan_code: Mapped[str | None] = mapped_column(default=None)


class DayBalance(Base):
    """What an account of an office had in debit and credit up to the end of a sealed day, since the first; whole rupiah."""

    __tablename__ = "day_balance"

    office: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    account_code: Mapped[str] = mapped_column(primary_key=True)
    debit: Mapped[int] = mapped_column(sa.BigInteger)
    credit: Mapped[int] = mapped_column(sa.BigInteger)


Sides = Sequence[tuple[str, int]]
Origin = tuple[str | None, str | None]
"""Channel and kecamatan of the money, where it has them."""


def post(
    session: Session, entry: tuple[str, str, date, datetime], debits: Sides, credits: Sides, origin: Origin = (None, None)
) -> LedgerEntry:
    """Post `entry` (cause, office, day, moment) on (account code, whole rupiah); raises `ValueError` when the sides differ."""
    total = sum(amount for _, amount in debits)
    if total != sum(amount for _, amount in credits):
        raise ValueError("debits and credits differ")
    cause, office, day, at = entry
    sides = [(code, amount, 0) for code, amount in debits] + [(code, 0, amount) for code, amount in credits]
    lines = [LedgerLine(line=n, account_code=code, debit=debit, credit=credit) for n, (code, debit, credit) in enumerate(sides, 1)]
    channel, kecamatan_code = origin
    posted = LedgerEntry(
        at=at, day=day, office=office, cause=cause, total=total, lines=lines, channel=channel, kecamatan_code=kecamatan_code
    )
    session.add(posted)
    return posted
