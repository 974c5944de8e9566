"""`me/cases` offers to take an application back exactly as long as that is possible."""

from typing import Any

import pytest

BODY = {"reason_code": "no-longer-needed"}


def offered(desk: Any, ident: str) -> Any:
    lines = desk.client.get("/v1/me/cases", headers=desk.citizen()).json["cases"]
    return next(line["withdrawal"] for line in lines if line["id"] == ident)


@pytest.mark.parametrize("step", ["", "submission", "completeness", "examinations", "approval", "assessment"])
def test_until_its_permit_is_there_an_application_is_offered_to_be_taken_back(desk: Any, step: str) -> None:
    ident = desk.brought_to(step) if step else desk.open()
    way = offered(desk, ident)
    assert way["path"] == f"/v1/permit-applications/{ident}/withdrawal" and BODY["reason_code"] in way["reason_codes"]
    assert desk.client.post(way["path"], json=BODY, headers=desk.citizen("siti")).status_code == 404
    assert desk.client.post(way["path"], json=BODY, headers=desk.citizen()).json["status"] == "withdrawn"
    assert offered(desk, ident) is None


def test_an_issued_permit_is_no_longer_taken_back(desk: Any, hear: Any, paid: Any) -> None:
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    assert desk.show(ident)["status"] == "issued" and offered(desk, ident) is None
    refused = desk.step(ident, "withdrawal", BODY)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/application-not-withdrawable")


@pytest.mark.parametrize("step", ["returns", "rejection"])
def test_what_was_given_back_may_be_taken_back_what_was_rejected_not(desk: Any, step: str) -> None:
    ident = desk.brought_to("completeness")
    assert desk.step(ident, step).status_code == 200
    assert (offered(desk, ident) is None) == (step == "rejection")
    assert desk.step(ident, "withdrawal", BODY).status_code == (409 if step == "rejection" else 200)
