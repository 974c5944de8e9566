"""What an account's owner sees of it: tries to sign in, changes, and who looked."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.use_cases.demo import demo_sub
from identity.use_cases.personal_data import of_person

Bearer = Callable[[str], dict[str, str]]


def test_i_see_every_try_to_sign_in_to_my_account_and_nobody_elses(client: FlaskClient, browser: Any, bearer: Bearer) -> None:
    browser.submit(browser.open(), "budi", "wrong", headers={"X-Forwarded-For": "198.51.100.7"})
    mine, others = bearer("budi"), bearer("siti")
    first = client.get("/v1/accounts/me/sign-ins?limit=1", headers=mine).json
    rest = client.get(f"/v1/accounts/me/sign-ins?cursor={first['next']}", headers=mine).json
    seen = [(one["outcome"], one["client_id"], one["address"]) for one in first["items"] + rest["items"]]
    assert seen == [("signed_in", "portal", "127.0.0.1"), ("refused", "portal", "198.51.100.7")]
    assert [one["outcome"] for one in client.get("/v1/accounts/me/sign-ins", headers=others).json["items"]] == ["signed_in"]
    assert client.get("/v1/accounts/me/sign-ins").status_code == 401


def test_i_see_what_was_changed_of_how_my_account_is_opened(client: FlaskClient, bearer: Bearer) -> None:
    mine, others = bearer("budi"), bearer("siti")
    sent = {"current_password": "a long demo password", "password": "kopi sidikalang pagi"}
    assert client.post("/v1/accounts/me/password", json=sent, headers=mine).status_code == 204
    (change,) = client.get("/v1/accounts/me/changes", headers=mine).json["items"]
    assert (change["change"], change["address"]) == ("password_changed", "127.0.0.1") and change["at"]
    assert client.get("/v1/accounts/me/changes", headers=others).json["items"] == []


def test_an_officer_sees_who_else_looked_at_their_deputies(client: FlaskClient, bearer: Bearer) -> None:
    officer, head = "pemeriksa-dpmptsp", "kadis-dpmptsp"
    mine, path = bearer(officer), f"/v1/accounts/{demo_sub(officer)}/deputies"
    assert client.get(path, headers=mine).status_code == 200
    assert client.get("/v1/me/data-access", headers=mine).json["items"] == []
    assert client.get(path, headers=bearer(head)).status_code == 200
    (seen,) = client.get("/v1/me/data-access", headers=mine).json["items"]
    assert (seen["office"], seen["record_kind"], seen["record_id"]) == ("DPMPTSP", "deputies", str(demo_sub(officer)))
    assert client.get(path, headers=bearer("budi")).status_code in (403, 404)
    assert len(client.get("/v1/me/data-access", headers=mine).json["items"]) == 1


def test_the_copy_of_my_data_has_my_sign_ins_and_changes_and_no_secret(client: FlaskClient, bearer: Bearer, session: Session) -> None:
    mine = bearer("budi")
    bearer("siti")
    sent = {"current_password": "a long demo password", "password": "kopi sidikalang pagi"}
    assert client.post("/v1/accounts/me/password", json=sent, headers=mine).status_code == 204
    copy = of_person(session, str(demo_sub("budi")))
    assert [str(one["outcome"]) for one in copy["sign_ins"]] == ["signed_in"]
    assert [str(one["change"]) for one in copy["changes"]] == ["password_changed"]
    assert "argon2" not in str(copy) and copy["sign_ins"][0]["address"] == "127.0.0.1"
