"""Tariffs are entered ahead, by the head, with their legal basis; none is changed, and what was fixed stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

NEW = {
    "code": "medan-pbg-2027", "rule_set": "pp-16-2021", "legal_basis": "Perda Kota Medan 1/2027", "valid_from": "2027-01-01",
    "prices": {"ilo": "0.005", "shst": "10700000"},
}  # fmt: skip


def entered(desk: Any, role: str = "head", office: str = "DPMPTSP", **other: Any) -> Any:
    headers = {**desk.as_("kadis", role, office=office), **desk.key()}
    return desk.client.post("/v1/tariffs", json={**NEW, **other}, headers=headers)


@pytest.fixture
def before(clock: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))


def estimate(desk: Any, house: dict[str, Any]) -> dict[str, Any]:
    inputs = {name: value for name, value in house.items() if name not in ("ilo", "shst")}
    answer = desk.client.post("/v1/retribution-estimates", json={"rule_set": "pp-16-2021", "inputs": inputs})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


@pytest.mark.usefixtures("before")
def test_it_holds_from_its_day_on_and_applications_keep_the_tariff_of_theirs(desk: Any, clock: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("approval")
    assert entered(desk).status_code == 201
    assert (estimate(desk, a_house)["total_rp"], estimate(desk, a_house)["tariff"]["sample"]) == (346680, True)
    clock.set(datetime(2027, 1, 4, 3, tzinfo=UTC))
    later = estimate(desk, a_house)
    assert (later["total_rp"], later["tariff"]["code"], later["tariff"]["sample"]) == (2 * 346680, "medan-pbg-2027", False)
    assert {step["symbol"]: step["legal_basis"] for step in later["steps"]}["SHST"] == "Perda Kota Medan 1/2027"
    inputs = {name: value for name, value in a_house.items() if name not in ("ilo", "shst")}
    assert desk.step(ident, "assessment", {"inputs": inputs}).json["retribution"] == 346680
    assert desk.client.get("/v1/tariffs").json["items"][0]["code"] == "medan-pbg-2027"


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"valid_from": "2026-11-24"}, "valid_from"),
        ({"valid_from": "2027-01-01", "valid_to": "2026-12-31"}, "valid_from"),
        ({"rule_set": "permen-pu-24-2007"}, "rule_set"),
        ({"prices": {"ilo": "0.005"}}, "prices"),
        ({"prices": {"ilo": "0.005", "shst": "0"}}, "prices"),
        ({"prices": {"ilo": "0.005", "shst": "1", "tarif": "1"}}, "prices"),
        ({"legal_basis": ""}, "legal_basis"),
    ],
)
def test_what_cannot_be_is_refused_by_field(desk: Any, other: dict[str, Any], field: str) -> None:
    refused = entered(desk, **other)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


@pytest.mark.usefixtures("before")
def test_only_the_head_of_the_office_enters_and_a_code_is_taken_once(desk: Any) -> None:
    for role, office in (("officer", "DPMPTSP"), ("head", "DISDUKCAPIL"), ("approver", "DPMPTSP")):
        assert entered(desk, role, office).status_code == 403
    assert entered(desk).status_code == 201
    for code in (NEW["code"], "medan-pbg-sample-2024"):
        again = entered(desk, code=code)
        assert (again.status_code, again.json["type"]) == (409, "/problems/tariff-code-taken")


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("change", ["UPDATE entered_tariff SET prices = '{}'", "DELETE FROM entered_tariff"])
def test_the_database_changes_none_in_place(desk: Any, session: Session, change: str) -> None:
    assert entered(desk).status_code == 201
    with pytest.raises(sa.exc.DBAPIError, match="never changed in place"):
        session.execute(sa.text(change))
