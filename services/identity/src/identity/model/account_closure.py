"""Closing somebody else's account: asked for at the office, decided by a second person; and for whom the NIK that it had is kept."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Encrypted, states

NIK_KEPT = timedelta(days=30)
"""So long nobody but who showed the KTP opens an account with the NIK: whoever had it knows it, and would be first again."""


class ClosureReason(StrEnum):
    """Somebody else opened it with this person's NIK; they opened it themselves and have lost its e-mail address; they have died."""

    OPENED_BY_ANOTHER = "opened_by_another"
    ADDRESS_LOST = "address_lost"
    DIED = "died"


class ClosureStatus(StrEnum):
    ASKED = "asked"
    CLOSED = "closed"
    REFUSED = "refused"


class AccountClosure(Aggregate):
    """One wish to close one account. asked → closed | refused. `email`: of who showed the KTP, if they want an account of their own."""

    __tablename__ = "account_closure"
    __table_args__ = (
        sa.CheckConstraint("(status = 'asked') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by_sub IS NULL)", name="decided"),
        sa.Index("ix_account_closure_account_id", "account_id"),
        sa.Index("ix_account_closure_nik_index", "nik_index"),
        sa.Index("ix_account_closure_asked", "asked_at", "id", postgresql_where=sa.text("status = 'asked'")),
        sa.Index("ix_account_closure_with_address", "decided_at", postgresql_where=sa.text("email_index IS NOT NULL")),
        sa.Index("uq_account_closure_open", "account_id", unique=True, postgresql_where=sa.text("status = 'asked'")),
    )

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[ClosureReason] = mapped_column(states(ClosureReason, "reason"))
    nik_index: Mapped[bytes]
    asked_at: Mapped[datetime]
    asked_by_sub: Mapped[str]
    email: Mapped[str | None] = mapped_column(Encrypted, default=None)
    email_index: Mapped[bytes | None] = mapped_column(default=None)
    status: Mapped[ClosureStatus] = mapped_column(states(ClosureStatus), default=ClosureStatus.ASKED)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_sub: Mapped[str | None] = mapped_column(default=None)

    @property
    def owner_sub(self) -> str:
        return str(self.account_id)

    def decide(self, outcome: ClosureStatus, by: str, now: datetime) -> None:
        """Once; raises `RuleBroken` when it was."""
        if self.status is not ClosureStatus.ASKED:
            raise RuleBroken("closure-decided", status=str(self.status))
        self.status, self.decided_by_sub, self.decided_at = outcome, by, now


def waiting() -> sa.Select[AccountClosure]:
    """Those nobody has decided."""
    return sa.select(AccountClosure).where(AccountClosure.status == ClosureStatus.ASKED)


def addresses_done_with(now: datetime) -> sa.Update:
    """Forgets the address of each that was decided so long ago that its NIK is kept no more. By the table itself: it tells nothing."""
    table: Any = AccountClosure.__table__
    old = table.c.email_index.is_not(None), table.c.decided_at < now - NIK_KEPT
    return sa.update(table).where(*old).values(email=None, email_index=None)


def kept_from(nik: bytes, email: bytes, now: datetime) -> sa.Select[bool]:
    """Is the NIK kept for somebody else than who reads this address? Both by their indexes."""
    closed = sa.select(AccountClosure.id).where(AccountClosure.nik_index == nik, AccountClosure.status == ClosureStatus.CLOSED)
    recent = closed.where(AccountClosure.decided_at > now - NIK_KEPT, AccountClosure.email_index != email)
    return sa.select(recent.exists())
