"""Officers, partners and programs come by a file of the city: who works here, in which office, with which roles; no password in it."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_session import AccountSession, EndReason
from identity.model.client import Client
from identity.service import SERVICE
from identity.use_cases import office_register
from smartcity.clock import real_now
from smartcity.http.auth import Verifier
from smartcity.service import main
from smartcity.settings import Settings

RINI = {"login": "rini", "name": "Rini Siahaan", "roles": ["officer"], "office": "DPMPTSP", "email": "rini@example.com"}
PORTAL = {
    "client_id": "portal-kota", "name": "Portal", "kind": "public", "grants": ["authorization_code"], "scopes": ["openid"],
    "redirect_uris": ["https://portal.example/callback"],
}  # fmt: skip
PASSWORD = "kopi sidikalang pagi"


def put(session: Session, *accounts: dict[str, Any], clients: tuple[dict[str, Any], ...] = ()) -> tuple[int, int]:
    done = office_register.put(session, {"accounts": list(accounts), "clients": list(clients)}, real_now())
    session.commit()
    return done


def choose_password(person: Any, email: str) -> Any:
    page = person.send(person.client.get("/oauth/reset"), "/oauth/reset", email=email, decision="send")
    return person.send(page, "/oauth/reset/confirmation", code=person.code(), password=PASSWORD, decision="confirm")


def test_an_officer_of_the_file_chooses_a_password_by_a_code_and_acts_for_the_office(
    session: Session, person: Any, browser: Any, verifier: Verifier
) -> None:
    assert put(session, RINI) == (1, 0)
    (letter,) = person.letters()
    assert letter["To"] == "rini@example.com" and "rini" in letter.get_content()
    assert browser.submit(browser.open(), "rini", "").status_code == 403, "nobody has a password yet"
    assert choose_password(person, "rini@example.com").status_code == 200
    code = browser.submit(browser.open(), "rini", PASSWORD).location.split("code=")[1].split("&")[0]
    actor = verifier.actor(browser.redeem(code).json["access_token"])
    assert (actor.roles, actor.office) == ({"officer"}, "DPMPTSP")


def test_the_file_again_changes_roles_and_office_and_keeps_the_password(session: Session, person: Any, browser: Any) -> None:
    put(session, RINI)
    choose_password(person, "rini@example.com")
    put(session, {**RINI, "roles": ["head"], "office": "BKAD"})
    session.expire_all()
    account = session.scalars(sa.select(Account).where(Account.login == "rini")).one()
    assert (account.roles, account.office, len(person.letters())) == (["head"], "BKAD", 3), "the address is the same: no new letter"
    assert browser.submit(browser.open(), "rini", PASSWORD).status_code == 303


def test_who_has_left_is_suspended_and_signed_out_everywhere(session: Session, person: Any, browser: Any) -> None:
    put(session, RINI)
    choose_password(person, "rini@example.com")
    browser.submit(browser.open(), "rini", PASSWORD)
    put(session, {**RINI, "status": "suspended"})
    assert session.scalars(sa.select(AccountSession.end_reason)).all() == [EndReason.ACCOUNT_NOT_ACTIVE]
    assert browser.submit(browser.open(), "rini", PASSWORD).status_code == 403


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"roles": ["emperor"]}, "unknown roles"), ({"office": "NOWHERE"}, "unknown office"), ({"password": "x"}, "has more than"),
        ({"status": "closed"}, "active or suspended"), ({"email": "Rini"}, "small letters"), ({"email": "budi@example.com"}, "another account's"),
        ({"login": "rini@example.com"}, "small letters"), ({"login": "warga-1"}, "citizen's own"),
    ],
    ids=str,
)  # fmt: skip
def test_a_row_that_does_not_hold_is_named_and_nothing_of_the_file_holds(session: Session, changed: dict[str, Any], said: str) -> None:
    other = {"login": "ani", "name": "Ani", "roles": ["officer"], "office": "DPMPTSP", "email": "budi@example.com"}
    put(session, other, {**other, "login": "warga-1", "email": None})
    session.scalars(sa.select(Account).where(Account.login == "warga-1")).one().nik_index = b"somebody's"
    session.commit()
    with pytest.raises(ValueError, match=said):
        put(session, {**other, "login": "first", "email": None}, {**RINI, **changed})
    session.rollback()
    assert session.scalars(sa.select(Account.login).where(Account.login.in_(("first", "rini")))).all() == []


def test_programs_come_by_the_file_too_and_prove_themselves_by_keys_alone(session: Session) -> None:
    bank = {"login": "bank-sumut", "name": "Bank Sumut", "roles": ["bank"]}
    key = {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "1"}]}
    program = {"client_id": "bank-sumut", "name": "Bank", "kind": "confidential", "grants": ["client_credentials"], "account": "bank-sumut"}
    assert put(session, bank, clients=(PORTAL, {**program, "jwks": key})) == (1, 2)
    assert session.get_one(Client, "portal-kota").redirect_uris == PORTAL["redirect_uris"]
    for wrong in (program, {**program, "jwks": key, "account": "nobody"}, {**program, "secret": "s"}):
        with pytest.raises(ValueError, match="bank-sumut"):
            put(session, clients=(wrong,))
        session.rollback()


@pytest.mark.parametrize(
    ("text", "code"), [(yaml.safe_dump({"accounts": [RINI], "clients": [PORTAL]}), 0), ("a: [", 2), ("- a", 2), ("x: 1", 2)]
)
def test_the_file_is_put_by_command_in_production_too(
    config: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, code: int
) -> None:
    key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    for name in ("database_url", "broker_url", "files_url", "issuer_url", "public_url"):
        monkeypatch.setenv(name.upper(), getattr(config, name))
    for name, value in {"SECRET_KEY": key, "DOCUMENT_KEY": key, "ENVIRONMENT": "production"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(SERVICE, ["put-accounts"]) == code
    said = capsys.readouterr()
    assert ("1 accounts and 1 clients are as the file says" in said.out) == (code == 0) and ("standard input" in said.err) == (code == 2)
