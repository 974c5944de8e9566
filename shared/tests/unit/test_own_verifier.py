"""Who checks the tokens: the given verifier, the service's own, or the published keys over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from smartcity import settings
from smartcity.http.auth import Actor, Keys, Verifier
from smartcity.service import Service, create_app
from smartcity.testing.tokens import Issuer

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def own(*_: Any) -> Verifier:
    return Verifier("https://own.example", "https://own.example", Keys(lambda: {"keys": []}))


def app_of(folder: Path, given: Verifier | None, own_verifier: Any) -> Any:
    environ = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "BROKER_URL": "embedded:///none",
        "FILES_URL": f"file://{folder}",
        "ENVIRONMENT": "test",
        "ISSUER_URL": "https://issuer.example",
        "PUBLIC_URL": "https://city.example",
        "SECRET_KEY": KEY,
        "DOCUMENT_KEY": KEY,
        "LOG_LEVEL": "ERROR",
    }
    service = Service(name="issuer", package="smartcity", title="Issuer", apis=(), policy={}, verifier=own_verifier)
    return create_app(service, settings.load("issuer", environ=environ), given)


def test_a_service_that_is_the_issuer_checks_tokens_with_its_own_keys(tmp_path: Path) -> None:
    assert app_of(tmp_path, None, own).verifier.issuer == "https://own.example"


def test_every_other_service_asks_the_issuer(tmp_path: Path) -> None:
    assert app_of(tmp_path, None, None).verifier.issuer == "https://issuer.example"


def test_a_given_verifier_wins(tmp_path: Path) -> None:
    given = Verifier("https://given.example", "https://given.example", Keys(lambda: {"keys": []}))
    assert app_of(tmp_path, given, own).verifier is given


def test_a_token_is_read_once_and_speaks_for_the_same_actor_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    verifier, token = issuer.verifier(), issuer.token("siti", "officer", office="PASAR", sid="s-1")
    verifier.known(token)  # now the issuer's keys are read
    known = verifier.known(token)
    monkeypatch.setattr(verifier, "_verified", lambda _: pytest.fail("read again"))
    assert verifier.known(token) is known
    assert (verifier.actor(token), verifier.claims(token)["sid"]) == (Actor("siti", frozenset({"officer"}), "PASAR", "test"), "s-1")
