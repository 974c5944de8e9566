"""What a token says. Never a NIK; a name only in what userinfo answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from identity.rules.lifetimes import ACCESS_TOKEN


@dataclass(frozen=True)
class Bearer:
    """Who a token speaks for, to whom it was given, for what, the session it belongs to (a program's own has none),
    and the companies the person acts for: `(sub, role)` of each."""

    sub: UUID
    roles: tuple[str, ...]
    office: str | None
    client_id: str
    scope: str
    sid: UUID | None = None
    companies: tuple[tuple[str, str], ...] = ()
    acting_for: tuple[UUID, ...] = ()
    """The officers whose deputy the bearer is today; `roles` has theirs too."""


@dataclass(frozen=True)
class Issuer:
    """The two addresses every token names: who says it, and for whom."""

    issuer: str
    audience: str


def access_claims(issuer: Issuer, bearer: Bearer, jti: UUID, now: datetime) -> dict[str, Any]:
    """Claims of an access token, RFC 9068 §2.2: roles, office, `acting_for` of a deputy, `sid`, the session with which it ends, and opaque `companies`; `now` is real time."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer.issuer, "aud": issuer.audience, "sub": str(bearer.sub), "client_id": bearer.client_id, "scope": bearer.scope,
        "roles": list(bearer.roles), "iat": issued, "exp": issued + int(ACCESS_TOKEN.total_seconds()), "jti": str(jti),
    }  # fmt: skip
    companies = [{"sub": sub, "role": role} for sub, role in bearer.companies]
    optional = {
        "office": bearer.office,
        "sid": str(bearer.sid) if bearer.sid else None,
        "acting_for": [str(sub) for sub in bearer.acting_for],
        "companies": companies,
    }
    return claims | {name: value for name, value in optional.items() if value}


def id_claims(issuer: Issuer, bearer: Bearer, auth_time: datetime, nonce: str | None, now: datetime) -> dict[str, Any]:
    """Claims of an id_token, OpenID Connect Core §2: for the client, about the sign-in; `sid` names the session that it can end."""
    issued = int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer.issuer, "aud": bearer.client_id, "sub": str(bearer.sub), "auth_time": int(auth_time.timestamp()),
        "iat": issued, "exp": issued + int(ACCESS_TOKEN.total_seconds()),
    }  # fmt: skip
    optional = {"nonce": nonce, "sid": str(bearer.sid) if bearer.sid else None}
    return claims | {name: value for name, value in optional.items() if value is not None}
