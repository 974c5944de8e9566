"""What a token says."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from identity.rules.authorization import SentBack, answer_uri, read
from identity.rules.claims import Bearer, Issuer, access_claims, id_claims
from identity.rules.lifetimes import session_lifetime
from identity.rules.pkce import challenge_of
from identity.rules.refusal import OAuthRefused
from identity.rules.roles import check_roles
from identity.rules.scopes import granted

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SUB = UUID("0190a5a0-0000-7000-8000-000000000001")
ISSUER = Issuer("https://id.example", "https://city.example")
REQUEST = {
    "response_type": "code", "client_id": "portal", "redirect_uri": "http://127.0.0.1/callback", "scope": "openid", "state": "s",
    "code_challenge": challenge_of("v" * 43), "code_challenge_method": "S256",
}  # fmt: skip


def test_an_access_token_names_who_for_whom_and_lives_ten_minutes() -> None:
    claims = access_claims(ISSUER, Bearer(SUB, ("officer",), "DPMPTSP", "portal", "openid"), SUB, NOW)
    assert (claims["iss"], claims["aud"], claims["sub"], claims["client_id"]) == (
        "https://id.example",
        "https://city.example",
        str(SUB),
        "portal",
    )
    assert (claims["roles"], claims["office"], claims["exp"] - claims["iat"]) == (["officer"], "DPMPTSP", 600)


def test_no_token_says_a_name_and_a_citizen_has_no_office() -> None:
    bearer = Bearer(SUB, ("citizen",), None, "portal", "openid profile")
    said = {*access_claims(ISSUER, bearer, SUB, NOW), *id_claims(ISSUER, bearer, NOW, "n", NOW)}
    assert said == {"iss", "aud", "sub", "client_id", "scope", "roles", "iat", "exp", "jti", "auth_time", "nonce"}


def test_a_token_names_the_session_it_ends_with_or_can_end() -> None:
    bearer = Bearer(SUB, ("officer",), "DPMPTSP", "portal", "openid", sid=UUID(int=7))
    assert access_claims(ISSUER, bearer, SUB, NOW)["sid"] == id_claims(ISSUER, bearer, NOW, None, NOW)["sid"] == str(UUID(int=7))


def test_a_deputys_token_says_for_whom_by_sub_alone() -> None:
    bearer = Bearer(SUB, ("approver", "examiner"), "DPMPTSP", "portal", "openid", acting_for=(UUID(int=7),))
    assert access_claims(ISSUER, bearer, SUB, NOW)["acting_for"] == [str(UUID(int=7))]


def test_an_id_token_is_for_the_client() -> None:
    assert id_claims(ISSUER, Bearer(SUB, ("citizen",), None, "portal", "openid"), NOW, None, NOW)["aud"] == "portal"


def test_scopes_are_granted_in_order_and_without_doubles() -> None:
    assert granted("profile openid openid", ["openid", "profile"]) == "openid profile"
    assert granted("", ["openid"]) == ""


@pytest.mark.parametrize("asked", ["openid profile", "admin", "openid  ", " ", 'op"enid', "openid\n"])
def test_a_scope_that_is_malformed_or_not_the_clients_is_refused(asked: str) -> None:
    with pytest.raises(OAuthRefused, match="invalid_scope"):
        granted(asked, ["openid"])


def test_a_request_that_holds_is_read() -> None:
    asked = read(REQUEST, ["openid"])
    assert (asked.scope, asked.state, asked.nonce) == ("openid", "s", None)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"nonce": "\x00"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"request": "e30"}, "request_not_supported"),
        ({"request_uri": "urn:x"}, "request_uri_not_supported"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"state": "\x07"}, "invalid_request"),
    ],
)
def test_a_request_that_does_not_hold_is_sent_back_with_its_reason(wrong: dict[str, str], error: str) -> None:
    with pytest.raises(SentBack) as refused:
        read({**REQUEST, **wrong}, ["openid"])
    assert refused.value.error == error
    assert refused.value.state == (None if "state" in wrong else "s")


def test_an_answer_names_the_issuer_against_mix_ups() -> None:
    assert (
        answer_uri("https://id.example", "http://127.0.0.1/cb", "s", code="c")
        == "http://127.0.0.1/cb?code=c&state=s&iss=https%3A%2F%2Fid.example"
    )


def test_roles_are_those_of_the_suite() -> None:
    assert check_roles(["officer", "head", "officer"]) == ["head", "officer"]
    for wrong in ([], ["emperor"]):
        with pytest.raises(ValueError, match="unknown roles"):
            check_roles(wrong)


def test_whoever_acts_for_an_office_signs_in_every_day() -> None:
    assert session_lifetime("DPMPTSP").total_seconds() == 12 * 3600 < session_lifetime(None).total_seconds()
