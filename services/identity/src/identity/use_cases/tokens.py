"""What the token endpoint does: redeem a code, refresh, speak for a partner's own account, revoke. Times are real time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_session import AccountSession, AuthorizationCode, EndReason, RefreshToken, hash_of, new_opaque
from identity.model.client import Client, GrantType
from identity.model.signing_key import SigningKey
from identity.rules import lifetimes, pkce
from identity.rules.claims import Bearer, Issuer, access_claims, id_claims
from identity.rules.refusal import OAuthRefused
from identity.rules.scopes import granted, holds
from identity.use_cases.companies import acted_for
from identity.use_cases.deputies import in_office
from identity.use_cases.keys import signing_key
from smartcity.storage import get, uuid7

Answer = dict[str, Any]
Kept = TypeVar("Kept", AuthorizationCode, RefreshToken)


def exchange(session: Session, issuer: Issuer, client: Client, form: Mapping[str, str], now: datetime) -> Answer:
    """The tokens for what an authenticated client presents; raises `OAuthRefused`, keeping what must stay."""
    grants = {
        GrantType.AUTHORIZATION_CODE: redeem_code,
        GrantType.REFRESH_TOKEN: refresh,
        GrantType.CLIENT_CREDENTIALS: speak_for_own_account,
    }
    asked = form.get("grant_type", "")
    if asked not in grants:
        raise OAuthRefused("unsupported_grant_type" if asked else "invalid_request", "grant_type must be one of: " + ", ".join(grants))
    grant = GrantType(asked)
    client.must_have(grant)
    with session.no_autoflush:  # nothing that is read on the way is changed on it: what changed is written once, at the end
        return grants[grant](session, issuer, client, form, now)


def redeem_code(session: Session, issuer: Issuer, client: Client, form: Mapping[str, str], now: datetime) -> Answer:
    """RFC 6749 §4.1.3 with RFC 7636. A code that comes again ends the session it began, and with it every token of it."""
    found = _of_client(session, client, AuthorizationCode, AuthorizationCode.code_hash == hash_of(form.get("code", "")))
    if found is None:
        raise OAuthRefused("invalid_grant", "the code is not known")
    code, began = found
    if code.used_at is not None:
        began.end(EndReason.CODE_REPLAYED, now)
        raise OAuthRefused("invalid_grant", "the code was used before", keep=True)
    code.used_at = now
    if code.expires_at <= now or not began.lives(now):
        raise OAuthRefused("invalid_grant", "the code has expired")
    if form.get("redirect_uri") != code.redirect_uri:
        raise OAuthRefused("invalid_grant", "redirect_uri is not the one of the request", keep=True)
    if not pkce.proves(form.get("code_verifier", ""), code.challenge):
        raise OAuthRefused("invalid_grant", "code_verifier does not prove the challenge", keep=True)
    return _answer_session(session, issuer, began, now, nonce=code.nonce)


def refresh(session: Session, issuer: Issuer, client: Client, form: Mapping[str, str], now: datetime) -> Answer:
    """RFC 6749 §6 with rotation. A refresh token that comes again ends its session: one of the two was a thief (RFC 9700 §4.14)."""
    found = _of_client(session, client, RefreshToken, RefreshToken.token_hash == hash_of(form.get("refresh_token", "")))
    if found is None:
        raise OAuthRefused("invalid_grant", "the refresh token is not known")
    token, family = found
    if token.used_at is not None:
        family.end(EndReason.REFRESH_REUSED, now)
        raise OAuthRefused("invalid_grant", "the refresh token was used before", keep=True)
    if not family.lives(now):
        raise OAuthRefused("invalid_grant", "the session has ended")
    if granted(form.get("scope", ""), family.scope.split(" ")) not in ("", family.scope):
        raise OAuthRefused("invalid_scope", "ask for the scope of the session, or for none")
    token.used_at = now
    return _answer_session(session, issuer, family, now)


def speak_for_own_account(session: Session, issuer: Issuer, client: Client, form: Mapping[str, str], now: datetime) -> Answer:
    """RFC 6749 §4.4: a bank's or agency's program gets the `sub` and roles of the partner's account."""
    account = session.get(Account, client.account_id) if client.account_id else None
    if account is None or not account.is_active:
        raise OAuthRefused("unauthorized_client", "the client has no active account of its own")
    scope = granted(form.get("scope", ""), client.scopes)
    return _access(signing_key(session, now), issuer, account.bearer(client.client_id, scope), now)


def revoke(session: Session, client: Client, token: str, now: datetime) -> None:
    """RFC 7009: the session of a refresh token of this client ends. An unknown token is no error."""
    if found := session.get(RefreshToken, hash_of(token)):
        _end(session, client, found.session_id, now)


def revoke_access(session: Session, client: Client, claims: Mapping[str, Any], now: datetime) -> None:
    """RFC 7009: the session of an access token of this client ends, and every token of it. Raises `OAuthRefused` for a program's, which has none."""
    if "sid" not in claims:
        raise OAuthRefused("unsupported_token_type", "a token without a session ends by itself")
    _end(session, client, UUID(claims["sid"]), now)


def _end(session: Session, client: Client, session_id: UUID, now: datetime) -> None:
    family = get(session, AccountSession, session_id, lock=True)
    if family.client_id == client.client_id:
        family.end(EndReason.REVOKED_BY_CLIENT, now)


def _of_client(session: Session, client: Client, kind: type[Kept], known: sa.ColumnElement[bool]) -> sa.Row[Kept, AccountSession] | None:
    """A code or refresh token that was given to this client, and the session it belongs to, both locked."""
    pair = sa.select(kind, AccountSession).join(AccountSession, AccountSession.id == kind.session_id)
    locked = pair.where(known, AccountSession.client_id == client.client_id).with_for_update()
    return session.execute(locked, execution_options={"populate_existing": True}).one_or_none()


def _answer_session(session: Session, issuer: Issuer, family: AccountSession, now: datetime, nonce: str | None = None) -> Answer:
    account = get(session, Account, family.account_id)
    if not account.is_active:
        family.end(EndReason.ACCOUNT_NOT_ACTIVE, now)
        raise OAuthRefused("invalid_grant", "the account is not active", keep=True)
    family.used_at = now
    own = account.bearer(family.client_id, family.scope, family.id, acted_for(session, account.id))
    bearer = in_office(session, account, own)
    key = signing_key(session, now)
    answer = _access(key, issuer, bearer, now)
    if holds(family.scope, "openid"):
        answer["id_token"] = key.sign(id_claims(issuer, bearer, family.started_at, nonce, now), "JWT")
    if holds(family.scope, "offline_access"):
        answer["refresh_token"] = _next_refresh_token(session, family)
    return answer


def _access(key: SigningKey, issuer: Issuer, bearer: Bearer, now: datetime) -> Answer:
    token = key.sign(access_claims(issuer, bearer, uuid7(), now), "at+jwt")
    seconds = int(lifetimes.ACCESS_TOKEN.total_seconds())
    return {"access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": bearer.scope}


def _next_refresh_token(session: Session, family: AccountSession) -> str:
    token = new_opaque()
    session.add(RefreshToken(token_hash=hash_of(token), session_id=family.id, expires_at=family.expires_at))
    return token
