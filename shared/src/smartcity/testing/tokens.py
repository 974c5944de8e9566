"""Tokens of a test issuer: real signatures, checked by the real verifier."""

import time
from typing import Any

from joserfc import jwk, jwt

from smartcity.http.auth import Keys, Verifier
from smartcity.http.revoked import Revoked

ISSUER = AUDIENCE = "http://127.0.0.1:8080"


ENDED = "00000000-0000-7000-8000-0000000000ed"
"""A session that has ended; every verifier of a test issuer has it on its list."""


class Issuer:
    """Signs access tokens with `key`, or with one of its own that it calls `kid`."""

    def __init__(self, issuer: str = ISSUER, audience: str = AUDIENCE, kid: str = "test", key: jwk.OKPKey | None = None) -> None:
        self.issuer, self.audience, self.kid = issuer, audience, kid
        self.key = key or jwk.OKPKey.generate_key("Ed25519", {"kid": kid, "use": "sig"}, auto_kid=False)

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def verifier(self) -> Verifier:
        revoked = Revoked(lambda: [ENDED])
        revoked.ask()
        return Verifier(self.issuer, self.audience, Keys(self.jwks), revoked)

    def token(self, sub: str, *roles: str, office: str | None = None, **claims: Any) -> str:
        """An access token as identity would give it; `claims` override."""
        now = int(time.time())
        body = {
            "iss": self.issuer, "aud": self.audience, "sub": sub, "roles": list(roles), "client_id": "test", "iat": now, "exp": now + 600,
            **({"office": office} if office else {}), **claims,
        }  # fmt: skip
        return jwt.encode({"alg": "Ed25519", "typ": "at+jwt", "kid": self.kid}, body, self.key, algorithms=["Ed25519"])
