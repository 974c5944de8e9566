"""The token endpoint: what a code, a refresh token and a partner's secret are worth, and what is refused."""

from base64 import b64encode
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from joserfc import jwk, jwt
from sqlalchemy.orm import Session

from identity.model.account import Account, AccountStatus
from identity.model.account_session import AccountSession, EndReason, SessionStatus
from identity.use_cases.demo import demo_sub
from smartcity.http.app import CityFlask
from smartcity.http.auth import Verifier
from smartcity.testing.plans import statements

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()}


def test_a_code_with_its_verifier_becomes_tokens_that_the_kernel_accepts(browser: Any, verifier: Verifier) -> None:
    answer = browser.redeem(browser.code("petugas-dpmptsp"))
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    body = answer.json
    assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 600, "openid profile offline_access")
    actor = verifier.actor(body["access_token"])
    assert (actor.sub, actor.roles, actor.office, actor.client) == (str(demo_sub("petugas-dpmptsp")), {"officer"}, "DPMPTSP", "portal")
    claims = verifier.claims(body["access_token"])
    assert set(claims) == {"iss", "aud", "sub", "client_id", "scope", "roles", "office", "iat", "exp", "jti", "sid"}


def test_a_code_is_redeemed_in_nine_statements_and_one_commit(app: CityFlask, browser: Any) -> None:
    """A sign-in is mostly its password: the key is read once for both tokens, the code and its session in one go."""
    browser.tokens("budi")
    code = browser.code("budi")
    with statements(app.database.engine) as sent:
        assert browser.redeem(code).status_code == 200
    assert [line.split()[0] for line in sent] == ["SELECT"] * 6 + ["UPDATE", "UPDATE", "INSERT", "COMMIT"], sent


def test_the_id_token_is_for_the_client_and_no_access_token(browser: Any, client: FlaskClient, verifier: Verifier) -> None:
    token = browser.tokens("budi")["id_token"]
    keys = jwk.KeySet.import_key_set(client.get("/.well-known/jwks.json").json)
    said = jwt.decode(token, keys, algorithms=["Ed25519"])
    assert said.header["typ"] == "JWT" and said.header["kid"]
    assert (said.claims["aud"], said.claims["nonce"], said.claims["sub"]) == ("portal", "n-1", str(demo_sub("budi")))
    with pytest.raises(Exception, match="typ"):
        verifier.actor(token)


def test_scopes_decide_what_comes_with_the_access_token(browser: Any) -> None:
    body = browser.redeem(browser.code("budi", scope=None)).json
    assert set(body) == {"access_token", "token_type", "expires_in", "scope"} and body["scope"] == ""


def test_a_code_that_comes_again_is_refused_and_ends_what_it_began(browser: Any, session: Session) -> None:
    code = browser.code("budi")
    first = browser.redeem(code).json
    again = browser.redeem(code)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")
    assert browser.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    ended = session.scalars(sa.select(AccountSession)).one()
    assert (ended.status, ended.end_reason) == (SessionStatus.ENDED, EndReason.CODE_REPLAYED)


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:6666/callback"},
        {"client_id": "smartcity-cli"},
        {"code": "x"},
        {"redirect_uri": ""},
    ],
)
def test_a_code_is_worth_nothing_in_other_hands(browser: Any, changed: dict[str, str]) -> None:
    answer = browser.redeem(browser.code("budi"), **changed)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")


def test_a_wrong_verifier_burns_the_code(browser: Any) -> None:
    code = browser.code("budi")
    browser.redeem(code, code_verifier="w" * 43)
    assert browser.redeem(code).json["error"] == "invalid_grant"


def test_a_code_lives_for_a_minute(browser: Any, session: Session) -> None:
    code = browser.code("budi")
    session.execute(sa.text("UPDATE authorization_code SET expires_at = expires_at - interval '61 seconds'"))
    session.commit()
    assert browser.redeem(code).json["error"] == "invalid_grant"


def test_a_refresh_token_is_replaced_at_each_use_and_roles_are_those_of_today(browser: Any, verifier: Verifier, session: Session) -> None:
    first = browser.tokens("petugas-pu")
    account = session.get(Account, demo_sub("petugas-pu"))
    assert account is not None
    account.roles = ["head"]
    session.commit()
    second = browser.refresh(first["refresh_token"]).json
    assert second["refresh_token"] != first["refresh_token"]
    assert verifier.actor(second["access_token"]).roles == {"head"}
    assert browser.refresh(second["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_again_ends_the_whole_family(browser: Any, session: Session) -> None:
    first = browser.tokens("budi")
    second = browser.refresh(first["refresh_token"]).json
    assert browser.refresh(first["refresh_token"]).json["error"] == "invalid_grant"
    assert browser.refresh(second["refresh_token"]).json["error"] == "invalid_grant"
    assert session.scalars(sa.select(AccountSession)).one().end_reason is EndReason.REFRESH_REUSED


def test_a_refresh_token_serves_its_own_client_and_its_own_scope(browser: Any) -> None:
    token = browser.tokens("budi")["refresh_token"]
    assert browser.refresh(token, client_id="smartcity-cli").json["error"] == "invalid_grant"
    assert browser.refresh(token, scope="openid").json["error"] == "invalid_scope"
    assert browser.refresh("unknown").json["error"] == "invalid_grant"
    assert browser.refresh(token).status_code == 200


def test_a_session_that_is_over_refreshes_nothing(browser: Any, session: Session) -> None:
    token = browser.tokens("budi")["refresh_token"]
    session.execute(sa.text("UPDATE account_session SET expires_at = started_at"))
    session.commit()
    assert browser.refresh(token).json["error"] == "invalid_grant"


def test_a_suspended_account_refreshes_nothing_and_its_session_ends(browser: Any, session: Session) -> None:
    token = browser.tokens("budi")["refresh_token"]
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.status = AccountStatus.SUSPENDED
    session.commit()
    assert browser.refresh(token).json["error"] == "invalid_grant"
    assert session.scalars(sa.select(AccountSession)).one().end_reason is EndReason.ACCOUNT_NOT_ACTIVE


def test_a_bank_speaks_for_its_own_account_by_its_secret(client: FlaskClient, verifier: Verifier) -> None:
    secret = "a+secret%3A+of+the+bank"
    answer = client.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=basic("bank", secret))
    assert answer.status_code == 200 and "refresh_token" not in answer.json
    actor = verifier.actor(answer.json["access_token"])
    assert (actor.sub, actor.roles, actor.client) == (str(demo_sub("bank")), {"bank"}, "bank")


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        (basic("bank", "wrong"), {}),
        (basic("nobody", "wrong"), {}),
        (basic("portal", ""), {}),
        (basic("\x00", "x"), {}),
        ({}, {"client_id": "bank"}),
        ({}, {}),
        ({}, {"client_id": "bank", "client_assertion": "a.b.c", "client_assertion_type": ASSERTION_TYPE}),
    ],
)
def test_a_client_that_cannot_prove_itself_is_refused(client: FlaskClient, headers: dict[str, str], form: dict[str, str]) -> None:
    answer = client.post("/oauth/token", data={"grant_type": "client_credentials", **form}, headers=headers)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_an_address_that_guesses_client_secrets_must_wait_and_the_bank_elsewhere_need_not(client: FlaskClient) -> None:
    form, right = {"grant_type": "client_credentials"}, basic("bank", "a+secret%3A+of+the+bank")
    for _ in range(20):
        client.post("/oauth/token", data=form, headers=basic("bank", "wrong"))
    assert client.post("/oauth/token", data=form, headers=right).status_code == 429
    assert client.post("/oauth/token", data=form, headers={**right, "X-Forwarded-For": "203.0.113.9"}).status_code == 200


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unauthorized_client"),
        ({"grant_type": "authorization_code"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_secret": "x"}, "invalid_request"),
    ],
)
def test_refusals_are_in_the_words_of_oauth(client: FlaskClient, form: dict[str, str], error: str) -> None:
    answer = client.post("/oauth/token", data={"client_id": "portal", **form})
    assert (answer.status_code, answer.mimetype, answer.json["error"]) == (400, "application/json", error)


def test_a_parameter_sent_twice_and_json_are_refused(client: FlaskClient) -> None:
    twice = client.post("/oauth/token", data="client_id=portal&client_id=bank", content_type="application/x-www-form-urlencoded")
    assert twice.json["error"] == client.post("/oauth/token", json={}).json["error"] == "invalid_request"
