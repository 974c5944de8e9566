"""A program signs its person out (OpenID Connect RP-Initiated Logout 1.0). There is no cookie of ours to forget: the session of the id_token ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from joserfc import jwk, jwt
from joserfc.errors import JoseError
from sqlalchemy.orm import Session

from identity.model.account_session import AccountSession, EndReason
from identity.model.client import Client
from identity.model.signing_key import ALGORITHM, SigningKey
from identity.rules.redirects import with_answer
from identity.rules.refusal import OAuthRefused
from identity.use_cases.authorization import find_client


@dataclass(frozen=True)
class SignedOut:
    """Where the browser goes (`None`: it stays, and reads that it is done), and whether a session was named."""

    address: str | None
    named: bool


def sign_out(session: Session, issuer: str, params: Mapping[str, str], now: datetime) -> SignedOut:
    """End the session that `id_token_hint` names; it may have expired. Raises `OAuthRefused` for a hint that is not ours and an address not registered."""
    hint = _hint(session, issuer, params["id_token_hint"]) if "id_token_hint" in params else None
    client = _client(session, params, hint)
    address = _address(client, params)
    if hint is not None:
        found = session.get(AccountSession, UUID(str(hint["sid"])), with_for_update=True) if "sid" in hint else None
        if found is not None and client is not None and found.client_id == client.client_id:
            found.end(EndReason.SIGNED_OUT, now)
    return SignedOut(address, hint is not None)


def _hint(session: Session, issuer: str, text: str) -> Mapping[str, Any]:
    """The claims of an id_token of ours, however old."""
    try:
        keys = jwk.KeySet([jwk.OKPKey.import_key(key) for key in session.scalars(sa.select(SigningKey.public))])
        token = jwt.decode(text, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError, TypeError, KeyError):
        raise OAuthRefused("invalid_request", "id_token_hint is not one of ours") from None
    if token.header.get("typ") != "JWT" or token.claims.get("iss") != issuer:
        raise OAuthRefused("invalid_request", "id_token_hint is not one of ours")
    return token.claims


def _client(session: Session, params: Mapping[str, str], hint: Mapping[str, Any] | None) -> Client | None:
    asked = params.get("client_id")
    if hint is not None and asked not in (None, hint.get("aud")):
        raise OAuthRefused("invalid_request", "client_id is not the one of the id_token_hint")
    named = asked or (str(hint.get("aud")) if hint is not None else "")
    return find_client(session, named)


def _address(client: Client | None, params: Mapping[str, str]) -> str | None:
    asked = params.get("post_logout_redirect_uri")
    if asked is None:
        return None
    if client is None or asked not in client.post_logout_redirect_uris:
        raise OAuthRefused("invalid_request", "the post_logout_redirect_uri is not one of the client's")
    return with_answer(asked, {"state": params["state"]}) if "state" in params else asked
