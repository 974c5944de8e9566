"""An office says which of its officers has a complaint, and everybody what the repair cost and took."""

from typing import Any
from uuid import uuid4

import pytest

QUEUE = "/v1/work-queues/complaints"
ASPHALT = {"name": "Aspal dingin", "quantity": "0.75", "unit": "ton"}


def assigned(street: Any, ident: str, headers: dict[str, str], **body: str) -> Any:
    return street.client.post(street.path(ident, "assignment"), json=body, headers={**headers, **street.etag(ident)})


def mine(street: Any, headers: dict[str, str]) -> list[str]:
    return [one["id"] for one in street.client.get(f"{QUEUE}?mine=true", headers=headers).json["items"]]


@pytest.fixture
def head(street: Any) -> dict[str, str]:
    return dict(street.as_("kadis", "head", office="SDABMBK"))


def answered(street: Any, ident: str, **more: Any) -> Any:
    street.photo(ident, {**street.staff("answer"), **street.etag(ident)})
    return street.step(ident, "answer", {"text": "Lubang telah ditutup aspal.", **more})


def test_an_officer_takes_it_and_finds_it_among_their_own(street: Any) -> None:
    ident, other = street.brought_to("disposition"), street.brought_to("disposition")
    officer = street.staff("answer")
    taken = assigned(street, ident, officer)
    assert (taken.status_code, taken.json["assignee_sub"], taken.json["status"]) == (200, "ramli", "disposed")
    assert mine(street, officer) == [ident] and mine(street, street.as_("togu", "officer", office="SDABMBK")) == []
    assert {one["id"] for one in street.client.get(QUEUE, headers=officer).json["items"]} == {ident, other}
    assert assigned(street, ident, officer).status_code == 200
    assert [line["event"] for line in street.show(ident, officer)["timeline"]].count("assigned") == 1, "the same again changes nothing"


def test_the_head_gives_it_to_one_of_the_office_and_an_officer_to_nobody_else(street: Any, head: dict[str, str]) -> None:
    ident, officer = street.brought_to("follow-up"), str(uuid4())
    assert assigned(street, ident, head, officer=officer).json["assignee_sub"] == officer
    assert mine(street, street.as_(officer, "officer", office="SDABMBK")) == [ident]
    assert assigned(street, ident, street.staff("answer"), officer=str(uuid4())).status_code == 403
    assert assigned(street, ident, street.as_("x", "officer", office="DLH")).status_code == 404
    assert assigned(street, ident, head, officer="ramli").json["errors"].keys() == {"officer"}


def test_who_has_it_is_for_the_city_alone(street: Any) -> None:
    ident = street.brought_to("disposition")
    assigned(street, ident, street.staff("answer"))
    for headers in ({}, street.citizen()):
        shown = street.client.get(street.path(ident), headers=headers)
        assert "ramli" not in shown.text and "assigned" not in shown.text


def test_what_is_given_back_or_done_is_nobodys(street: Any) -> None:
    ident = street.brought_to("disposition")
    assigned(street, ident, street.staff("answer"))
    street.step(ident, "return")
    assert street.show(ident, street.staff("verification"))["assignee_sub"] is None
    answered_one = street.brought_to("answer")
    refused = assigned(street, answered_one, street.staff("answer"))
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/complaint-not-assignable")


def test_everybody_reads_what_the_repairs_cost_and_took_together(street: Any) -> None:
    ident = street.brought_to("follow-up")
    assert answered(street, ident, cost=1_250_000, materials=[ASPHALT]).status_code == 200
    street.act(ident, "reopening", {"note": "Sudah berlubang lagi."})
    assert answered(street, ident, cost=300_000, materials=[{**ASPHALT, "quantity": 2}]).status_code == 200
    public = street.client.get(street.path(ident)).json
    assert (public["cost"], public["materials"]) == (1_550_000, [ASPHALT, {**ASPHALT, "quantity": "2"}])
    silent = street.brought_to("answer")
    assert [street.client.get(street.path(silent)).json[name] for name in ("cost", "materials")] == [None, []]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"cost": -1}, "cost"), ({"cost": 1.5}, "cost"), ({"cost": "1000"}, "cost"), ({"materials": [{**ASPHALT, "quantity": 0}]}, "materials"),
    ({"materials": [{**ASPHALT, "quantity": "NaN"}]}, "materials"), ({"materials": [{**ASPHALT, "name": "<b>x</b>"}]}, "materials"),
    ({"materials": [ASPHALT] * 21}, "materials"), ({"materials": [{"name": "Aspal"}]}, "materials"), ({"materials": [{**ASPHALT, "price": 1}]}, "materials"),
])  # fmt: skip
def test_sums_and_materials_that_are_none_are_refused(street: Any, wrong: dict[str, Any], field: str) -> None:
    ident = street.brought_to("follow-up")
    refused = answered(street, ident, **wrong)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert street.show(ident)["status"] == "in_progress"
