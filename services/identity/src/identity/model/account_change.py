"""What was changed of how an account is opened: kept, and shown to its owner."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity import context
from smartcity.storage import Base, Encrypted, states, uuid7


class Change(StrEnum):
    REGISTERED = "registered"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODE_USED = "recovery_code_used"
    LINKED = "linked"
    SECOND_FACTOR_RESET = "second_factor_reset"
    CLOSED = "closed"


class AccountChange(Base):
    """One change, from where and when (real time). `by_sub`: who made it, where that is not its owner. Append-only."""

    __tablename__ = "account_change"
    __table_args__ = (sa.Index("ix_account_change_account_id", "account_id", "at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    at: Mapped[datetime]
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    change: Mapped[Change] = mapped_column(states(Change, "change"))
    address: Mapped[str] = mapped_column(Encrypted)
    request_id: Mapped[str]
    by_sub: Mapped[str | None] = mapped_column(default=None)

    @property
    def by(self) -> str:
        """`owner` or `administrator`."""
        return "administrator" if self.by_sub else "owner"


def changed(account_id: UUID, change: Change, address: str, now: datetime, by_sub: str | None = None) -> AccountChange:
    """The row of a change made by the request in hand."""
    request_id = context.current().request_id
    return AccountChange(at=now, account_id=account_id, change=change, address=address, request_id=request_id, by_sub=by_sub)


def changes_of(account_id: UUID) -> sa.Select[AccountChange]:
    """Every change of the account."""
    return sa.select(AccountChange).where(AccountChange.account_id == account_id)
