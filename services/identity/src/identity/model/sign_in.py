"""Every try to sign in, kept; and the count that slows down whoever guesses."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from identity.rules.lockout import Guarded
from smartcity.storage import Base, Encrypted, states, uuid7


class Outcome(StrEnum):
    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    LOCKED = "locked"
    SECOND_FACTOR_ASKED = "second_factor_asked"
    SECOND_FACTOR_REFUSED = "second_factor_refused"


class SignIn(Base):
    """One try. The typed name is kept as a keyed hash only: people type passwords into that field. Append-only."""

    __tablename__ = "sign_in"
    __table_args__ = (sa.Index("ix_sign_in_account_id_at_id", "account_id", "at", "id"), sa.Index("ix_sign_in_at", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    at: Mapped[datetime]
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"))
    login_index: Mapped[bytes]
    client_id: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(states(Outcome, "outcome"))
    address: Mapped[str] = mapped_column(Encrypted)
    request_id: Mapped[str]


def sign_ins_of(account_id: UUID) -> sa.Select[SignIn]:
    """Every try to sign in to the account that is still kept."""
    return sa.select(SignIn).where(SignIn.account_id == account_id)


class Throttle(Base):
    """Failures of one name or one address, since when they ease, and until when it must wait."""

    __tablename__ = "throttle"
    __table_args__ = (sa.Index("ix_throttle_failed_at", "failed_at"),)

    guarded: Mapped[Guarded] = mapped_column(states(Guarded, "guarded"), primary_key=True)
    subject: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime]
    wait_until: Mapped[datetime]
