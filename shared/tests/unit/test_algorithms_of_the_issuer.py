"""Any issuer may take identity's place: what it signs with is bound to its key, and one key that cannot be read spoils no other."""

import time
from functools import partial
from itertools import count
from typing import Any

import pytest
from joserfc import jwk, jwt

from smartcity.http.auth import ALGORITHMS, BadToken, Keys, Verifier, readable_keys
from smartcity.testing.tokens import AUDIENCE, ISSUER

ED25519, RSA = jwk.OKPKey.generate_key("Ed25519"), jwk.RSAKey.generate_key(2048)
P256, P384, P521 = (jwk.ECKey.generate_key(curve) for curve in ("P-256", "P-384", "P-521"))
KEYS = {"Ed25519": ED25519, "EdDSA": ED25519, "ES256": P256, "ES384": P384, "ES512": P521, "RS256": RSA, "PS256": RSA}
UNREADABLE = [
    "text", None, {"kid": "two"}, {"kty": "new", "kid": "two"}, {"kty": ["EC"], "kid": "two"}, {"kty": "EC", "crv": "P-999", "x": "a", "y": "b"},
    {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "kid": "two"}, {"kty": "RSA", "n": "AQAB", "e": "AQAB"}, {"kty": "OKP", "crv": "Ed25519"},
    {**ED25519.as_dict(private=False), "kid": ["two"]},
]  # fmt: skip
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")


def token(alg: str, key: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "siti", "iat": now, "exp": now + 60}
    return jwt.encode({"alg": alg, "typ": "at+jwt", "kid": "one"}, claims, key, algorithms=[alg])


def verifier(*rows: Any) -> Verifier:
    return Verifier(ISSUER, AUDIENCE, Keys(lambda: {"keys": list(rows)}))


def published(key: Any, **more: Any) -> dict[str, Any]:
    return {**key.as_dict(private=key.key_type == "oct"), "kid": "one", **more}


@pytest.mark.parametrize("alg", KEYS)
def test_an_issuer_may_sign_with_whatever_fits_its_key(alg: str) -> None:
    assert set(KEYS) == set(ALGORITHMS)
    assert verifier(published(KEYS[alg])).actor(token(alg, KEYS[alg])).sub == "siti"
    assert verifier(published(KEYS[alg], alg=alg, use="sig")).actor(token(alg, KEYS[alg])).sub == "siti"


@pytest.mark.filterwarnings("ignore")
def test_no_other_algorithm_is_taken_whatever_is_published() -> None:
    secret, ed448, k256 = jwk.OctKey.generate_key(256), jwk.OKPKey.generate_key("Ed448"), jwk.ECKey.generate_key("secp256k1")
    for alg, key in {"RS512": RSA, "HS256": secret, "none": None, "Ed448": ed448, "EdDSA": ed448, "ES256K": k256}.items():
        for row in ([published(key)] if key else []) + [published(RSA)]:
            with pytest.raises(BadToken):
                verifier({**row, "kid": "one"}).claims(token(alg, key))


def test_an_algorithm_that_does_not_fit_the_key_is_refused() -> None:
    for alg, key in KEYS.items():
        for other in (ED25519, P256, P384, P521, RSA):
            if key is not other:
                with pytest.raises(BadToken, match="alg is not the key's"):
                    verifier(published(other)).claims(token(alg, key))
    with pytest.raises(BadToken, match="alg is not the key's"):
        verifier(published(RSA, alg="PS256")).claims(token("RS256", RSA))


@pytest.mark.parametrize("row", UNREADABLE, ids=str)
def test_a_key_that_cannot_be_read_is_left_out_and_said(row: Any, logged: Any) -> None:
    assert verifier(row, published(P521)).actor(token("ES512", P521)).sub == "siti"
    assert [line["event"] for line in logged] == ["a key of an issuer cannot be read"]


def test_a_key_for_encryption_signs_nothing_and_is_passed_over_in_silence(logged: Any) -> None:
    assert readable_keys({"keys": [published(RSA, use="enc", alg="RSA-OAEP")]}) == []
    assert logged == []
    with pytest.raises(BadToken, match="unknown kid"):
        verifier(published(RSA, use="enc")).claims(token("RS256", RSA))


def test_what_is_no_set_of_keys_leaves_the_last_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, times = iter([{"keys": [published(P256)]}, {"keys": None}, [], {}]), count(100, 301)
    keys = Keys(lambda: next(answers))
    for _ in range(4):
        moment = next(times)
        monkeypatch.setattr("smartcity.http.auth.time.monotonic", partial(float, moment))
        assert keys.find("one").curve_name == "P-256"
    assert list(answers) == []
