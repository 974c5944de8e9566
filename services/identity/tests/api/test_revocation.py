"""What a client ends itself (RFC 7009): the session of a token of its own, whichever token it holds."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from identity.model.account_session import AccountSession, EndReason
from smartcity.http.app import CityFlask

BANK = ("bank", "a+secret%3A+of+the+bank")


def test_a_revoked_refresh_token_ends_its_session_and_an_unknown_one_is_no_error(browser: Any, client: FlaskClient) -> None:
    token = browser.tokens("budi")["refresh_token"]
    assert client.post("/oauth/revoke", data={"token": token, "client_id": "smartcity-cli"}).status_code == 200
    token = browser.refresh(token).json["refresh_token"]
    assert client.post("/oauth/revoke", data={"token": token, "client_id": "portal"}).status_code == 200
    assert client.post("/oauth/revoke", data={"token": "unknown", "client_id": "portal"}).status_code == 200
    assert browser.refresh(token).json["error"] == "invalid_grant"


def test_a_revoked_access_token_ends_its_session_for_its_own_client_alone(browser: Any, client: FlaskClient, session: Session) -> None:
    revoked = {"token": browser.tokens("budi")["access_token"]}
    family = session.scalars(sa.select(AccountSession)).one()
    for asking, reason in (("smartcity-cli", None), ("portal", EndReason.REVOKED_BY_CLIENT)):
        assert client.post("/oauth/revoke", data={**revoked, "client_id": asking}).status_code == 200
        session.refresh(family)
        assert family.end_reason is reason
    assert str(family.id) in client.get("/oauth/revoked").json["revoked"]


def test_a_token_of_a_session_that_ended_enters_identity_no_more(app: CityFlask, client: FlaskClient, bearer: Any) -> None:
    ended, kept = bearer("budi"), bearer("budi")
    theirs = client.get("/v1/sessions", headers=kept).json["items"][1]["id"]
    assert client.post(f"/v1/sessions/{theirs}/revocation", headers=kept).status_code == 200
    app.verifier.revoked.ask()
    said = client.get("/v1/accounts/me", headers=ended)
    assert (said.status_code, said.json["type"]) == (401, "/problems/token-not-valid")
    assert client.get("/v1/accounts/me", headers=kept).status_code == 200


def test_while_identity_s_database_is_away_the_last_known_list_serves(app: CityFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(app.database, "transaction", away)
    app.verifier.revoked.ask()


def test_a_program_s_token_cannot_be_revoked_and_the_program_hears_so(client: FlaskClient) -> None:
    token = client.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=BANK).json["access_token"]
    refused = client.post("/oauth/revoke", data={"token": token}, auth=BANK)
    assert (refused.status_code, refused.json["error"]) == (400, "unsupported_token_type")
