"""A client: a program that asks for tokens, for a person or for a partner's own account."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from identity.rules.redirects import is_allowed
from identity.rules.refusal import OAuthRefused
from smartcity.storage import Base, states


class GrantType(StrEnum):
    """The ways to a token that we know (RFC 6749)."""

    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"
    CLIENT_CREDENTIALS = "client_credentials"


class ClientKind(StrEnum):
    PUBLIC = "public"
    CONFIDENTIAL = "confidential"


class Client(Base):
    """A registered client. A public one keeps no secret; a confidential one has a secret, or publishes keys, or both."""

    __tablename__ = "oauth_client"
    __table_args__ = (sa.Index("ix_oauth_client_account_id", "account_id"),)

    client_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[ClientKind] = mapped_column(states(ClientKind, "kind"))
    grants: Mapped[list[str]] = mapped_column(JSONB)
    scopes: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    redirect_uris: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    post_logout_redirect_uris: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    secret_hash: Mapped[str | None] = mapped_column(default=None)
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    account_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("account.id"), default=None)

    def must_have(self, grant: GrantType) -> None:
        """Raises `OAuthRefused("unauthorized_client")` unless the client was registered for this way to a token."""
        if grant not in self.grants:
            raise OAuthRefused("unauthorized_client", "the client is not registered for this grant")

    def may_be_sent_to(self, uri: str) -> bool:
        """Is `uri` one of the client's own addresses?"""
        return is_allowed(uri, self.redirect_uris)


class UsedAssertion(Base):
    """A client's signed assertion counts once (RFC 7523 §3, `jti`)."""

    __tablename__ = "used_assertion"
    __table_args__ = (sa.Index("ix_used_assertion_expires_at", "expires_at"),)

    client_id: Mapped[str] = mapped_column(sa.ForeignKey("oauth_client.client_id"), primary_key=True)
    jti_hash: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]
