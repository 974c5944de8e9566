"""Out of role, out of turn, not one's own, out of date; and four eyes are four people."""

from typing import Any

import pytest

STRANGERS = [("siti", "citizen", None), ("x", "officer", "DPMPTSP"), ("x", "agency", None), ("x", "admin", None), ("x", "bank", None)]


@pytest.mark.parametrize(("name", "role", "office"), STRANGERS)
def test_a_registration_of_somebody_else_does_not_exist(desk: Any, name: str, role: str, office: str | None) -> None:
    ident = desk.brought_to("submission")
    answer = desk.look(ident, desk.as_(name, role, office=office))
    assert answer.status_code in (403, 404)
    assert "Siregar" not in answer.text


@pytest.mark.parametrize("step", ["verification", "returns", "late-decision", "registration", "signature"])
def test_a_parent_does_not_decide(desk: Any, step: str) -> None:
    ident = desk.brought_to("submission")
    assert desk.step(ident, step, headers={**desk.citizen(), "If-Match": "*"}).status_code == 403


@pytest.mark.parametrize(("step", "role"), [
    ("verification", "registrar"), ("late-decision", "officer"), ("late-decision", "registrar"), ("registration", "officer"),
    ("registration", "head"), ("signature", "registrar"), ("signature", "head"), ("returns", "signer"), ("verification", "auditor"),
])  # fmt: skip
def test_nobody_takes_another_role_s_step(desk: Any, step: str, role: str) -> None:
    ident = desk.brought_to("submission")
    headers = {**desk.as_("x", role, office="DISDUKCAPIL"), **desk.etag(ident)}
    assert desk.step(ident, step, headers=headers).status_code == 403


@pytest.mark.parametrize("step", ["verification", "registration", "signature"])
def test_an_official_of_another_office_finds_nothing(desk: Any, step: str) -> None:
    ident = desk.brought_to("submission")
    role = {"verification": "officer", "registration": "registrar", "signature": "signer"}[step]
    headers = {**desk.as_("x", role, office="DPMPTSP"), **desk.etag(ident)}
    assert desk.step(ident, step, headers=headers).status_code == 404


LATE = {"child": {"born_on": "2025-06-01"}}
ALL = ("officer", "head", "registrar", "signer")


@pytest.mark.parametrize(("first", "second"), [
    ("verification", "late-decision"), ("verification", "registration"), ("verification", "signature"), ("late-decision", "registration"),
    ("late-decision", "signature"), ("registration", "signature"),
])  # fmt: skip
def test_verifier_head_registrar_and_signer_are_different_people(desk: Any, first: str, second: str) -> None:
    ident = desk.brought_to("submission", **LATE)
    route = ["verification", "late-decision", "registration", "signature"]
    for step in route[: route.index(second)]:
        who = desk.as_("one-and-all", *ALL, office="DISDUKCAPIL") if step == first else desk.staff(step)
        assert desk.step(ident, step, headers={**who, **desk.etag(ident)}).status_code == 200
    again = {**desk.as_("one-and-all", *ALL, office="DISDUKCAPIL"), **desk.etag(ident)}
    answer = desk.step(ident, second, headers=again)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/another-person-must")
    assert desk.step(ident, second).status_code == 200


def test_who_checked_an_earlier_version_does_not_register_a_later_one(desk: Any) -> None:
    ident = desk.brought_to("submission")
    both = desk.as_("udin", "officer", "registrar", office="DISDUKCAPIL")
    desk.step(ident, "returns", headers={**both, **desk.etag(ident)})
    for step in ("submission", "verification"):
        assert desk.step(ident, step).status_code == 200
    answer = desk.step(ident, "registration", headers={**both, **desk.etag(ident)})
    assert answer.json["type"] == "/problems/another-person-must"


def test_an_officer_does_not_check_their_own_child(desk: Any) -> None:
    ident = desk.brought_to("submission")
    own = {**desk.as_("budi", "citizen", "officer", office="DISDUKCAPIL"), **desk.etag(ident)}
    assert desk.step(ident, "verification", headers=own).json["type"] == "/problems/own-case"


def test_a_check_may_be_begun_taken_over_and_finished(desk: Any) -> None:
    ident = desk.brought_to("submission")
    begun = desk.step(ident, "verification", {"result": "begun"})
    assert (begun.json["status"], begun.json["waits_for"]) == ("in_check", "verification")
    other = {**desk.as_("rahmat", "officer", office="DISDUKCAPIL"), **desk.etag(ident)}
    assert desk.step(ident, "verification", {"result": "conforms"}, headers=other).json["waits_for"] == "registration"
    assert desk.step(ident, "verification").json["type"] == "/problems/registration-not-checkable"


@pytest.mark.parametrize(("reached", "step", "problem"), [
    ("submission", "late-decision", "registration-not-decidable"),
    ("submission", "registration", "registration-not-registrable"),
    ("submission", "signature", "registration-not-signable"),
    ("submission", "collection", "registration-not-collectable"),
    ("verification", "verification", "registration-not-checkable"),
    ("verification", "late-decision", "registration-not-decidable"),
    ("registration", "registration", "registration-not-registrable"),
    ("registration", "returns", "registration-not-returnable"),
    ("signature", "signature", "registration-not-signable"),
    ("signature", "submission", "registration-not-submittable"),
])  # fmt: skip
def test_out_of_turn_is_refused_kindly(desk: Any, reached: str, step: str, problem: str) -> None:
    answer = desk.step(desk.brought_to(reached), step)
    assert (answer.status_code, answer.json["type"]) == (409, f"/problems/{problem}")
    assert answer.json["detail"]


def test_the_officer_does_not_give_back_what_waits_for_the_registrar(desk: Any) -> None:
    ident = desk.brought_to("verification")
    assert desk.step(ident, "returns").status_code == 403


@pytest.mark.parametrize("reached", ["submission", "verification", "registration", "signature"])
def test_a_registration_in_the_office_s_hands_is_not_changed(desk: Any, reached: str) -> None:
    ident = desk.brought_to(reached)
    assert desk.upload(ident, "family_card").json["type"] == "/problems/registration-not-editable"
    assert desk.change(ident, {"child": {"name": "Lain"}}).json["type"] == "/problems/registration-not-editable"


def test_two_officials_at_once_do_not_both_act(desk: Any) -> None:
    ident = desk.brought_to("submission")
    seen = desk.etag(ident)
    assert desk.step(ident, "verification", headers={**desk.staff("verification"), **seen}).status_code == 200
    assert desk.step(ident, "returns", headers={**desk.staff("verification"), **seen}).status_code == 412
    path = f"/v1/birth-registrations/{ident}/registration"
    assert desk.client.post(path, headers=desk.staff("registration")).status_code == 428


def test_collected_twice_is_collected_once(desk: Any) -> None:
    ident = desk.brought_to("collection")
    assert desk.step(ident, "collection").json["status"] == "collected"
    assert len(desk.show(ident)["history"]) == 7


def test_nobody_without_a_token_comes_in(desk: Any) -> None:
    for path in ("/v1/birth-registrations", "/v1/work-queues/civil-registry", "/v1/civil-records/1271-LU-12022026-0001"):
        assert desk.client.get(path).status_code == 401
    assert desk.client.post("/v1/birth-registrations", json={}).status_code == 401
