"""Another issuer, as its client: OpenID Connect Core §3.1 with PKCE and nonce. Nothing here touches the database: no lock waits for the issuer."""

import base64
import binascii
import json
import secrets
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from identity.rules.pkce import challenge_of
from identity.rules.redirects import with_answer
from smartcity.http.auth import ALGORITHMS, readable_keys
from smartcity.settings import Settings, SettingsError

CLAIMS = ("nik", "email")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PATIENCE, LARGEST, LEEWAY = 5, 1_000_000, 30


class NotSignedIn(Exception):
    """The other issuer did not sign the person in, or says so in a way that does not hold. The message is for the log: never what was said."""


@dataclass(frozen=True)
class Journey:
    """What must come back from the issuer as it went: kept by the browser, sealed."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> "Journey":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(frozen=True)
class OtherIssuer:
    """The settings that make us its client. `claim`: by what it is known whom of ours a person is, `nik` or a verified `email`."""

    issuer: str
    client_id: str
    callback: str
    name: str
    claim: str
    scope: str
    secret: str = field(default="", repr=False)
    key: Any = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        parts = urlsplit(self.issuer)
        return f"{parts.scheme}://{parts.netloc}"

    def address(self, journey: Journey) -> str:
        """Where the browser goes to sign in there. Raises `NotSignedIn` where the issuer is away."""
        asked = {
            "response_type": "code", "client_id": self.client_id, "redirect_uri": self.callback, "scope": self.scope, "state": journey.state,
            "nonce": journey.nonce, "code_challenge": challenge_of(journey.verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        return with_answer(self._discovered()["authorization_endpoint"], asked)

    def person(self, journey: Journey, answer: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
        """The checked claims of whoever comes back with `answer`. Raises `NotSignedIn`."""
        if not secrets.compare_digest(answer.get("state", "").encode(), journey.state.encode()):
            raise NotSignedIn("state")
        if answer.get("iss", self.issuer) != self.issuer:  # RFC 9207
            raise NotSignedIn("iss of the answer")
        if "code" not in answer:
            raise NotSignedIn("no code")
        found = self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": self.callback,
            "code_verifier": journey.verifier,
        }
        tokens = self._post(found["token_endpoint"], form, now)
        claims = self._checked(tokens.get("id_token"), _get(found["jwks_uri"]), journey, now)
        if self.claim in claims or "userinfo_endpoint" not in found:
            return claims
        more = _get(found["userinfo_endpoint"], {"Authorization": f"Bearer {tokens.get('access_token')}"})
        if more.get("sub") != claims["sub"]:  # OpenID Connect Core §5.3.2
            raise NotSignedIn("userinfo of somebody else")
        return {**more, **claims}

    def _discovered(self) -> Mapping[str, Any]:
        found = _get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise NotSignedIn("discovery of another issuer")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not isinstance(found.get(name), str) or urlsplit(found[name]).scheme != urlsplit(self.issuer).scheme:
                raise NotSignedIn(f"discovery without {name}")
        return found

    def _post(self, url: str, form: dict[str, str], now: datetime) -> Mapping[str, Any]:
        """The token endpoint, authenticated by our key (RFC 7523) or our secret."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.key is not None:
            form |= {"client_id": self.client_id, "client_assertion_type": ASSERTION_TYPE, "client_assertion": self._assertion(url, now)}
        else:
            pair = f"{quote(self.client_id, safe='')}:{quote(self.secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return _json(urllib.request.Request(url, urlencode(form).encode(), headers))

    def _assertion(self, url: str, now: datetime) -> str:
        moment = int(now.timestamp())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": url,
            "iat": moment,
            "exp": moment + 60,
            "jti": secrets.token_urlsafe(16),
        }
        header = {"alg": "ES512", "typ": "JWT", **({"kid": self.key.kid} if self.key.kid else {})}
        return jwt.encode(header, claims, self.key, algorithms=["ES512"])

    def _checked(self, token: Any, jwks: Mapping[str, Any], journey: Journey, now: datetime) -> Mapping[str, Any]:
        """The claims of the id_token: signature, issuer, audience, dates, nonce (OpenID Connect Core §3.1.3.7)."""
        try:
            claims = jwt.decode(str(token), jwk.KeySet(readable_keys(jwks)), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            raise NotSignedIn("id_token") from None
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        expires, moment = claims.get("exp"), now.timestamp()
        holds = {
            "iss": claims.get("iss") == self.issuer,
            "aud": self.client_id in named and claims.get("azp", self.client_id) == self.client_id,
            "exp": isinstance(expires, int) and expires > moment - LEEWAY,
            "iat": isinstance(claims.get("iat"), int) and claims["iat"] < moment + LEEWAY,
            "nonce": claims.get("nonce") == journey.nonce,
            "sub": isinstance(claims.get("sub"), str) and claims["sub"] != "",
        }
        if not all(holds.values()):
            raise NotSignedIn(next(name for name, held in holds.items() if not held) + " of the id_token")
        return claims


class _Stay(urllib.request.HTTPRedirectHandler):
    """An issuer's endpoint does not send us elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_Stay)


def _get(url: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    return _json(urllib.request.Request(url, headers={"Accept": "application/json", **(headers or {})}))


def _json(asked: urllib.request.Request) -> Mapping[str, Any]:
    try:
        with _OPENER.open(asked, timeout=PATIENCE) as answer:
            found = json.loads(answer.read(LARGEST))
    except (OSError, ValueError, RecursionError) as error:
        raise NotSignedIn(f"{type(error).__name__} of {asked.host}") from None
    if not isinstance(found, dict):
        raise NotSignedIn("an answer that is no object")
    return found


_named: dict[str, OtherIssuer] = {}


def configure(config: Settings) -> None:
    """Read `FEDERATION_…`; opens nothing. Raises `SettingsError` naming what is malformed."""
    _named.clear()
    url, extra = config.extra["FEDERATION_ISSUER"], config.extra
    if not url:
        return
    if urlsplit(url).scheme != "https" and (config.environment == "production" or urlsplit(url).scheme != "http"):
        raise SettingsError("FEDERATION_ISSUER must start with https://")
    if not extra["FEDERATION_CLIENT_ID"] or not (extra["FEDERATION_SECRET"] or extra["FEDERATION_KEY"]):
        raise SettingsError("FEDERATION_CLIENT_ID and FEDERATION_SECRET or FEDERATION_KEY must be set")
    claim = extra["FEDERATION_CLAIM"] or CLAIMS[0]
    if claim not in CLAIMS:
        raise SettingsError(f"FEDERATION_CLAIM must be one of {', '.join(CLAIMS)}")
    _named["one"] = OtherIssuer(
        url, extra["FEDERATION_CLIENT_ID"], f"{config.issuer_url.rstrip('/')}/oauth/federation/callback",
        extra["FEDERATION_NAME"] or str(urlsplit(url).hostname), claim, extra["FEDERATION_SCOPE"] or "openid", extra["FEDERATION_SECRET"],
        _key(extra["FEDERATION_KEY"]) if extra["FEDERATION_KEY"] else None,
    )  # fmt: skip


def _key(text: str) -> Any:
    try:
        return jwk.ECKey.import_key(json.loads(base64.b64decode(text, validate=True)))
    except (JoseError, ValueError, TypeError, KeyError, binascii.Error):
        raise SettingsError("FEDERATION_KEY is not the base64 of a private JWK on P-521") from None


def other_issuer() -> OtherIssuer | None:
    """The other issuer, if the settings name one."""
    return _named.get("one")
