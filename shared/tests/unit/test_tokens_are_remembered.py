"""A token is checked once until it ends; what was said of it holds no longer than the keys it was said with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smartcity.http import auth
from smartcity.http.auth import LIVES_AT_MOST, BadToken, IssuerAway, Keys, Verifier
from smartcity.testing.tokens import AUDIENCE, ISSUER, Issuer

Pass = Callable[[float], None]


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """`passes(seconds)`: so much time goes by."""
    began, gone = datetime.now(UTC), [0.0]
    monkeypatch.setattr("smartcity.http.auth.clock.real_now", lambda: began + timedelta(seconds=gone[0]))
    monkeypatch.setattr("smartcity.http.auth.time.monotonic", lambda: 1000 + gone[0])
    return lambda seconds: gone.__setitem__(0, gone[0] + seconds)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token whose signature was looked at."""
    seen: list[str] = []
    decode = auth.jwt.decode
    monkeypatch.setattr(auth.jwt, "decode", lambda token, *more, **named: seen.append(token) or decode(token, *more, **named))  # type: ignore[func-returns-value]
    return seen


def of(*issuers: Issuer) -> Verifier:
    """A verifier whose issuer publishes the keys of one of `issuers` after the other; of the last for ever."""
    left = list(issuers)
    return Verifier(ISSUER, AUDIENCE, Keys(lambda: (left.pop(0) if len(left) > 1 else left[0]).jwks()))


def test_a_token_is_checked_once_and_refused_when_it_has_ended(passes: Pass, checked: list[str]) -> None:
    issuer = Issuer()
    verifier, token = of(issuer), issuer.token("budi", "citizen")
    verifier.actor(issuer.token("siti"))
    for _ in range(9):
        assert verifier.actor(token).sub == "budi"
        passes(66)
    assert checked.count(token) == 1, "though the issuer was asked for its keys again meanwhile"
    passes(10)
    with pytest.raises(BadToken, match="expired"):
        verifier.actor(token)


def test_what_claims_to_live_longer_than_our_tokens_do_is_looked_at_again(passes: Pass, checked: list[str]) -> None:
    issuer = Issuer()
    verifier, token = of(issuer), issuer.token("budi", "citizen", exp=2**40)
    verifier.actor(issuer.token("siti"))
    verifier.actor(token)
    passes(LIVES_AT_MOST + 1)
    verifier.actor(token)
    assert checked.count(token) == 2


def test_a_token_of_a_key_that_was_withdrawn_is_refused_though_it_was_checked_before(passes: Pass) -> None:
    lost, new = Issuer(), Issuer()
    verifier, token = of(lost, new), lost.token("budi", "admin")
    assert verifier.actor(token).has("admin")
    passes(301)
    assert verifier.actor(new.token("siti")).sub == "siti", "somebody comes, and the keys are read again"
    with pytest.raises(BadToken):
        verifier.actor(token)


def test_an_issuer_that_never_answered_is_away_and_one_that_did_serves_with_its_last_keys(passes: Pass) -> None:
    issuer, away = Issuer(), [True]

    def fetch() -> Any:
        if away[0]:
            raise OSError
        return issuer.jwks()

    verifier = Verifier(ISSUER, AUDIENCE, Keys(fetch))
    with pytest.raises(IssuerAway):
        verifier.actor(issuer.token("budi"))
    with pytest.raises(BadToken, match="not verifiable"):
        verifier.actor("a.b.c")
    passes(2)
    away[0] = False
    assert verifier.actor(issuer.token("budi")).sub == "budi"
    passes(301)
    away[0] = True
    assert verifier.actor(issuer.token("siti")).sub == "siti"
