"""A report is taken back by who made it, until it stands in the register; then it can be made anew."""

from typing import Any

import pytest

BODY = {"reason_code": "mistaken"}
BIRTHS = "/v1/birth-registrations"


def offered(desk: Any, who: str = "budi") -> dict[str, Any]:
    lines = desk.client.get("/v1/me/cases", headers=desk.citizen(who)).json["cases"]
    return {line["id"]: line["withdrawal"] for line in lines}


def take_back(desk: Any, path: str, who: str = "budi", body: Any = BODY) -> Any:
    return desk.client.post(f"{path}/withdrawal", json=body, headers=desk.citizen(who))


@pytest.mark.parametrize("made", ["birth", "death"])
@pytest.mark.parametrize("steps", [(), ("submission",), ("submission", "verification"), ("submission", "returns")])
def test_until_it_is_registered_it_is_offered_and_taken_back(desk: Any, made: str, steps: tuple[str, ...]) -> None:
    path = desk.reported(made, *steps)
    ident = path.rpartition("/")[2]
    assert offered(desk)[ident]["path"] == f"{path}/withdrawal" and "mistaken" in offered(desk)[ident]["reason_codes"]
    assert take_back(desk, path, "siti").status_code == 404 and offered(desk)[ident]
    answer = take_back(desk, path).json
    assert (answer["status"], answer["waits_for"], answer["deadline"]) == ("withdrawn", None, None)
    assert take_back(desk, path).json["status"] == "withdrawn"
    assert offered(desk)[ident] is None
    history = desk.client.get(path, headers=desk.citizen()).json["history"]
    assert [(line["status"], line["reason_code"]) for line in history if line["status"] == "withdrawn"] == [("withdrawn", "mistaken")]


def test_a_late_report_is_taken_back_before_the_head_decides(desk: Any) -> None:
    ident = desk.brought_to("verification", child={"born_on": "2025-06-01"})
    assert desk.show(ident)["status"] == "awaiting_late_decision" and offered(desk)[ident]
    assert take_back(desk, f"{BIRTHS}/{ident}").json["status"] == "withdrawn"
    assert desk.step(ident, "late-decision").status_code == 409


@pytest.mark.parametrize("made", ["birth", "death"])
def test_what_stands_in_the_register_is_not_taken_back_and_says_why(desk: Any, made: str) -> None:
    path = desk.reported(made, "submission", "verification", "registration")
    assert offered(desk)[path.rpartition("/")[2]] is None
    refused = take_back(desk, path)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/registration-not-withdrawable")
    assert "registered" in refused.json["detail"]


def test_what_was_taken_back_stands_in_nobody_s_way(desk: Any) -> None:
    for made, type_ in (("birth", "child"), ("death", "death")):
        first = desk.reported(made, "submission")
        assert take_back(desk, first).status_code == 200, type_
        assert desk.client.get(desk.reported(made, "submission"), headers=desk.citizen()).json["status"] == "submitted"


def test_only_a_report_that_was_handed_in_is_told_to_be_taken_back(desk: Any, told: Any) -> None:
    draft, handed_in = desk.reported("birth"), desk.reported("birth", "submission")
    for path in (draft, handed_in):
        assert take_back(desk, path).status_code == 200
    (event,) = told("civil-registry.birth.withdrawn.v1")
    assert (event["subject"], event["data"]["reason_code"]) == (handed_in.rpartition("/")[2], "mistaken")


def test_a_reason_is_one_of_those_that_are_offered(desk: Any) -> None:
    path = desk.reported("birth")
    refused = take_back(desk, path, body={"reason_code": "court-ruling"})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"reason_code"})
    assert take_back(desk, path, body={}).status_code == 422


def test_the_office_takes_nothing_back(desk: Any) -> None:
    path = desk.reported("birth", "submission")
    for step in ("verification", "registration", "signature"):
        headers = {**desk.staff(step), **desk.etag(path.rpartition("/")[2])}
        assert desk.client.post(f"{path}/withdrawal", json=BODY, headers=headers).status_code == 403
