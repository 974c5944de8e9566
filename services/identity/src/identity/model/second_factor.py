"""What an account is opened with besides its password: an authenticator, and recovery codes for who has lost it."""

import secrets
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from identity.rules import totp
from smartcity.storage import Base, Encrypted, blind_index

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class SecondFactor(Base):
    """An authenticator: shown → confirmed by a code of its own → asked for at every sign-in, until it is taken off (and the row with it)."""

    __tablename__ = "second_factor"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(Encrypted)
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    @classmethod
    def make(cls, account_id: UUID, now: datetime) -> "SecondFactor":
        """A new one, not confirmed yet."""
        return cls(account_id=account_id, secret=totp.text_of(secrets.token_bytes(totp.SECRET_BYTES)), made_at=now)

    def accepts(self, typed: str, now: datetime) -> bool:
        """Is it a code of now that was not accepted before? The row must be locked."""
        step = totp.fitting_step(totp.secret_of(self.secret), typed, now, self.last_step)
        if step is None:
            return False
        self.last_step = step
        return True


class RecoveryCode(Base):
    """Counts once instead of the authenticator. Only a keyed hash is kept."""

    __tablename__ = "recovery_code"

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    code_index: Mapped[bytes] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


def new_recovery_code() -> str:
    """Fifty random bits that can be read out: `abcde-fghjk`."""
    letters = [secrets.choice(_LETTERS) for _ in range(10)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def recovery_index(account_id: UUID, typed: str) -> bytes:
    """How a recovery code of the account is kept and found."""
    return blind_index(f"{account_id}:{''.join(typed.replace('-', '').split()).casefold()}", "recovery-code")
