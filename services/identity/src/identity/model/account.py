"""An account: who a token can speak for."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from identity.model.secret import matches
from identity.rules.claims import Bearer
from smartcity.storage import Aggregate, Encrypted, blind_index, states


class AccountStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Account(Aggregate):
    """A person or a partner. Its id is the `sub` of every token. active ⇄ suspended; either → closed."""

    __tablename__ = "account"

    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str | None] = mapped_column(default=None)
    display_name: Mapped[str] = mapped_column(Encrypted)
    roles: Mapped[list[str]] = mapped_column(JSONB)
    office: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[AccountStatus] = mapped_column(states(AccountStatus), default=AccountStatus.ACTIVE)
    made_at: Mapped[datetime]
    nik: Mapped[str | None] = mapped_column(Encrypted, default=None)
    nik_index: Mapped[bytes | None] = mapped_column(unique=True, default=None)
    email: Mapped[str | None] = mapped_column(Encrypted, default=None)
    email_index: Mapped[bytes | None] = mapped_column(unique=True, default=None)
    phone: Mapped[str | None] = mapped_column(Encrypted, default=None)

    @property
    def owner_sub(self) -> str:
        return str(self.id)

    @property
    def sub(self) -> str:
        return str(self.id)

    @property
    def own(self) -> tuple[str, ...]:
        """What makes a bad password of its owner's."""
        known = (self.nik, self.display_name, self.phone, self.email, (self.email or "").partition("@")[0], self.login)
        return tuple(text for text in known if text)

    @property
    def is_active(self) -> bool:
        return self.status is AccountStatus.ACTIVE

    def close(self) -> None:
        """Nobody signs in to it again; its NIK and address may be those of another account. The NIK itself stays with it, for who asks who had used it."""
        self.status = AccountStatus.CLOSED
        self.password_hash = self.nik_index = self.email_index = None

    def bearer(self, client_id: str, scope: str, sid: UUID | None = None, companies: tuple[tuple[str, str], ...] = ()) -> Bearer:
        """What a token for this account says today."""
        return Bearer(self.id, tuple(self.roles), self.office, client_id, scope, sid, companies)


def nik_index(nik: str) -> bytes:
    """How a second registration of the same NIK is recognised."""
    return blind_index(nik, "account-nik")


def email_index(email: str) -> bytes:
    """How the account of an e-mail address is found."""
    return blind_index(email, "account-email")


def opened(account: Account | None, password: str) -> Account | None:
    """The account, if it is active and `password` is its own. As slow for no account as for one."""
    fits = matches(account.password_hash if account else None, password)
    return account if fits and account is not None and account.is_active else None
