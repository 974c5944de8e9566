"""Signing in by another issuer, which speaks ES512: we are its client, and the token that comes of it is our own."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from joserfc import jwk, jwt
from sqlalchemy.orm import Session

from identity.model.account import Account, AccountStatus, email_index, nik_index
from identity.model.account_change import AccountChange, Change
from identity.model.account_session import AccountSession
from identity.model.linked_identity import LinkedIdentity
from identity.model.sign_in import Outcome, SignIn
from identity.use_cases import other_issuer as federated
from identity.use_cases.demo import demo_sub
from smartcity.http.auth import Keys, Verifier
from smartcity.settings import Settings, SettingsError

NIK, EMAIL, PASSWORD = "1271014203990001", "budi@example.com", "a long demo password"
Other = Callable[..., Any]


@pytest.fixture(autouse=True)
def budi(session: Session) -> None:
    """Budi's account has a NIK and an e-mail address."""
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.nik, account.nik_index, account.email, account.email_index = NIK, nik_index(NIK), EMAIL, email_index(EMAIL)
    session.commit()


def come_back(browser: Any, stub: Any, **changed: str) -> Any:
    """Press the button, sign in there, and come back with what the other issuer says."""
    away = browser.submit(browser.open(), "", "", "federation")
    assert away.status_code == 303, away.text
    back = urlsplit(stub.authorize(away.location))
    query = dict(part.split("=", 1) for part in back.query.split("&")) | changed
    return browser.client.get(back.path + "?" + "&".join(f"{name}={value}" for name, value in query.items()))


def prove(browser: Any, page: Any, password: str = PASSWORD) -> Any:
    """The first time: type the password of the account that was found."""
    assert page.status_code in (200, 422) and "Akun Anda di sini" in page.text and "page." not in page.text
    return browser.submit(page, "", password, "prove")


def test_who_signs_in_there_gets_a_token_of_our_own(
    browser: Any, client: FlaskClient, other_issuer: Other, session: Session, config: Settings, read_answer: Any
) -> None:
    stub = other_issuer()
    assert "Masuk dan izinkan lewat IKD" in browser.open().text and stub.root in browser.open().headers["Content-Security-Policy"]
    answer = read_answer(prove(browser, come_back(browser, stub)))
    assert (answer["state"], answer["iss"]) == ("s-1", config.issuer_url)
    tokens = browser.redeem(answer["code"]).json
    verifier = Verifier(config.issuer_url, config.public_url, Keys(lambda: client.get("/.well-known/jwks.json").json))
    claims = verifier.claims(tokens["access_token"])
    assert (claims["sub"], claims["roles"]) == (str(demo_sub("budi")), ["citizen"]) and NIK not in str(claims)
    kept = session.scalars(sa.select(AccountChange)).one()
    assert (kept.account_id, kept.change) == (demo_sub("budi"), Change.LINKED)


def linked(session: Session) -> list[UUID]:
    session.rollback()
    return list(session.scalars(sa.select(LinkedIdentity.account_id)))


def test_an_account_that_another_opened_with_my_nik_is_not_linked_with_me(browser: Any, other_issuer: Other, session: Session) -> None:
    """Its password is the stranger's: without it nobody is signed in, and with it the stranger would stay."""
    page = come_back(browser, other_issuer())
    wrong = prove(browser, page, "not the stranger's")
    assert wrong.status_code == 422 and "Ini bukan kata sandi Anda" in wrong.text
    assert linked(session) == [] == session.scalars(sa.select(AccountSession)).all() == session.scalars(sa.select(AccountChange)).all()
    assert [(one.account_id, one.outcome) for one in session.scalars(sa.select(SignIn))] == [(demo_sub("budi"), Outcome.REFUSED)]
    told = browser.submit(wrong, "", "", "not-mine")
    assert told.status_code == 200 and "kantor" in told.text and "/oauth/authorize?" in told.text and "page." not in told.text
    assert linked(session) == []
    assert prove(browser, wrong).status_code == 303 and linked(session) == [demo_sub("budi")]


def test_whoever_guesses_at_the_password_of_the_account_found_must_wait_as_at_sign_in(
    browser: Any, other_issuer: Other, session: Session
) -> None:
    page = come_back(browser, other_issuer())
    answers = [prove(browser, page, "wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429] and int(answers[-1].headers["Retry-After"]) > 0
    assert prove(browser, page).status_code == 429 == browser.submit(browser.open(), "budi").status_code
    assert linked(session) == []


def test_the_proof_belongs_to_the_browser_that_came_back(browser: Any, app: Any, other_issuer: Other, session: Session) -> None:
    page = come_back(browser, other_issuer())
    own, browser.client = browser.client, app.test_client()
    browser.open()
    assert prove(browser, page).status_code == 403
    browser.client = own
    assert browser.submit(page, "", PASSWORD, "prove", extra={"ticket": "x"}).status_code == 403
    assert browser.submit(page, "", PASSWORD, "code").status_code == 403
    assert linked(session) == []


def test_once_linked_the_claim_is_not_asked_again(browser: Any, other_issuer: Other, session: Session) -> None:
    stub = other_issuer()
    prove(browser, come_back(browser, stub))
    stub.claims = stub.userinfo = {"sub": "person-1"}
    assert come_back(browser, stub).status_code == 303
    assert len(session.scalars(sa.select(AccountChange)).all()) == 1
    stub.claims = stub.userinfo = {"sub": "person-2"}
    assert come_back(browser, stub).status_code == 403


def test_the_claim_may_come_from_userinfo_of_the_same_person_alone(browser: Any, other_issuer: Other) -> None:
    stub = other_issuer()
    stub.claims = {"sub": "person-1"}
    stub.userinfo = {"sub": "person-2", "nik": NIK}
    assert come_back(browser, stub).status_code == 400
    stub.userinfo = {"sub": "person-1", "nik": NIK}
    assert prove(browser, come_back(browser, stub)).status_code == 303


@pytest.mark.parametrize(("verified", "status"), [(True, 200), (False, 403), ("true", 403), (None, 403)])
def test_an_e_mail_address_finds_an_account_only_when_it_is_verified(browser: Any, other_issuer: Other, verified: Any, status: int) -> None:
    stub = other_issuer(FEDERATION_CLAIM="email")
    stub.claims = {"sub": "person-1", "email": EMAIL, "email_verified": verified}
    assert come_back(browser, stub).status_code == status


@pytest.mark.parametrize("nik", ["1271014203990002", "", 7, None, "x"])
def test_who_has_no_account_gets_none_by_themselves(browser: Any, other_issuer: Other, session: Session, nik: Any) -> None:
    stub = other_issuer()
    stub.claims = {"sub": "person-1", "nik": nik}
    page = come_back(browser, stub)
    assert page.status_code == 403 and "Belum ada akun" in page.text and "/oauth/authorize?" in page.text and "page." not in page.text
    assert session.scalars(sa.select(AccountSession)).all() == []
    assert [(one.account_id, one.outcome) for one in session.scalars(sa.select(SignIn))] == [(None, Outcome.REFUSED)]


def test_a_suspended_account_is_not_opened_linked_or_not(browser: Any, other_issuer: Other, session: Session) -> None:
    stub = other_issuer()
    prove(browser, come_back(browser, stub))
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.status = AccountStatus.SUSPENDED
    session.commit()
    assert come_back(browser, stub).status_code == 403
    stub.claims = {"sub": "person-2", "nik": NIK}
    assert come_back(browser, stub).status_code == 403
    kept = session.scalars(sa.select(SignIn).order_by(SignIn.at)).all()
    assert [(one.account_id, one.outcome) for one in kept[1:]] == [(account.id, Outcome.REFUSED)] * 2


STRANGER = jwk.ECKey.generate_key("P-521", {"kid": "other-1"}, auto_kid=False)


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "somebody"}, {"aud": ["medan", "x"], "azp": "x"}, {"nonce": "n"}, {"nonce": None},
        {"exp": int(time.time()) - 600}, {"exp": "soon"}, {"iat": int(time.time()) + 600}, {"sub": ""}, {"sub": None},
    ],
    ids=str,
)  # fmt: skip
def test_an_id_token_that_does_not_hold_signs_nobody_in(
    browser: Any, other_issuer: Other, session: Session, changed: dict[str, Any]
) -> None:
    stub = other_issuer()
    stub.claims |= changed
    page = come_back(browser, stub)
    assert page.status_code == 400 and "Belum berhasil" in page.text
    assert session.scalars(sa.select(AccountSession)).all() == [] == session.scalars(sa.select(AccountChange)).all()


def signed_by_a_stranger(_: Any, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "ES512", "kid": "other-1"}, claims, STRANGER, algorithms=["ES512"])


def signed_by_nobody(_: Any, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "none"}, claims, None, algorithms=["none"])


def signed_with_the_public_key(stub: Any, claims: dict[str, Any]) -> str:
    public = jwk.OctKey.import_key(stub.key.as_bytes(private=False))
    return jwt.encode({"alg": "HS512"}, claims, public, algorithms=["HS512"])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("sign", [signed_by_a_stranger, signed_by_nobody, signed_with_the_public_key, lambda *_: "x", lambda *_: "a.b.c"])
def test_an_id_token_that_it_has_not_signed_signs_nobody_in(browser: Any, other_issuer: Other, sign: Any) -> None:
    stub = other_issuer()
    stub.sign = lambda claims: sign(stub, claims)
    assert come_back(browser, stub).status_code == 400


def test_what_comes_back_belongs_to_the_browser_that_left_and_counts_once(browser: Any, app: Any, other_issuer: Other) -> None:
    stub = other_issuer()
    assert come_back(browser, stub, state="another").status_code == 400
    assert come_back(browser, stub, iss="https://elsewhere.example").status_code == 400
    left = browser.submit(browser.open(), "", "", "federation")
    back = stub.authorize(left.location).removeprefix("http://127.0.0.1:8080")
    assert app.test_client().get(back).status_code == 400
    assert browser.client.get(back).status_code == 200
    assert browser.client.get(back).status_code == 400
    browser.submit(browser.open(), "", "", "federation")
    assert browser.client.get("/oauth/federation/callback?error=access_denied").status_code == 400


def test_a_code_of_one_journey_is_worth_nothing_on_another(browser: Any, other_issuer: Other) -> None:
    """PKCE: the code was given for another challenge."""
    stub = other_issuer()
    stolen = dict(
        part.split("=", 1)
        for part in urlsplit(stub.authorize(browser.submit(browser.open(), "", "", "federation").location)).query.split("&")
    )
    assert come_back(browser, stub, code=stolen["code"]).status_code == 400


def test_a_key_of_the_other_issuer_that_cannot_be_read_keeps_nobody_out(browser: Any, other_issuer: Other) -> None:
    stub = other_issuer()
    stub.more_keys = [
        {"kty": "EC", "crv": "P-999", "x": "a", "y": "b", "kid": "new"},
        {"kty": "EC", "crv": "P-256", "x": "!"},
        {"kty": "oct", "k": "A" * 43},
    ]
    assert come_back(browser, stub).status_code == 200


@pytest.mark.parametrize(("alg", "curve"), [("ES256", "P-256"), ("ES384", "P-384")])
def test_the_other_issuer_may_sign_with_whatever_fits_its_key(browser: Any, other_issuer: Other, alg: str, curve: str) -> None:
    stub = other_issuer()
    stub.key = jwk.ECKey.generate_key(curve, {"kid": "other-2"}, auto_kid=False)
    stub.sign = lambda claims: jwt.encode({"alg": alg, "kid": "other-2"}, claims, stub.key, algorithms=[alg])
    assert come_back(browser, stub).status_code == 200


def test_a_secret_may_stand_for_the_key(browser: Any, other_issuer: Other) -> None:
    stub = other_issuer(FEDERATION_KEY="", FEDERATION_SECRET="s: %")
    stub.secret = "s%3A%20%25"
    assert come_back(browser, stub).status_code == 200


def test_with_the_other_issuer_away_everybody_else_signs_in(browser: Any, other_issuer: Other) -> None:
    other_issuer(FEDERATION_ISSUER="http://127.0.0.1:1")
    page = browser.submit(browser.open(), "", "", "federation")
    assert page.status_code == 400 and "tidak tersedia" in page.text
    assert browser.submit(browser.open(), "budi").status_code == 303


def test_without_one_named_there_is_no_button_and_no_way(browser: Any) -> None:
    assert 'value="federation"' not in browser.open().text
    assert browser.submit(browser.open(), "", "", "federation").status_code == 400
    assert browser.client.get("/oauth/federation/callback?code=x&state=y").status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"FEDERATION_ISSUER": "ftp://x"}, {"FEDERATION_CLIENT_ID": ""}, {"FEDERATION_KEY": ""}, {"FEDERATION_KEY": "x"}, {"FEDERATION_CLAIM": "name"},
    ],
)  # fmt: skip
def test_settings_that_cannot_hold_stop_the_start(other_issuer: Other, changed: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="FEDERATION"):
        other_issuer(**changed)


def test_in_production_it_is_asked_over_tls_alone(config: Settings) -> None:
    from dataclasses import replace

    extra = {**config.extra, "FEDERATION_ISSUER": "http://id.example", "FEDERATION_CLIENT_ID": "medan", "FEDERATION_SECRET": "x"}
    with pytest.raises(SettingsError, match="https"):
        federated.configure(replace(config, environment="production", extra=extra))


def test_a_second_factor_is_asked_here_too_and_nothing_is_linked_before_it(
    browser: Any, client: FlaskClient, other_issuer: Other, bearer: Any, session: Session
) -> None:
    from identity.rules import totp
    from smartcity.clock import real_now

    def code(steps: int) -> str:
        return totp.code_of(totp.secret_of(secret), totp.step_of(real_now()) + steps)

    path, headers = "/v1/accounts/me/second-factor", bearer("budi")
    secret = client.post(path, json={"password": PASSWORD}, headers=headers).json["secret"]
    assert client.post(f"{path}/confirmation", json={"code": code(0)}, headers=headers).status_code == 200
    stub = other_issuer()
    page = prove(browser, come_back(browser, stub))
    assert page.status_code == 200 and "Satu langkah lagi" in page.text
    assert linked(session) == []
    wrong = browser.submit(page, "", "", "code", extra={"code": "000000"})
    assert (wrong.status_code, linked(session)) == (422, [])
    assert browser.submit(wrong, "", "", "code", extra={"code": code(1)}).status_code == 303
    assert linked(session) == [demo_sub("budi")]
    assert "Satu langkah lagi" in come_back(browser, stub).text
