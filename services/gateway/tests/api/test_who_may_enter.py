"""Tokens, the list of revoked ones, and how often anybody may ask."""

import base64
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwk, jwt

from smartcity.testing.tokens import Issuer

MATRIX: dict[str, Callable[[Issuer], str]] = {
    "expired": lambda issuer: issuer.token("budi", "citizen", exp=int(time.time()) - 1),
    "of the future": lambda issuer: issuer.token("budi", "citizen", nbf=int(time.time()) + 3600),
    "issued in the future": lambda issuer: issuer.token("budi", "citizen", iat=int(time.time()) + 3600),
    "for another audience": lambda issuer: issuer.token("budi", "citizen", aud="https://other.test"),
    "without an audience": lambda issuer: issuer.token("budi", "citizen", aud=None),
    "of another issuer": lambda issuer: issuer.token("budi", "citizen", iss="https://other.test"),
    "without an end": lambda issuer: issuer.token("budi", "citizen", exp=None),
    "with an end in words": lambda issuer: issuer.token("budi", "citizen", exp="tomorrow"),
    "without a sub": lambda issuer: issuer.token("", "citizen"),
    "signed with another key": lambda _: Issuer().token("budi", "admin"),
    "alg none": lambda issuer: unsigned(issuer, {"alg": "none", "typ": "at+jwt", "kid": "test"}),
    "alg None": lambda issuer: unsigned(issuer, {"alg": "None", "typ": "at+jwt", "kid": "test"}),
    "HS256 with the public key": lambda issuer: with_the_public_key(issuer),
    "of an unknown key": lambda issuer: signed(issuer, {"alg": "Ed25519", "typ": "at+jwt", "kid": "unknown"}),
    "without a key's name": lambda issuer: signed(issuer, {"alg": "Ed25519", "typ": "at+jwt"}),
    "an id token": lambda issuer: signed(issuer, {"alg": "Ed25519", "typ": "JWT", "kid": "test"}),
    "with a key of its own": lambda _: self_signed(),
    "of three words": lambda _: "a.b.c",
    "empty": lambda _: "",
    "not ASCII": lambda _: "é.é.é",
    "cut": lambda issuer: issuer.token("budi")[:-4],
    "with one letter changed": lambda issuer: changed(issuer.token("budi", "citizen")),
}


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def claims(issuer: Issuer) -> dict[str, Any]:
    return {"iss": issuer.issuer, "aud": issuer.audience, "sub": "budi", "roles": ["admin"], "exp": int(time.time()) + 600}


def unsigned(issuer: Issuer, header: dict[str, str]) -> str:
    return f"{part(header)}.{part(claims(issuer))}."


def signed(issuer: Issuer, header: dict[str, str]) -> str:
    return jwt.encode(header, claims(issuer), issuer.key, algorithms=["Ed25519"])


def with_the_public_key(issuer: Issuer) -> str:
    secret = jwk.OctKey.import_key(json.dumps(issuer.jwks()["keys"][0]).encode())
    return jwt.encode({"alg": "HS256", "typ": "at+jwt", "kid": "test"}, claims(issuer), secret, algorithms=["HS256"])


def self_signed() -> str:
    mine = Issuer()
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "mine", "jwk": mine.key.as_dict(private=False), "jku": "http://127.0.0.1:1/jwks"}
    return jwt.encode(header, claims(mine), mine.key, algorithms=["Ed25519"])


def changed(token: str) -> str:
    head, body, signature = token.split(".")
    return f"{head}.{body[:-2]}{'A' if body[-2] != 'A' else 'B'}{body[-1]}.{signature}"


@pytest.mark.parametrize("make", MATRIX.values(), ids=MATRIX)
def test_a_bad_token_is_401_and_reaches_no_service(door: Any, upstreams: Any, issuer: Issuer, make: Callable[[Issuer], str]) -> None:
    said = door.ask("/v1/permits/1", Authorization=b"Bearer " + make(issuer).encode("latin-1"))
    assert said.status == 401 and said.json["type"] == "/problems/token-not-valid"
    assert said.headers["WWW-Authenticate"].startswith("Bearer") and not upstreams["licensing"].heard


def test_a_partners_own_token_is_judged_at_the_partners_own_door(door: Any, upstreams: Any) -> None:
    own = "Bearer snap.a-bank.of-its-own"
    assert door.ask("/v1/bills", Authorization=own).status == 401
    assert door.ask("/snap/v1.0/access-token/b2b", "POST", **{"X-CLIENT-KEY": "MEDANDEMO"}).status == 200
    assert door.ask("/snap/v1.0/transfer-va/payment", "POST", Authorization=own).status == 200
    asked, paid = upstreams["finance-sts"].heard
    assert (asked.one("x-client-key"), paid.one("authorization")) == ("MEDANDEMO", own)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_good_token_passes_as_it_is(door: Any, upstreams: Any, issuer: Issuer, scheme: str) -> None:
    token = issuer.token("budi", "citizen")
    assert door.ask("/v1/permits/1", Authorization=f"{scheme} {token}").status == 200
    assert upstreams["licensing"].heard[0].one("authorization") == f"{scheme} {token}"


def test_without_a_token_the_service_decides(door: Any, upstreams: Any) -> None:
    assert door.ask("/v1/permits/1").status == 200 and upstreams["licensing"].heard[0].one("authorization") is None


def test_a_clients_own_password_is_not_the_gateways_business(door: Any, upstreams: Any) -> None:
    assert door.ask("/oauth/token", "POST", Authorization="Basic YTpi").status == 200
    assert upstreams["identity"].heard[-1].one("authorization") == "Basic YTpi"


def test_no_token_is_ever_logged(door: Any, issuer: Issuer) -> None:
    token = issuer.token("budi", "citizen")
    door.ask("/v1/permits/1271010101900001?q=rahasia", Authorization=f"Bearer {token}")
    door.ask("/v1/permits/1", Authorization=f"Bearer {token}x")
    said = door.log.read_text()
    assert token not in said and "1271010101900001" not in said and "rahasia" not in said and '"route": "/v1/permits"' in said


def test_with_the_issuer_away_the_last_known_keys_serve(a_door: Any, upstreams: Any, issuer: Issuer) -> None:
    door = a_door()
    assert door.ask("/v1/permits/1", Authorization=f"Bearer {issuer.token('budi')}").status == 200
    upstreams["identity"].scripts["/jwks"] = lambda handler: handler.say(500, b"{}")
    assert door.ask("/v1/permits/1", Authorization=f"Bearer {issuer.token('siti')}").status == 200


def test_with_an_issuer_that_never_answered_a_token_is_503_until_it_does_and_others_are_served(
    a_door: Any, upstreams: Any, issuer: Issuer
) -> None:
    served = upstreams["identity"].scripts.pop("/jwks")
    upstreams["identity"].scripts["/jwks"] = lambda handler: handler.say(500, b"{}")
    door, token = a_door(), f"Bearer {issuer.token('budi')}"
    said = door.ask("/v1/permits/1", Authorization=token)
    assert (said.status, said.json["type"], said.headers["Retry-After"]) == (503, "/problems/unavailable", "2")
    assert not upstreams["licensing"].heard and said.headers["WWW-Authenticate"] is None
    assert door.ask("/v1/permits/1").status == 200
    assert door.ask("/v1/permits/1", Authorization="Bearer a.b.c").status == 401
    assert door.ask("/snap/v1.0/transfer-va/payment", "POST", Authorization=token).status == 200, "the service judges it"
    upstreams["identity"].scripts["/jwks"] = served
    door.until(lambda: door.ask("/v1/permits/1", Authorization=token).status == 200)


def test_a_list_of_the_revoked_that_never_ends_is_given_up_and_asked_again(a_door: Any, upstreams: Any, issuer: Issuer) -> None:
    """Each part of it would come in time: only the whole does not."""
    identity, over = upstreams["identity"], threading.Event()

    def drip(handler: Any) -> None:
        handler.begin_events()
        while not over.wait(0.2):
            handler.wfile.write(b" ")

    lists = [drip, lambda handler: handler.say(200, b'{"revoked": ["j1"]}')]
    identity.scripts["/oauth/revoked"] = lambda handler: lists[min(len(revoked_lists(identity)), 2) - 1](handler)
    door = a_door(REVOKED_URL=f"http://127.0.0.1:{identity.port}/oauth/revoked")
    token = f"Bearer {issuer.token('budi', jti='j1')}"
    try:
        door.until(lambda: door.ask("/v1/permits/1", Authorization=token).status == 401)
    finally:
        over.set()


def revoked_lists(identity: Any) -> list[Any]:
    return [heard for heard in identity.heard if heard.target == "/oauth/revoked"]


def test_a_revoked_token_and_every_token_of_a_revoked_session_are_refused(a_door: Any, upstreams: Any, issuer: Issuer) -> None:
    identity, revoked = upstreams["identity"], list[str]()
    identity.scripts["/oauth/revoked"] = lambda handler: handler.say(200, json.dumps({"revoked": revoked}).encode())
    door = a_door(REVOKED_URL=f"http://127.0.0.1:{identity.port}/oauth/revoked")
    good = {
        "one": issuer.token("budi", jti="j1", sid="s1"),
        "other": issuer.token("budi", jti="j2", sid="s2"),
        "third": issuer.token("siti", jti="j3"),
    }
    ask = lambda: [door.ask("/v1/permits/1", Authorization=f"Bearer {token}").status for token in good.values()]
    assert ask() == [200, 200, 200]
    revoked.extend(["j1", "s2"])
    for _ in range(100):
        if ask() == [401, 401, 200]:
            break
        time.sleep(0.05)
    assert ask() == [401, 401, 200]
    identity.scripts["/oauth/revoked"] = lambda handler: handler.say(500, b"")
    asked = len(revoked_lists(identity))
    while len(revoked_lists(identity)) < asked + 2:
        time.sleep(0.05)
    assert ask() == [401, 401, 200], "with the issuer away the last known list serves"


def left(said: Any) -> tuple[str, int]:
    policy, _, rest = said.headers["RateLimit"].partition(";r=")
    return policy, int(rest.partition(";")[0])


@pytest.fixture
def early_in_a_minute() -> None:
    """A test that counts does not run over the turn of a minute."""
    if time.time() % 60 > 40:
        time.sleep(60 - time.time() % 60)


@pytest.mark.usefixtures("early_in_a_minute")
def test_each_account_and_each_address_has_its_own_quota(a_door: Any, upstreams: Any, issuer: Issuer) -> None:
    door = a_door(LIMITS_PER_MINUTE="api=5,anonymous=3")
    budi, siti = ({"Authorization": f"Bearer {issuer.token(name, 'citizen')}"} for name in ("budi", "siti"))
    answers = [door.ask("/v1/permits/1", **budi) for _ in range(7)]
    assert [said.status for said in answers] == [200] * 5 + [429] * 2
    assert [left(said) for said in answers] == [('"api"', count) for count in (4, 3, 2, 1, 0, 0, 0)]
    assert answers[0].headers["RateLimit-Policy"] == '"api";q=5;w=60'
    refused = answers[-1]
    assert refused.json["type"] == "/problems/too-often" and 0 < int(refused.headers["Retry-After"]) <= 60
    assert len(upstreams["licensing"].heard) == 5
    assert door.ask("/v1/permits/1", **siti).status == 200
    assert [door.ask("/v1/permits/1").status for _ in range(4)] == [200] * 3 + [429]


@pytest.mark.usefixtures("early_in_a_minute")
def test_bad_tokens_are_counted_by_address(a_door: Any) -> None:
    door = a_door(LIMITS_PER_MINUTE="anonymous=3")
    assert [door.ask("/v1/permits/1", Authorization="Bearer a.b.c").status for _ in range(5)] == [401] * 3 + [429] * 2


@pytest.mark.usefixtures("early_in_a_minute")
def test_signing_in_and_partners_have_classes_of_their_own(a_door: Any, issuer: Issuer) -> None:
    door = a_door(LIMITS_PER_MINUTE="api=1,anonymous=1,sign-in=2,partner=4")
    assert [door.ask("/oauth/token", "POST").status for _ in range(3)] == [200, 200, 429]
    bank = {"Authorization": f"Bearer {issuer.token('bank', 'bank')}"}
    assert [left(door.ask("/snap/v1.0/transfer-va/payment", "POST", **bank)) for _ in range(2)] == [('"partner"', 3), ('"partner"', 2)]
    assert door.ask("/v1/permits/1").status == 200


@pytest.mark.usefixtures("early_in_a_minute")
def test_with_the_shared_store_away_it_counts_alone_and_says_so(a_door: Any) -> None:
    door = a_door(LIMITS_URL="redis://127.0.0.1:1", LIMITS_PER_MINUTE="anonymous=2")
    statuses = [door.ask("/v1/permits/1").status for _ in range(4)]
    assert statuses[-1] == 429 and statuses[0] == 200
    assert door.log.read_text().count("limits are counted here alone") == 1
