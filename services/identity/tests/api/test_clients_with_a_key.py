"""A partner that proves itself by its key (`private_key_jwt`, RFC 7523): what its assertion is worth, and what is refused."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwk, jwt
from sqlalchemy.orm import Session

from identity.model.client import ClientKind, GrantType
from identity.use_cases.accounts import NewClient, put_client
from identity.use_cases.demo import demo_sub
from smartcity.http.app import CityFlask
from smartcity.http.auth import Verifier

TOKEN_ENDPOINT = "http://127.0.0.1:8080/oauth/token"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture
def keyed_client(app: CityFlask) -> Any:
    """An agency that keeps no secret with us but signs: answers a maker of assertions."""
    key = jwk.ECKey.generate_key("P-521", {"kid": "k1"}, auto_kid=False)
    with app.database.transaction() as session:
        put_client(session, NewClient(
            "agency-keyed", "Keyed", ClientKind.CONFIDENTIAL, [GrantType.CLIENT_CREDENTIALS], jwks={"keys": [key.as_dict(private=False)]},
            account_id=demo_sub("agency-bpn"),
        ))  # fmt: skip

    def assertion(signer: Any = key, **changed: Any) -> dict[str, str]:
        now = int(time.time())
        claims = {
            "iss": "agency-keyed",
            "sub": "agency-keyed",
            "aud": TOKEN_ENDPOINT,
            "exp": now + 60,
            "iat": now,
            "jti": str(time.time_ns()),
            **changed,
        }
        token = jwt.encode({"alg": "ES512", "kid": "k1"}, claims, signer, algorithms=["ES512"])
        return {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": token}

    return assertion


def test_an_agency_may_prove_itself_by_its_key(
    client: FlaskClient, keyed_client: Callable[..., dict[str, str]], verifier: Verifier
) -> None:
    answer = client.post("/oauth/token", data=keyed_client())
    assert answer.status_code == 200
    actor = verifier.actor(answer.json["access_token"])
    assert (actor.roles, actor.office, actor.sub) == ({"agency"}, "BPN", str(demo_sub("agency-bpn")))


def test_an_assertion_counts_once(client: FlaskClient, keyed_client: Callable[..., dict[str, str]]) -> None:
    form = keyed_client()
    assert [client.post("/oauth/token", data=form).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "https://elsewhere.example"},
        {"exp": 1},
        {"exp": int(time.time()) + 3600},
        {"exp": "soon"},
        {"iss": "bank"},
        {"sub": "bank"},
        {"jti": None},
        {"nbf": int(time.time()) + 600},
    ],
)
def test_an_assertion_that_does_not_hold_is_refused(
    client: FlaskClient, keyed_client: Callable[..., dict[str, str]], changed: dict[str, Any]
) -> None:
    assert client.post("/oauth/token", data=keyed_client(**changed)).json["error"] == "invalid_client"


def test_an_assertion_by_another_key_is_refused(client: FlaskClient, keyed_client: Callable[..., dict[str, str]]) -> None:
    stranger = jwk.ECKey.generate_key("P-521", {"kid": "k1"}, auto_kid=False)
    assert client.post("/oauth/token", data=keyed_client(stranger)).status_code == 401


def test_a_confidential_client_must_have_something_to_prove(session: Session) -> None:
    with pytest.raises(ValueError, match="confidential"):
        put_client(session, NewClient("x", "x", ClientKind.CONFIDENTIAL, [GrantType.CLIENT_CREDENTIALS]))
