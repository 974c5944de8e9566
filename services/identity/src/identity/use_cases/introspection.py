"""What a token is worth now (RFC 7662), told to a confidential client: what a resource server cannot see in the token alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_session import AccountSession, RefreshToken, hash_of
from identity.model.client import Client, ClientKind
from identity.rules.refusal import OAuthRefused

INACTIVE: Mapping[str, Any] = {"active": False}
_TOLD = ("scope", "client_id", "exp", "iat", "sub", "aud", "iss", "jti", "roles", "office", "acting_for", "companies")


def must_be_confidential(client: Client) -> None:
    """Raises `OAuthRefused`: a public client proves nothing, so it learns nothing (RFC 7662 §2.1)."""
    if client.kind is not ClientKind.CONFIDENTIAL:
        raise OAuthRefused("invalid_client", "only for confidential clients", status=401)


def of_access_token(session: Session, claims: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """Of a token of ours whose signature and dates hold: does its session live, and is its account active?"""
    account = session.get(Account, UUID(claims["sub"]))
    began = session.get(AccountSession, UUID(claims["sid"])) if "sid" in claims else None
    if account is None or not account.is_active or ("sid" in claims and (began is None or not began.lives(now))):
        return INACTIVE
    return {"active": True, "token_type": "Bearer", **{name: claims[name] for name in _TOLD if name in claims}}


def of_refresh_token(session: Session, client: Client, token: str, now: datetime) -> Mapping[str, Any]:
    """Of a refresh token, to the client it was given to alone."""
    found = session.get(RefreshToken, hash_of(token))
    family = session.get(AccountSession, found.session_id) if found is not None and found.used_at is None else None
    if found is None or family is None or family.client_id != client.client_id or not family.lives(now):
        return INACTIVE
    account = session.get(Account, family.account_id)
    if account is None or not account.is_active:
        return INACTIVE
    expires = int(found.expires_at.timestamp())
    return {"active": True, "scope": family.scope, "client_id": family.client_id, "sub": str(family.account_id), "exp": expires}
