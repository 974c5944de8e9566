"""A sign-in that lives: from the password to the last refresh. Its codes and refresh tokens are one family."""

import hashlib
import secrets
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Aggregate, Base, Encrypted, states


class SessionStatus(StrEnum):
    ACTIVE = "active"
    ENDED = "ended"


class EndReason(StrEnum):
    REVOKED_BY_OWNER = "revoked_by_owner"
    REVOKED_BY_CLIENT = "revoked_by_client"
    CODE_REPLAYED = "code_replayed"
    REFRESH_REUSED = "refresh_reused"
    ACCOUNT_NOT_ACTIVE = "account_not_active"
    PASSWORD_CHANGED = "password_changed"
    SIGNED_OUT = "signed_out"
    SECOND_FACTOR_RESET = "second_factor_reset"


class AccountSession(Aggregate):
    """One client's permission to act for one account, from one sign-in. active → ended (by its owner, its client, or misuse)."""

    __tablename__ = "account_session"
    __table_args__ = (
        sa.Index("ix_account_session_account_id_started_at_id", "account_id", "started_at", "id"),
        sa.Index("ix_account_session_client_id", "client_id"),
        sa.Index("ix_account_session_expires_at", "expires_at"),
        sa.Index("ix_account_session_ended_at", "ended_at", postgresql_where=sa.text("ended_at IS NOT NULL")),
    )

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    client_id: Mapped[str] = mapped_column(sa.ForeignKey("oauth_client.client_id"))
    scope: Mapped[str]
    started_at: Mapped[datetime]
    used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Encrypted)
    agent: Mapped[str] = mapped_column(Encrypted)
    status: Mapped[SessionStatus] = mapped_column(states(SessionStatus), default=SessionStatus.ACTIVE)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    end_reason: Mapped[EndReason | None] = mapped_column(states(EndReason, "end_reason"), default=None)

    @property
    def owner_sub(self) -> str:
        return str(self.account_id)

    def lives(self, now: datetime) -> bool:
        """May it still be used?"""
        return self.status is SessionStatus.ACTIVE and now < self.expires_at

    def end(self, reason: EndReason, now: datetime) -> None:
        """No code and no refresh token of this family counts from now on. Ending twice keeps the first reason."""
        if self.status is SessionStatus.ACTIVE:
            self.status, self.end_reason, self.ended_at = SessionStatus.ENDED, reason, now


class AuthorizationCode(Base):
    """What the browser carries from the sign-in to the client: counts once, for a minute. Only its hash is kept."""

    __tablename__ = "authorization_code"
    __table_args__ = (
        sa.Index("ix_authorization_code_session_id", "session_id"),
        sa.Index("ix_authorization_code_expires_at", "expires_at"),
    )

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account_session.id", ondelete="CASCADE"))
    redirect_uri: Mapped[str]
    challenge: Mapped[str]
    nonce: Mapped[str | None] = mapped_column(default=None)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class RefreshToken(Base):
    """Counts once and is then replaced; a second use ends its whole session (RFC 9700 §4.14). Only its hash is kept."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        sa.Index("ix_refresh_token_session_id", "session_id"),
        sa.Index("ix_refresh_token_expires_at", "expires_at"),
    )

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account_session.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


def new_opaque() -> str:
    """A secret of 256 bits that means nothing by itself."""
    return secrets.token_urlsafe(32)


def hash_of(opaque: str) -> bytes:
    """How an opaque secret is kept: 256 random bits need no slow hash."""
    return hashlib.sha256(opaque.encode("utf-8", "surrogateescape")).digest()
