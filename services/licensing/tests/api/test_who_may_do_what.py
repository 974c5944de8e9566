"""Out of role, out of turn, not one's own, out of date."""

from typing import Any

import pytest

STRANGERS = [("siti", "citizen", None), ("x", "officer", "DISDUKCAPIL"), ("x", "agency", None), ("x", "admin", None), ("x", "bank", None)]


@pytest.mark.parametrize(("name", "role", "office"), STRANGERS)
def test_an_application_of_somebody_else_does_not_exist(desk: Any, name: str, role: str, office: str | None) -> None:
    ident = desk.brought_to("submission")
    answer = desk.client.get(f"/v1/permit-applications/{ident}", headers=desk.as_(name, role, office=office))
    assert answer.status_code in (403, 404)
    assert "Budi" not in answer.text


@pytest.mark.parametrize("step", ["completeness", "returns", "examinations", "approval", "assessment", "rejection"])
def test_a_citizen_does_not_decide(desk: Any, step: str) -> None:
    ident = desk.brought_to("submission")
    assert desk.step(ident, step, headers={**desk.citizen(), "If-Match": "*"}).status_code == 403


@pytest.mark.parametrize(
    ("step", "role"), [("examinations", "officer"), ("approval", "examiner"), ("assessment", "approver"), ("completeness", "examiner")]
)
def test_nobody_takes_another_role_s_step(desk: Any, step: str, role: str) -> None:
    ident = desk.brought_to("submission")
    headers = {**desk.as_("x", role, office="DPMPTSP"), **desk.etag(ident)}
    assert desk.step(ident, step, headers=headers).status_code == 403


def test_an_officer_of_another_office_finds_nothing(desk: Any) -> None:
    ident = desk.brought_to("submission")
    headers = {**desk.as_("x", "officer", office="DISDUKCAPIL"), **desk.etag(ident)}
    assert desk.step(ident, "completeness", headers=headers).status_code == 404


@pytest.mark.parametrize(("reached", "step", "role"), [
    ("submission", "completeness", "officer"), ("completeness", "returns", "officer"), ("completeness", "examinations", "examiner"),
    ("examinations", "approval", "approver"), ("approval", "assessment", "officer"), ("approval", "rejection", "approver"),
])  # fmt: skip
def test_nobody_takes_a_step_of_the_office_on_their_own_application_nor_does_their_deputy(
    desk: Any, issuer: Any, reached: str, step: str, role: str
) -> None:
    ident = desk.brought_to(reached)
    for sub, named in (("budi", []), ("wakil", ["budi"])):
        token = issuer.token(sub, "citizen", role, office="DPMPTSP", acting_for=named)
        answer = desk.step(ident, step, headers={"Authorization": f"Bearer {token}", **desk.etag(ident)})
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/own-case")
    assert desk.step(ident, step).status_code < 300, "another person does"


def test_nobody_approves_what_they_examined(desk: Any) -> None:
    ident = desk.brought_to("examinations")
    both = {**desk.as_("eko", "examiner", "approver", office="DPMPTSP"), **desk.etag(ident)}
    answer = desk.step(ident, "approval", headers=both)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/approver-has-examined")


def test_who_examined_an_earlier_round_does_not_approve_either(desk: Any) -> None:
    ident = desk.brought_to("examinations")
    other = {**desk.as_("udin", "examiner", office="DPMPTSP"), **desk.etag(ident)}
    assert desk.step(ident, "examinations", headers=other).status_code == 201
    headers = {**desk.as_("eko", "approver", office="DPMPTSP"), **desk.etag(ident)}
    assert desk.step(ident, "approval", headers=headers).json["type"] == "/problems/approver-has-examined"


def test_what_does_not_conform_is_not_approved(desk: Any) -> None:
    ident = desk.brought_to("completeness")
    desk.step(ident, "examinations", desk.wanting("Tangga kurang lebar."))
    assert desk.step(ident, "approval").json["type"] == "/problems/examination-not-conforming"


@pytest.mark.parametrize(("reached", "step", "problem"), [
    ("submission", "examinations", "application-not-examinable"),
    ("submission", "approval", "application-not-approvable"),
    ("submission", "assessment", "application-not-assessable"),
    ("completeness", "completeness", "application-not-completable"),
    ("assessment", "returns", "application-not-returnable"),
    ("assessment", "rejection", "application-not-rejectable"),
])  # fmt: skip
def test_out_of_turn_is_refused_kindly(desk: Any, reached: str, step: str, problem: str) -> None:
    answer = desk.step(desk.brought_to(reached), step)
    assert (answer.status_code, answer.json["type"]) == (409, f"/problems/{problem}")
    assert answer.json["detail"]


def test_a_submitted_application_is_not_in_the_applicant_s_hands(desk: Any) -> None:
    ident = desk.brought_to("submission")
    assert desk.upload(ident, "land_title").json["type"] == "/problems/application-not-editable"
    changed = desk.client.patch(f"/v1/permit-applications/{ident}", json={"site_address": "x"}, headers=desk.citizen())
    assert changed.json["type"] == "/problems/application-not-editable"
    assert desk.step(ident, "submission").json["type"] == "/problems/application-not-submittable"


def test_an_issued_application_cannot_be_withdrawn_or_assessed(desk: Any, hear: Any, paid: Any) -> None:
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    assert desk.step(ident, "withdrawal", {"reason_code": "cost"}).json["type"] == "/problems/application-not-withdrawable"
    assert desk.step(ident, "assessment").json["type"] == "/problems/application-not-assessable"


def test_two_officers_at_once_do_not_both_act(desk: Any) -> None:
    ident = desk.brought_to("submission")
    seen = desk.etag(ident)
    assert desk.step(ident, "completeness", headers={**desk.staff("completeness"), **seen}).status_code == 200
    assert desk.step(ident, "returns", headers={**desk.staff("returns"), **seen}).status_code == 412
    assert desk.step(ident, "returns", headers=desk.staff("returns")).status_code == 428


def test_whoever_looks_is_recorded_for_the_applicant(desk: Any) -> None:
    ident = desk.brought_to("submission")
    desk.client.get(f"/v1/permit-applications/{ident}", headers=desk.as_("auditor", "auditor"))
    seen = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    assert seen and {row["record_id"] for row in seen} == {ident}


def test_nobody_without_a_token_comes_in(desk: Any) -> None:
    assert desk.client.get("/v1/permit-applications").status_code == 401
    assert desk.client.post("/v1/permit-applications", json={}).status_code == 401
