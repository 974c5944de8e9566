"""Access tokens: `at+jwt` (RFC 9068), signed by a key of the issuer's JWKS. Checked by the gateway and again by every service."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from joserfc import jwk, jws, jwt
from joserfc.errors import JoseError

from smartcity import clock
from smartcity.errors import Refusal
from smartcity.http import issuer
from smartcity.http.revoked import Revoked
from smartcity.observability import log

SIGNED_BY: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType({
    ("OKP", "Ed25519"): ("Ed25519", "EdDSA"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("RSA", ""): ("RS256", "PS256"),
})  # fmt: skip
"""By kind of key and curve, what it signs with: never `none`, never a shared secret, and no key by another's way (RFC 8725 §3.1)."""
ALGORITHMS = [name for names in SIGNED_BY.values() for name in names]
LEEWAY = 30
NEVER = float("-inf")
LIVES_AT_MOST = 600
"""Seconds an access token of ours lives: what says it lives longer is looked at again after so long."""
CACHED_TOKENS = 10_000
ACTING_ROLES = ("owner", "staff")
"""In a company: who may act for it. A role that is not known here acts for nobody."""


class BadToken(Exception):
    """The token is not one of ours, or no longer. The message names the reason, never the token."""


class IssuerAway(Refusal):
    """No key of the issuer was ever read: nobody can say yet whether the token is one of ours: 503."""

    status = 503

    def __init__(self) -> None:
        super().__init__("unavailable")


@dataclass(frozen=True)
class Actor:
    """Who acts: a person or a partner, by the token."""

    sub: str
    roles: frozenset[str] = field(default_factory=frozenset)
    office: str | None = None
    client: str | None = None
    companies: frozenset[str] = field(default_factory=frozenset)
    """The `sub` of each company the person acts for."""
    acting_for: frozenset[str] = field(default_factory=frozenset)
    """The `sub` of each officer whose deputy the actor is today: their roles are in `roles`, what they own stays theirs."""

    def owns(self, owner_sub: str | None) -> bool:
        """Is what `owner_sub` owns the actor's own, or of a company they act for?"""
        return owner_sub == self.sub or owner_sub in self.companies

    @property
    def subs(self) -> tuple[str, ...]:
        """Whose things are the actor's: their own `sub` first, then the companies'."""
        return (self.sub, *sorted(self.companies))

    @property
    def acts_as(self) -> frozenset[str]:
        """Everybody whose act it is when the actor acts: separation of duties compares these sets (`smartcity.duties`)."""
        return self.acting_for | {self.sub}

    def has_part_in(self, parties: frozenset[str]) -> bool:
        """Is the actor one of `parties`, or somebody's deputy or a company's person who is?"""
        return bool(parties & (self.acts_as | self.companies))

    def has(self, role: str) -> bool:
        return role in self.roles

    @property
    def known(self) -> bool:
        return bool(self.sub)


ANYONE = Actor(sub="")


def fetch_jwks(url: str) -> dict[str, Any]:
    """The issuer's published keys. Raises `OSError` and `ValueError`."""
    found: dict[str, Any] = issuer.read(url, 1_000_000)
    return found


def signed_by(key: Any) -> tuple[str, ...]:
    """The algorithms that fit the key; the one alone that it was published for, if it was."""
    fitting = SIGNED_BY.get((key.key_type, getattr(key, "curve_name", "")), ())
    return tuple(name for name in fitting if key.alg in (None, name))


def readable_keys(published: Any) -> list[Any]:
    """The keys of a JWKS that can sign; one that cannot be read is left out and said, whatever else is published stays good (RFC 7517 §5).

    Raises `TypeError` or `KeyError` for what is no JWKS at all.
    """
    found = []
    for row in published["keys"]:
        try:
            if not isinstance(row, dict):
                raise TypeError("no object")
            key = jwk.import_key(row)
            signs = row.get("use", "sig") == "sig" and signed_by(key)
        except (JoseError, ValueError, KeyError, TypeError, UnsupportedAlgorithm) as error:
            log.warning("a key of an issuer cannot be read", error=error)
            continue
        if signs:
            found.append(key)
    return found


class Keys:
    """The issuer's public keys, asked again for an unknown `kid` (at most every 5 s) and every 5 minutes.

    With the issuer away the last known keys serve.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]]) -> None:
        self._fetch = fetch
        self._published: Mapping[str, Any] | None = None
        self._keys: dict[str, Any] = {}
        self._asked = self._tried = NEVER
        self._lock = threading.Lock()

    @property
    def known(self) -> Mapping[str, Any]:
        """All of them by `kid`; the same object for as long as the issuer publishes the same."""
        return self._keys

    def find(self, kid: str) -> Any:
        """The key `kid`; raises `BadToken` where the issuer has none, and `IssuerAway` where it never said."""
        age = time.monotonic() - self._asked
        if age > 300 or (kid not in self._keys and age > 5):
            self._refresh()
        try:
            return self._keys[kid]
        except KeyError:
            if self._asked == NEVER:
                raise IssuerAway from None
            raise BadToken("unknown kid") from None

    def _refresh(self) -> None:
        with self._lock:
            if time.monotonic() - self._tried < 1:  # whoever waited for the lock waits for no second try of an issuer that hangs
                return
            try:
                published = self._fetch()
                if published != self._published:
                    self._keys = {key.kid: key for key in readable_keys(published) if key.kid}
                    self._published = published
            except (OSError, ValueError, KeyError, TypeError):
                if not self._keys:
                    return
            finally:
                self._tried = time.monotonic()
            self._asked = self._tried


@dataclass(frozen=True, slots=True)
class Known:
    """A token that holds: what it says and for whom it speaks; not checked again until `until` (seconds of the real clock) under the same `keys`."""

    until: float
    keys: Mapping[str, Any]
    claims: dict[str, Any]
    actor: Actor


class Verifier:
    """Checks access tokens of one issuer for one audience, each once until it ends or the issuer's keys change; whether it was revoked, every time."""

    def __init__(self, issuer: str, audience: str, keys: Keys, revoked: Revoked | None = None) -> None:
        self.issuer, self.audience, self.keys, self.revoked = issuer, audience, keys, revoked or Revoked()
        self._seen: OrderedDict[bytes, Known] = OrderedDict()
        self._lock = threading.Lock()

    def claims(self, token: str) -> dict[str, Any]:
        """The token's claims; raises `BadToken` and `IssuerAway`."""
        return self._current(token).claims

    def actor(self, token: str) -> Actor:
        """Who the token speaks for; raises `BadToken` and `IssuerAway`."""
        return self._current(token).actor

    def _current(self, token: str) -> Known:
        known = self.known(token)
        if self.revoked.covers(known.claims):
            raise BadToken("revoked")
        return known

    def known(self, token: str) -> Known:
        """All that is known of the token, by one look, revoked or not; raises `BadToken` and `IssuerAway`."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        now = clock.real_now().timestamp()
        known, keys = self._seen.get(digest), self.keys.known
        if known and known.until > now and known.keys is keys:
            return known
        claims = self._verified(token)
        self._check(claims, now)
        known = Known(min(now + LIVES_AT_MOST, claims["exp"]), keys, claims, _actor(claims))
        with self._lock:
            self._seen[digest] = known
            while len(self._seen) > CACHED_TOKENS:
                self._seen.popitem(last=False)
        return known

    def _verified(self, token: str) -> dict[str, Any]:
        try:
            header = jws.extract_compact(token.encode("ascii")).headers()
            if str(header.get("typ", "")).lower() not in ("at+jwt", "application/at+jwt"):
                raise BadToken("typ is not at+jwt")
            if not isinstance(header.get("kid"), str) or header.get("alg") not in ALGORITHMS:
                raise BadToken("kid or alg is missing or not allowed")
            key = self.keys.find(header["kid"])
            if header["alg"] not in (fitting := signed_by(key)):
                raise BadToken("alg is not the key's")
            return dict(jwt.decode(token, key, algorithms=list(fitting)).claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise BadToken(f"not verifiable: {type(error).__name__}") from None

    def _check(self, claims: Mapping[str, Any], now: float) -> None:
        audience = claims.get("aud")
        if claims.get("iss") != self.issuer:
            raise BadToken("other issuer")
        if self.audience not in (audience if isinstance(audience, list) else [audience]):
            raise BadToken("other audience")
        if not _number(claims.get("exp")) or claims["exp"] <= now:
            raise BadToken("expired")
        if any(name in claims and (not _number(claims[name]) or claims[name] > now + LEEWAY) for name in ("nbf", "iat")):
            raise BadToken("not valid yet")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise BadToken("no sub")


def _actor(claims: Mapping[str, Any]) -> Actor:
    office = claims.get("office")
    return Actor(
        sub=claims["sub"],
        roles=_words(claims.get("roles")),
        office=office if isinstance(office, str) else None,
        client=claims.get("client_id") if isinstance(claims.get("client_id"), str) else None,
        companies=_acted_for(claims.get("companies")),
        acting_for=_words(claims.get("acting_for")) - {claims["sub"]},
    )


def _words(value: Any) -> frozenset[str]:
    """A claim that is a list of texts; another issuer may leave it out or mean something else by it."""
    return frozenset(word for word in value if isinstance(word, str) and word) if isinstance(value, list) else frozenset()


def _acted_for(companies: Any) -> frozenset[str]:
    named = [row for row in companies if isinstance(row, dict)] if isinstance(companies, list) else []
    return frozenset(row["sub"] for row in named if isinstance(row.get("sub"), str) and row["sub"] and row.get("role") in ACTING_ROLES)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
