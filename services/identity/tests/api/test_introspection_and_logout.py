"""What a token is worth now, told to confidential clients alone (RFC 7662); and signing out from a program."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.model.account import Account, AccountStatus
from identity.model.account_session import AccountSession, EndReason
from identity.model.client import ClientKind, GrantType
from identity.use_cases.accounts import NewClient, put_client
from identity.use_cases.demo import demo_sub
from smartcity.testing.tokens import Issuer

BANK = ("bank", "a secret: of the bank")
CALLBACK = "http://127.0.0.1:5555/callback"
HOME = "http://127.0.0.1:8080/"


def worth(client: FlaskClient, token: str, auth: tuple[str, str] = BANK) -> Any:
    answer = client.post("/oauth/introspect", data={"token": token}, auth=auth)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store", answer.text
    return answer.json


def test_a_token_of_ours_is_told_with_its_claims_and_no_name(client: FlaskClient, browser: Any) -> None:
    said = worth(client, browser.tokens("petugas-pu")["access_token"])
    told = {name: said[name] for name in ("active", "token_type", "client_id", "sub", "roles", "office", "scope")}
    assert told == {
        "active": True, "token_type": "Bearer", "client_id": "portal", "sub": str(demo_sub("petugas-pu")), "roles": ["officer"],
        "office": "SDABMBK", "scope": "openid profile offline_access",
    }  # fmt: skip
    assert said["exp"] - said["iat"] == 600 and "Ramli" not in str(said)


def test_a_programs_own_token_is_active_too(client: FlaskClient) -> None:
    token = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=BANK).json["access_token"]
    assert worth(client, token)["roles"] == ["bank"]


def test_a_revoked_token_and_one_of_a_suspended_account_are_worth_nothing(client: FlaskClient, browser: Any, session: Session) -> None:
    ended, suspended = browser.tokens("budi"), browser.tokens("siti")
    client.post("/oauth/revoke", data={"token": ended["refresh_token"], "client_id": "portal"})
    account = session.get(Account, demo_sub("siti"))
    assert account is not None
    account.status = AccountStatus.SUSPENDED
    session.commit()
    assert [worth(client, one["access_token"]) for one in (ended, suspended)] == [{"active": False}] * 2


def test_a_foreign_expired_or_crooked_token_is_worth_nothing(client: FlaskClient, browser: Any, issuer: Issuer) -> None:
    foreign = issuer.token(str(demo_sub("budi")), "admin")
    own = browser.tokens("budi")
    crooked = own["access_token"][:-4] + "AAAA"
    assert [worth(client, token) for token in (foreign, crooked, own["id_token"], "x", "a.b.c", "")] == [{"active": False}] * 6


def test_a_refresh_token_is_told_to_its_own_client_alone(client: FlaskClient, browser: Any, session: Session) -> None:
    assert worth(client, browser.tokens("budi")["refresh_token"]) == {"active": False}
    grants = [GrantType.AUTHORIZATION_CODE, GrantType.REFRESH_TOKEN]
    asked = NewClient("counter", "Counter", ClientKind.CONFIDENTIAL, grants, ["offline_access"], [CALLBACK], secret="of the counter")
    put_client(session, asked)
    session.commit()
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code_verifier": "v" * 43}
    code, own = browser.code("budi", client_id="counter", scope="offline_access"), ("counter", "of the counter")
    token = client.post("/oauth/token", data={**form, "code": code}, auth=own).json["refresh_token"]
    said = worth(client, token, own)
    assert (said["active"], said["sub"], said["client_id"], said["scope"]) == (True, str(demo_sub("budi")), "counter", "offline_access")
    assert worth(client, token) == {"active": False}
    client.post("/oauth/token", data={"grant_type": "refresh_token", "refresh_token": token}, auth=own)
    assert worth(client, token, own) == {"active": False}, "it was used"


def test_who_proves_nothing_learns_nothing(client: FlaskClient, browser: Any) -> None:
    token = browser.tokens("budi")["access_token"]
    for sent, auth in (({"client_id": "portal"}, None), ({}, None), ({}, ("bank", "wrong"))):
        refused = client.post("/oauth/introspect", data={"token": token, **sent}, auth=auth)
        assert (refused.status_code, refused.json["error"]) == (401, "invalid_client")


def test_both_are_found_by_discovery(client: FlaskClient) -> None:
    said = client.get("/.well-known/openid-configuration").json
    assert said["introspection_endpoint"].endswith("/oauth/introspect") and said["end_session_endpoint"].endswith("/oauth/logout")


def ended(session: Session) -> list[Any]:
    session.expire_all()
    return list(session.scalars(sa.select(AccountSession.end_reason).order_by(AccountSession.started_at)))


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_signs_its_person_out_and_takes_the_browser_home(
    client: FlaskClient, browser: Any, session: Session, method: str
) -> None:
    other, mine = browser.tokens("budi"), browser.tokens("budi")
    asked = {"id_token_hint": mine["id_token"], "post_logout_redirect_uri": HOME, "state": "s 9"}
    answer = client.get("/oauth/logout", query_string=asked) if method == "get" else client.post("/oauth/logout", data=asked)
    assert answer.status_code == 303 and answer.location.startswith(HOME)
    assert dict(parse_qsl(urlsplit(answer.location).query)) == {"state": "s 9"}
    assert ended(session) == [None, EndReason.SIGNED_OUT]
    assert browser.refresh(mine["refresh_token"]).status_code == 400 and browser.refresh(other["refresh_token"]).status_code == 200
    assert len(client.get("/oauth/revoked").json["revoked"]) == 1


def test_an_id_token_that_has_expired_still_signs_out_and_twice_is_once(client: FlaskClient, browser: Any, session: Session) -> None:
    hint = browser.tokens("budi")["id_token"]
    session.execute(sa.text("UPDATE signing_key SET published_until = now() - interval '1 second'"))
    session.commit()
    pages = [client.post("/oauth/logout", data={"id_token_hint": hint, "ui_locales": "en"}) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200] and "You are signed out" in pages[0].text
    assert ended(session) == [EndReason.SIGNED_OUT]


@pytest.mark.parametrize(
    "changed",
    [
        {"post_logout_redirect_uri": HOME + "elsewhere"},
        {"post_logout_redirect_uri": "http://127.0.0.1:8081/"},
        {"post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "smartcity-cli"},
        {"id_token_hint": "a.b.c"},
    ],
)
def test_a_wish_that_does_not_hold_ends_nothing_and_sends_nobody_away(
    client: FlaskClient, browser: Any, session: Session, changed: dict[str, str]
) -> None:
    asked = {"id_token_hint": browser.tokens("budi")["id_token"], "post_logout_redirect_uri": HOME, **changed}
    refused = client.get("/oauth/logout", query_string=asked)
    assert refused.status_code == 400 and "Location" not in refused.headers and refused.mimetype == "text/html"
    assert ended(session) == [None]


def test_an_access_token_or_one_of_another_issuer_is_no_hint(client: FlaskClient, browser: Any, issuer: Issuer, session: Session) -> None:
    for hint in (browser.tokens("budi")["access_token"], issuer.token(str(demo_sub("budi")), "citizen")):
        assert client.get("/oauth/logout", query_string={"id_token_hint": hint}).status_code == 400
    assert ended(session) == [None]


def test_without_a_hint_nobody_is_signed_out(client: FlaskClient, browser: Any, session: Session) -> None:
    browser.tokens("budi")
    page = client.get("/oauth/logout", query_string={"client_id": "portal"})
    assert page.status_code == 200 and "Tidak ada sesi" in page.text and "page." not in page.text
    assert client.get("/oauth/logout", query_string={"post_logout_redirect_uri": HOME}).status_code == 400
    assert client.get("/oauth/logout", query_string={"client_id": "portal", "post_logout_redirect_uri": HOME}).location == HOME
    assert ended(session) == [None]


def test_the_id_token_names_its_session(browser: Any, session: Session, claims_of: Callable[[str], dict[str, Any]]) -> None:
    assert claims_of(browser.tokens("budi")["id_token"])["sid"] == str(session.scalars(sa.select(AccountSession.id)).one())


@pytest.fixture
def claims_of(client: FlaskClient) -> Callable[[str], dict[str, Any]]:
    from joserfc import jwk, jwt

    def read(token: str) -> dict[str, Any]:
        keys = jwk.KeySet.import_key_set(client.get("/.well-known/jwks.json").json)
        return jwt.decode(token, keys, algorithms=["Ed25519"]).claims

    return read
