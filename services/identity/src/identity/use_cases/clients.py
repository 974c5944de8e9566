"""Which client asks, and is it that one? Basic secret, signed assertion, or (public ones) its name alone (RFC 6749 §2.3, RFC 7523)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from joserfc import jwk, jwt
from joserfc.errors import JoseError
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from identity.model.account_session import hash_of
from identity.model.client import Client, ClientKind, UsedAssertion
from identity.model.secret import matches
from identity.rules.lifetimes import ASSERTION
from identity.rules.lockout import Guarded
from identity.rules.refusal import OAuthRefused
from identity.use_cases import throttle
from identity.use_cases.authorization import find_client
from identity.use_cases.throttle import Subject

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_ALGORITHMS = ["Ed25519", "ES256", "ES384", "ES512", "PS256", "RS256"]


@dataclass(frozen=True)
class Presented:
    """What came with a request to the token endpoint. `audiences`: the names by which an assertion may call us."""

    form: Mapping[str, str] = field(repr=False)
    basic: tuple[str, str] | None = field(repr=False)
    address: str
    audiences: tuple[str, ...]


def authenticate(session: Session, presented: Presented, now: datetime) -> Client:
    """The client that asks; raises `OAuthRefused("invalid_client")`, counting the failure for the address it came from.

    Counted for the address alone: a stranger's guesses must not lock a bank out.
    """
    subject = Subject.of(Guarded.CLIENT_ADDRESS, presented.address)
    wait = throttle.wait_of(session, [subject], now)
    if wait:
        raise OAuthRefused("invalid_client", "too many failures, wait", status=429, retry_after=int(wait.total_seconds()) + 1)
    client = _by_its_method(session, presented, now)
    if client is None:
        throttle.count_failure(session, [subject], now)
        raise OAuthRefused("invalid_client", "client authentication failed", status=401, keep=True)
    return client


def _by_its_method(session: Session, presented: Presented, now: datetime) -> Client | None:
    form = presented.form
    methods = [presented.basic is not None, "client_assertion" in form, "client_secret" in form]
    if sum(methods) > 1 or "client_secret" in form:
        raise OAuthRefused("invalid_request", "use one method: HTTP Basic, a client_assertion, or (public clients) client_id")
    if presented.basic is not None:
        return _by_secret(session, *presented.basic)
    if "client_assertion" in form:
        return _by_assertion(session, presented, now)
    client = find_client(session, form.get("client_id", ""))
    return client if client is not None and client.kind is ClientKind.PUBLIC else None


def _by_secret(session: Session, client_id: str, secret: str) -> Client | None:
    """HTTP Basic. The secret is form-encoded (RFC 6749 §2.3.1), but many clients forget it: both readings count.

    An unknown client takes as long as a known one.
    """
    client = find_client(session, unquote_plus(client_id))
    known = client.secret_hash if client else None
    fits = [matches(known, reading) for reading in dict.fromkeys((unquote_plus(secret), secret))]
    return client if any(fits) else None


def _by_assertion(session: Session, presented: Presented, now: datetime) -> Client | None:
    """`private_key_jwt`: iss = sub = the client, aud = us, short-lived, counts once (OpenID Connect Core §9, RFC 7523 §3)."""
    form = presented.form
    client = find_client(session, form.get("client_id") or _claimed(form["client_assertion"]))
    if form.get("client_assertion_type") != ASSERTION_TYPE or client is None or not client.jwks:
        return None
    try:
        keys = jwk.KeySet.import_key_set(client.jwks)  # type: ignore[arg-type]
        claims = jwt.decode(form["client_assertion"], keys, algorithms=ASSERTION_ALGORITHMS).claims
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return client if _holds(claims, client, presented, now) and _first_use(session, client, claims) else None


def _claimed(assertion: str) -> str:
    """The client an assertion says it is from, not yet believed."""
    try:
        payload = assertion.split(".")[1]
        subject = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        return ""
    return subject if isinstance(subject, str) else ""


def _holds(claims: Mapping[str, Any], client: Client, presented: Presented, now: datetime) -> bool:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    expires, moment, longest = claims.get("exp"), now.timestamp(), ASSERTION.total_seconds()
    return (
        claims.get("iss") == claims.get("sub") == client.client_id
        and any(name in presented.audiences for name in named)
        and isinstance(expires, int)
        and moment < expires <= moment + longest
        and isinstance(claims.get("jti"), str)
        and not (isinstance(claims.get("nbf"), int) and claims["nbf"] > moment + 30)
    )


def _first_use(session: Session, client: Client, claims: Mapping[str, Any]) -> bool:
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    row = {"client_id": client.client_id, "jti_hash": hash_of(claims["jti"]), "expires_at": expires}
    kept = session.execute(postgresql.insert(UsedAssertion).values(**row).on_conflict_do_nothing().returning(UsedAssertion.client_id))
    return kept.one_or_none() is not None
