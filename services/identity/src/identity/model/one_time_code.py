"""A one-time code: proves that whoever types it reads the messages of an address (NIST SP 800-63B §5.1.3)."""

import hmac
import secrets
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from identity.rules.lifetimes import ONE_TIME_CODE
from smartcity.storage import Base, Encrypted, blind_index, states, uuid7

DIGITS, MOST_TRIES = 6, 5


class Purpose(StrEnum):
    REGISTRATION = "registration"
    PASSWORD_RESET = "password_reset"


class OneTimeCode(Base):
    """Counts once, for a quarter of an hour, and five tries at most. Only a keyed hash of it is kept, bound to its own row."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        sa.CheckConstraint("tries >= 0", name="tries"),
        sa.Index("ix_one_time_code_account_id", "account_id"),
        sa.Index("ix_one_time_code_expires_at", "expires_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    purpose: Mapped[Purpose] = mapped_column(states(Purpose, "purpose"))
    code_index: Mapped[bytes] = mapped_column(init=False)
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"), default=None)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(default=None)

    @classmethod
    def make(cls, purpose: Purpose, now: datetime, account_id: UUID | None = None) -> tuple["OneTimeCode", str]:
        """A new code and what to type; real time."""
        typed = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        made = cls(purpose=purpose, account_id=account_id, made_at=now, expires_at=now + ONE_TIME_CODE)
        made.code_index = made._index(typed)
        return made, typed

    def withhold(self) -> None:
        """Nobody was told it: whoever types it has guessed."""
        self.tries = MOST_TRIES

    def give_back(self) -> None:
        """It was the code, and what came with it was refused: it may come again."""
        self.tries, self.used_at = self.tries - 1, None

    def accepts(self, typed: str, now: datetime) -> bool:
        """Is it the code, in time, not used, not guessed at too often? Every call is a try; the row must be locked."""
        if self.used_at is not None or now >= self.expires_at or self.tries >= MOST_TRIES:
            return False
        self.tries += 1
        if not hmac.compare_digest(self._index(typed), self.code_index):
            return False
        self.used_at = now
        return True

    def _index(self, typed: str) -> bytes:
        return blind_index(f"{self.id}:{''.join(typed.split())}", "one-time-code")


class Registration(Base):
    """What somebody who wants an account has filled in, until the code confirms it or both are erased."""

    __tablename__ = "registration"

    code_id: Mapped[UUID] = mapped_column(sa.ForeignKey("one_time_code.id", ondelete="CASCADE"), primary_key=True)
    nik: Mapped[str] = mapped_column(Encrypted)
    name: Mapped[str] = mapped_column(Encrypted)
    phone: Mapped[str] = mapped_column(Encrypted)
    email: Mapped[str] = mapped_column(Encrypted)
    password_hash: Mapped[str]
    language: Mapped[str]
