"""The tries of everybody who must not find every kind of hole; a service without one passes."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import Any
from uuid import UUID

import marshmallow as ma
import pytest
from flask.testing import FlaskClient
from stall import SERVICE, Thing, ThingView

from smartcity.errors import Forbidden
from smartcity.http import Blueprint, Schema, fields, session
from smartcity.http.app import CityFlask
from smartcity.http.policy import allow, anyone, signed_in
from smartcity.service import Service
from smartcity.storage.entity import get
from smartcity.testing.examples import Recorder
from smartcity.testing.intruders import Intruders

holes = Blueprint("holes")


class LooseRequest(Schema):
    class Meta:
        unknown = ma.EXCLUDE

    price = fields.Rupiah(required=True)


@holes.get("/things/<uuid:thing_id>/shadow")
@holes.response(200, ThingView)
def peek(thing_id: UUID) -> Thing:
    """Whoever knows the id sees it."""
    return get(session(), Thing, thing_id)


@holes.post("/things/<uuid:thing_id>/price")
@holes.arguments(LooseRequest)
@holes.response(200, ThingView)
def price(request: dict[str, Any], thing_id: UUID) -> Thing:
    """Passes over what it does not know."""
    return get(session(), Thing, thing_id)


@holes.get("/refusal")
@holes.response(200, ThingView)
def refuse() -> None:
    """Another rule than the policy's."""
    raise Forbidden()


class LooseForm(Schema):
    class Meta(LooseRequest.Meta):
        pass

    price = fields.String()


@holes.post("/things/<uuid:thing_id>/picture")
@holes.arguments(LooseForm, location="form", content_type="multipart/form-data")
@holes.response(200, ThingView)
def picture(request: dict[str, Any], thing_id: UUID) -> Thing:
    """Passes over what it does not know, and takes a word of any length."""
    return get(session(), Thing, thing_id)


POLICY = {
    "picture": [allow("citizen")], "peek": [allow("citizen", own=True)], "price": [allow("citizen"), allow("head", office="PASAR")], "refuse": [signed_in],
}  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Service:
    return replace(SERVICE, apis=(*SERVICE.apis, holes), policy={**SERVICE.policy, **POLICY})


@pytest.fixture
def played(client: FlaskClient, recorder: Recorder, as_: Any, laid_out: Any) -> Recorder:
    """What the stall does well, once each."""
    siti, path = as_("siti", "citizen"), f"/v1/things/{laid_out()['id']}"
    for page in ("/v1/things", path, "/v1/me/cases"):
        assert client.get(page, headers=siti).status_code == 200
    assert client.post(f"{path}/sale", headers=siti).status_code == 200
    recorder.path = path  # type: ignore[attr-defined]
    return recorder


def test_where_there_is_no_hole_nobody_gets_in(played: Recorder) -> None:
    assert len(played.calls) == 5 and Intruders(played).wrong() == []


def test_other_peoples_things_are_found(played: Recorder, client: FlaskClient, as_: Any) -> None:
    client.get(f"{played.path}/shadow", headers=as_("siti", "citizen"))  # type: ignore[attr-defined]
    assert Intruders(played).wrong() == ["peek: citizen of NOWHERE gets 200 for what is another's"]


def test_a_partner_s_door_that_opens_to_anybody_is_found(played: Recorder, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/supplier/self", headers={"X-Badge": "7"}).status_code == 200
    assert Intruders(played).wrong() == []
    monkeypatch.setattr("smartcity.http.policy.Grant.admits", lambda *_: True)
    assert "show_supplier: who brings nothing is 200" in Intruders(played).wrong()


def test_a_field_that_is_passed_over_is_found(played: Recorder, client: FlaskClient, as_: Any) -> None:
    client.post(f"{played.path}/price", json={"price": 1}, headers=as_("siti", "citizen"))  # type: ignore[attr-defined]
    wrong = Intruders(played).wrong()
    assert "price: the field owner_sub is 200, not 422 for owner_sub" in wrong
    assert all(line.startswith("price: the field") for line in wrong)


def test_a_part_that_is_passed_over_and_one_without_end_are_found(played: Recorder, client: FlaskClient, as_: Any) -> None:
    path, sent = f"{played.path}/picture", {"price": "1"}  # type: ignore[attr-defined]
    client.post(path, data=sent, headers=as_("siti", "citizen"), content_type="multipart/form-data")
    wrong = Intruders(played).wrong()
    assert "picture: the part owner_sub is 200, not 422 for owner_sub" in wrong
    assert "picture: the part price, 10,000 deep, is 200, not 422 for price" in wrong and len(wrong) == 6


def test_a_parameter_that_is_passed_over_is_found(played: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartcity.http.app._refuse_unknown_query", lambda _: None)
    wrong = Intruders(played).wrong()
    assert "show_thing: the parameter owner_sub is 200, not 422 for owner_sub" in wrong
    assert all("the parameter" in line or "the name" in line for line in wrong)


def test_a_body_that_was_never_sent_is_found(played: Recorder) -> None:
    played.calls["price"] = replace(played.calls["sell_thing"], path=f"{played.path}/price")  # type: ignore[attr-defined]
    assert "price: was played without its body" in Intruders(played).wrong()


@pytest.mark.parametrize(("policy", "line"), [
    ({"sell_thing": [anyone]}, "sell_thing: visitor of NOWHERE"),
    ({"show_thing": [allow("citizen")]}, "show_thing: citizen of NOWHERE"),
])  # fmt: skip
def test_what_the_office_meant_and_the_service_does_are_compared(
    played: Recorder, app: CityFlask, monkeypatch: pytest.MonkeyPatch, policy: Any, line: str
) -> None:
    """The running service has grants the intruders do not expect."""
    meant = app.policy
    monkeypatch.setattr(app, "policy", {**meant, **policy})
    monkeypatch.setattr(Intruders, "grants", lambda _, name: list(meant[name]))
    assert any(found.startswith(line) for found in Intruders(played).wrong())


def test_a_refusal_the_policy_does_not_tell_is_found(played: Recorder) -> None:
    call = replace(played.calls["list_things"], path="/v1/refusal")
    played.calls["refuse"] = call
    assert "refuse: citizen of PASAR is 403, though the policy lets them" not in Intruders(played).wrong()
    assert "refuse: citizen of NOWHERE is 403, though the policy lets them" in Intruders(played).wrong()


def test_a_token_that_is_believed_is_found(played: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartcity.http.auth.Verifier._check", lambda *_: None)
    wrong = Intruders(played).wrong()
    for kind in ("expired", "of the future", "issued in the future", "for another audience", "without an audience", "of another issuer"):
        assert any(f"list_things: a token {kind} is" in line for line in wrong)


def test_a_token_whose_signature_nobody_checks_is_found(played: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "smartcity.http.auth.Verifier._verified", lambda _, token: dict(json.loads(urlsafe_b64decode(token.split(".")[1] + "==")))
    )
    wrong = Intruders(played).wrong()
    kinds = (
        "of an unknown key",
        "signed with another key",
        "with alg none",
        "HS256 with the public key",
        "with a jku",
        "that is an id token",
    )
    for kind in kinds:
        assert any(f"list_things: a token {kind} is" in line for line in wrong)


def test_a_token_of_an_ended_session_that_is_believed_is_found(played: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartcity.http.revoked.Revoked.covers", lambda *_: False)
    wrong = Intruders(played).wrong()
    assert wrong and all("a token of an ended session is" in line for line in wrong)


def test_what_is_served_and_not_documented_is_found(played: Recorder, app: CityFlask) -> None:
    app._got_first_request = False
    app.add_url_rule("/v1/back-door", "back_door", lambda: "open")
    assert Intruders(played).wrong() == ["GET /v1/back-door is served and not documented"]
