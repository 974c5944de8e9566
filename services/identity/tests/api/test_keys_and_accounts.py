"""Keys and their rotation, discovery, userinfo, my account and my sessions."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.model.signing_key import SigningKey
from identity.service import SERVICE
from identity.use_cases import keys, sessions
from identity.use_cases.demo import demo_sub, seed_demo
from smartcity import clock as city_clock
from smartcity.http.app import CityFlask
from smartcity.http.auth import BadToken, Keys, Verifier
from smartcity.service import main
from smartcity.settings import Settings
from smartcity.testing.city_clock import TestClock

Bearer = Callable[[str], dict[str, str]]


def test_discovery_names_endpoints_that_are_served(client: FlaskClient, app: CityFlask) -> None:
    said = client.get("/.well-known/openid-configuration?anything=1").json
    served = {rule.rule for rule in app.url_map.iter_rules()}
    named = {name for name in said if name.endswith("_endpoint")} | {"jwks_uri"}
    assert {f"{name}_endpoint" for name in ("authorization", "token", "revocation", "introspection", "end_session", "userinfo")} < named
    assert {said[name].removeprefix("http://127.0.0.1:8080") for name in named} <= served
    assert (said["id_token_signing_alg_values_supported"], said["request_uri_parameter_supported"]) == (["Ed25519"], False)
    assert said["issuer"] == "http://127.0.0.1:8080" and said["code_challenge_methods_supported"] == ["S256"]


def test_published_keys_are_public_and_the_private_half_is_kept_encrypted(client: FlaskClient, session: Session) -> None:
    published = client.get("/.well-known/jwks.json").json["keys"]
    assert len(published) == 1 and "d" not in published[0] and published[0]["crv"] == "Ed25519"
    secret = json.loads(session.scalars(sa.select(SigningKey)).one().private)["d"]
    stored = session.execute(sa.text("SELECT private, public::text FROM signing_key")).one()
    assert secret.encode() not in bytes(stored[0]) and secret not in stored[1]


def test_the_first_key_is_made_once_and_appoints_its_own_rotation(client: FlaskClient, session: Session) -> None:
    for _ in range(3):
        client.get("/.well-known/jwks.json")
    assert session.scalar(sa.select(sa.func.count()).select_from(SigningKey)) == 1
    assert set(session.scalars(sa.text("SELECT kind FROM due"))) == {keys.ROTATE, keys.ERASE}


def test_a_rotation_surprises_no_verifier(browser: Any, client: FlaskClient, session: Session, config: Settings) -> None:
    """Published ahead, then signing, the old one withdrawn only when its last token is long dead."""
    before = browser.tokens("budi")["access_token"]
    now = city_clock.real_now()
    new = keys.rotate(session, now)
    session.commit()
    assert keys.signing_key(session, now).kid != new.kid
    later = now + timedelta(minutes=11)
    assert keys.signing_key(session, later).kid == new.kid
    both = Verifier(config.issuer_url, config.public_url, Keys(lambda: client.get("/.well-known/jwks.json").json))
    assert both.actor(before).sub == str(demo_sub("budi"))
    assert len(keys.published(session, later)["keys"]) == 2
    assert [key["kid"] for key in keys.published(session, now + timedelta(minutes=71))["keys"]] == [new.kid]


def test_a_token_of_a_withdrawn_key_is_refused(browser: Any, client: FlaskClient, session: Session, config: Settings) -> None:
    token = browser.tokens("budi")["access_token"]
    session.execute(sa.text("UPDATE signing_key SET published_until = now() - interval '1 second'"))
    session.commit()
    fresh = Verifier(config.issuer_url, config.public_url, Keys(lambda: client.get("/.well-known/jwks.json").json))
    with pytest.raises(BadToken, match="unknown kid"):
        fresh.actor(token)


def test_keys_are_replaced_every_90_days_by_themselves(
    client: FlaskClient, session: Session, clock: TestClock, run_due: Callable[..., list[str]]
) -> None:
    client.get("/.well-known/jwks.json")
    assert run_due() == []
    clock.advance(days=91)
    assert run_due() == ["done", "done"]
    assert session.scalar(sa.select(sa.func.count()).select_from(SigningKey)) == 2
    assert len(list(session.scalars(sa.text("SELECT at FROM due WHERE at > now() + interval '91 days'")))) == 2


def test_what_has_expired_is_erased_and_what_serves_stays(browser: Any, session: Session, run_due: Callable[..., list[str]]) -> None:
    kept = browser.tokens("budi")["refresh_token"]
    browser.tokens("siti")
    old = {"sub": demo_sub("siti")}
    session.execute(sa.text("UPDATE account_session SET expires_at = now() - interval '31 days' WHERE account_id = :sub"), old)
    session.execute(sa.text("UPDATE sign_in SET at = now() - interval '366 days' WHERE account_id = :sub"), old)
    session.commit()
    run_due(city_clock.now() + timedelta(days=2))
    left = {
        table: session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()
        for table in ("account_session", "refresh_token", "sign_in")
    }
    assert left == {"account_session": 1, "refresh_token": 1, "sign_in": 1}
    assert browser.refresh(kept).status_code == 200


def test_userinfo_says_the_name_only_with_scope_profile(browser: Any, client: FlaskClient, bearer: Bearer) -> None:
    assert client.get("/oauth/userinfo", headers=bearer("budi")).json == {"sub": str(demo_sub("budi")), "name": "Budi Hasibuan"}

    def token(scope: str | None) -> dict[str, str]:
        return {"Authorization": "Bearer " + browser.redeem(browser.code("budi", scope=scope)).json["access_token"]}

    assert client.get("/oauth/userinfo", headers=token("openid")).json == {"sub": str(demo_sub("budi"))}
    refused = client.get("/oauth/userinfo", headers=token(None))
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/insufficient-scope")
    assert client.get("/oauth/userinfo").status_code == 401


def test_who_am_i(client: FlaskClient, bearer: Bearer) -> None:
    me = client.get("/v1/accounts/me", headers=bearer("kuasa-bud")).json
    assert (me["login"], me["roles"], me["office"], me["status"]) == ("kuasa-bud", ["head"], "BKAD", "active")
    assert client.get("/v1/accounts/me").status_code == 401


def test_i_see_my_own_sessions_and_end_one(browser: Any, client: FlaskClient, bearer: Bearer) -> None:
    refresh = browser.tokens("budi")["refresh_token"]
    mine, others = bearer("budi"), bearer("siti")
    listed = client.get("/v1/sessions?limit=1", headers=mine).json
    older = client.get(f"/v1/sessions?cursor={listed['next']}", headers=mine).json["items"]
    assert len(listed["items"]) == len(older) == 1 and older[0]["client_id"] == "portal"
    path = f"/v1/sessions/{older[0]['id']}/revocation"
    assert client.post(path, headers=others).status_code == 404
    ended = client.post(path, headers=mine)
    assert (ended.status_code, ended.json["status"], ended.json["end_reason"]) == (200, "ended", "revoked_by_owner")
    assert browser.refresh(refresh).json["error"] == "invalid_grant"
    again = client.post(path, headers=mine)
    assert (again.status_code, again.json["type"]) == (409, "/problems/session-already-ended")


def test_every_token_of_an_ended_session_is_named_until_the_last_of_them_is_dead(
    browser: Any, client: FlaskClient, bearer: Bearer, session: Session, config: Settings
) -> None:
    gate = Verifier(config.issuer_url, config.public_url, Keys(lambda: client.get("/.well-known/jwks.json").json))
    ended, lives = browser.tokens("budi"), browser.tokens("budi")
    sid, other = (gate.claims(one["access_token"])["sid"] for one in (ended, lives))
    assert gate.claims(browser.refresh(ended["refresh_token"]).json["access_token"])["sid"] == sid != other
    assert client.get("/oauth/revoked").json == {"revoked": []}
    assert client.post(f"/v1/sessions/{sid}/revocation", headers=bearer("budi")).status_code == 200
    told = client.get("/oauth/revoked")
    assert (told.json, told.headers["Cache-Control"]) == ({"revoked": [sid]}, "no-store")
    assert list(session.scalars(sessions.ended_lately(city_clock.real_now() + timedelta(minutes=10, seconds=50)))) == [UUID(sid)]
    assert list(session.scalars(sessions.ended_lately(city_clock.real_now() + timedelta(minutes=11)))) == []


def test_a_programs_own_token_belongs_to_no_session(client: FlaskClient, config: Settings) -> None:
    answer = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("bank", "a secret: of the bank"))
    gate = Verifier(config.issuer_url, config.public_url, Keys(lambda: client.get("/.well-known/jwks.json").json))
    assert "sid" not in gate.claims(answer.json["access_token"])


def test_anyone_may_read_the_offices(client: FlaskClient) -> None:
    offices = {office["code"]: office["name"] for office in client.get("/v1/offices").json["items"]}
    assert "Kependudukan" in offices["DISDUKCAPIL"]


def test_seeding_again_changes_nothing_but_the_password(session: Session, browser: Any) -> None:
    opened = seed_demo(session, "another password", city_clock.real_now())
    session.commit()
    assert session.scalar(sa.text("SELECT count(*) FROM account")) == opened == 20
    assert browser.submit(browser.open(), "budi").status_code == 403
    assert browser.submit(browser.open(), "budi", "another password").status_code == 303


@pytest.mark.parametrize("environment", ["production", "test"])
def test_the_demonstration_is_seeded_by_command_and_never_in_production(
    config: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], environment: str
) -> None:
    key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    for name, value in {
        "DATABASE_URL": config.database_url,
        "BROKER_URL": config.broker_url,
        "FILES_URL": config.files_url,
        "ISSUER_URL": config.issuer_url,
        "PUBLIC_URL": config.public_url,
        "SECRET_KEY": key,
        "DOCUMENT_KEY": key,
        "ENVIRONMENT": environment,
        "DEMO_PASSWORD": "p",
        "BANK_CLIENT_SECRET": "b",
        "AGENCY_CLIENT_SECRET": "a",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(SERVICE, ["seed-demo"]) == (2 if environment == "production" else 0)
    said = capsys.readouterr()
    assert ("20 demo accounts and 4 demo clients" in said.out) == (environment == "test")
    assert main(SERVICE, ["rotate-keys"]) == 0
    assert "is published and signs from" in capsys.readouterr().out
