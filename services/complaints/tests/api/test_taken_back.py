"""`me/cases` offers to take a complaint back exactly as long as that is possible, and only to its reporter."""

from typing import Any

import pytest

BODY = {"reason_code": "mistaken"}


def offered(street: Any, ident: str, who: str = "siti") -> Any:
    lines = street.client.get("/v1/me/cases", headers=street.citizen(who)).json["cases"]
    return next(line["withdrawal"] for line in lines if line["id"] == ident)


@pytest.mark.parametrize("step", ["", "verification", "disposition", "follow-up"])
def test_until_it_is_answered_a_complaint_is_offered_to_be_taken_back(street: Any, step: str, told: Any) -> None:
    ident = street.brought_to(step) if step else street.file()["id"]
    way = offered(street, ident)
    assert way["path"] == f"/v1/complaints/{ident}/withdrawal" and "mistaken" in way["reason_codes"]
    assert street.act(ident, "withdrawal", BODY, who="budi").status_code == 404
    assert street.client.post(way["path"], json=BODY, headers=street.citizen()).json["status"] == "withdrawn"
    assert offered(street, ident) is None
    (event,) = told("complaints.complaint.withdrawn.v1")
    assert event["subject"] == ident


def test_after_the_answer_it_is_accepted_or_reopened_not_taken_back(street: Any) -> None:
    ident = street.brought_to("answer")
    assert offered(street, ident) is None
    refused = street.act(ident, "withdrawal", BODY)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/complaint-not-withdrawable")


def test_who_follows_a_complaint_does_not_take_it_back(street: Any) -> None:
    ident = street.brought_to("follow-up")
    assert street.act(ident, "followers", {}, who="budi").status_code < 300
    assert street.step(ident, "answer").status_code == 200
    assert offered(street, ident, "budi") is None
    assert street.act(ident, "withdrawal", BODY, who="budi").status_code == 404
