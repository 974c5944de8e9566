"""Tokens that are none (OWASP API2): every way in which one is wrong, by the name of what is wrong with it."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

from joserfc import jwk, jwt

from smartcity.testing.tokens import Issuer

INTRUDER = "00000000-0000-7000-8000-000000000000"


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _claims(issuer: Issuer) -> dict[str, Any]:
    return {"iss": issuer.issuer, "aud": issuer.audience, "sub": INTRUDER, "roles": ["admin"], "exp": int(time.time()) + 600}


def _signed(issuer: Issuer, without: str = "", **header: Any) -> str:
    claims = {name: value for name, value in _claims(issuer).items() if name != without}
    return jwt.encode({**_header(issuer), **header}, claims, issuer.key, algorithms=["Ed25519"])


def _header(issuer: Issuer, alg: str = "Ed25519") -> dict[str, Any]:
    return {"alg": alg, "typ": "at+jwt", "kid": issuer.kid}


def _another(issuer: Issuer) -> Issuer:
    """Says of itself what `issuer` does, and signs with a key of its own under the same name."""
    return Issuer(issuer.issuer, issuer.audience, issuer.kid)


def _with_the_public_key(issuer: Issuer) -> str:
    secret = jwk.OctKey.import_key(json.dumps(issuer.jwks()["keys"][0]).encode())
    return jwt.encode(_header(issuer, "HS256"), _claims(issuer), secret, algorithms=["HS256"])


BAD_TOKENS: dict[str, Callable[[Issuer], str]] = {
    "expired": lambda issuer: issuer.token(INTRUDER, "admin", exp=int(time.time()) - 1),
    "without an end": lambda issuer: _signed(issuer, without="exp"),
    "of the future": lambda issuer: issuer.token(INTRUDER, "admin", nbf=int(time.time()) + 3600),
    "issued in the future": lambda issuer: issuer.token(INTRUDER, "admin", iat=int(time.time()) + 3600),
    "for another audience": lambda issuer: issuer.token(INTRUDER, "admin", aud="https://other.test"),
    "without an audience": lambda issuer: _signed(issuer, without="aud"),
    "of another issuer": lambda issuer: issuer.token(INTRUDER, "admin", iss="https://other.test"),
    "of an unknown key": lambda issuer: _signed(issuer, kid="unknown"),
    "signed with another key": lambda issuer: _another(issuer).token(INTRUDER, "admin"),
    "with alg none": lambda issuer: f"{_part(_header(issuer, 'none'))}.{_part(_claims(issuer))}.",
    "HS256 with the public key": _with_the_public_key,
    "with a jku": lambda issuer: _signed(_another(issuer), jku="http://127.0.0.1:1/jwks"),
    "that is an id token": lambda issuer: _signed(issuer, typ="JWT"),
}
