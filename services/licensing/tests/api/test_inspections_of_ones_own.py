"""Nobody inspects their own building, nor decides what comes of it: not its holder, their deputy, or their company's people."""

from typing import Any

import pytest

PLACE = {"kelurahan_code": "12.71.01.1001", "site_address": "Jalan Sisingamangaraja 40, Medan", "cause": "Pengawasan berkala."}
OFFICE = "PERKIMCIKATARU"
OWN = "/problems/own-case"


@pytest.fixture
def permit(desk: Any, hear: Any, paid: Any) -> dict[str, Any]:
    """A building's, of budi."""
    hear("finance-sts.bill.paid.v1", paid(desk.brought_to("assessment")))
    return dict(desk.client.get("/v1/permits?mine=true", headers=desk.citizen()).json["items"][0])


@pytest.fixture
def as_of(inspect: Any, issuer: Any) -> Any:
    """`as_of(inspection, "budi")`: the same one in the hands of another officer of the office."""

    def of(inspection: Any, sub: str, **claims: Any) -> Any:
        other = inspect(inspection.ident, office=OFFICE)
        other.headers = {"Authorization": f"Bearer {issuer.token(sub, 'officer', office=OFFICE, **claims)}"}
        return other

    return of


WITH_A_PART = [("budi", {}), ("eko", {"acting_for": ["budi"]}), ("eko", {"companies": [{"sub": "budi", "role": "staff"}]})]


@pytest.mark.parametrize(("sub", "claims"), WITH_A_PART)
def test_who_has_a_part_in_a_building_takes_no_step_on_its_inspection(
    inspect: Any, as_of: Any, permit: Any, run_due: Any, sub: str, claims: dict[str, Any]
) -> None:
    inspection = inspect(office=OFFICE, permit_no=permit["number"], **PLACE)
    own = as_of(inspection, sub, **claims)
    assert own.show().json["permit_id"] == permit["id"]
    steps = (own.schedule, own.photo, own.conclude, lambda: own.post("cancellation", {"reason_code": "other"}))
    assert [(said.status_code, said.json["type"]) for said in (step() for step in steps)] == [(409, OWN)] * 4
    assert inspection.schedule().status_code == 200
    assert inspection.photo().status_code == 201
    run_due()
    assert inspection.conclude(outcome_code="violation-found").json["permit_id"] == permit["id"], "named before, it need not be named again"


def test_nobody_sends_the_holder_there(inspect: Any, permit: Any) -> None:
    inspection = inspect(office=OFFICE, **PLACE)
    refused = inspection.schedule(inspector_sub="budi", permit_no=permit["number"])
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"inspector_sub"})
    assert inspection.schedule(inspector_sub="eko", permit_no=permit["number"]).json["permit_id"] == permit["id"]


@pytest.mark.parametrize(("sub", "claims"), WITH_A_PART)
def test_whose_permit_is_named_only_at_the_place_does_not_conclude(
    inspect: Any, as_of: Any, permit: Any, run_due: Any, sub: str, claims: dict[str, Any]
) -> None:
    inspection = inspect(office=OFFICE, **PLACE)
    own = as_of(inspection, sub, **claims)
    assert own.schedule(permit_no=permit["number"]).json["type"] == OWN
    assert (own.schedule().status_code, own.photo().status_code) == (200, 201)
    run_due()
    assert own.conclude(outcome_code="violation-found", permit_no=permit["number"]).json["type"] == OWN
    assert inspection.schedule(permit_no=permit["number"]).status_code == 200
    assert own.conclude(outcome_code="violation-found").json["type"] == OWN


def test_what_follows_an_inspection_is_of_the_same_building(inspect: Any, as_of: Any, permit: Any, run_due: Any) -> None:
    first = inspect(office=OFFICE, permit_no=permit["number"], **PLACE)
    first.schedule(), first.photo()
    run_due()
    assert first.conclude(outcome_code="not-accessible", measures=[], checklist=[]).json["permit_id"] == permit["id"]
    second = inspect(office=OFFICE, follows_id=first.ident, **PLACE)
    assert as_of(second, "budi").schedule().json["type"] == OWN
    assert second.schedule().json["permit_id"] == permit["id"]


def test_a_holder_does_not_settle_what_the_national_system_says_of_their_own_permit(desk: Any, permit: Any, issuer: Any) -> None:
    path = f"/v1/permits/{permit['id']}/forwarding"
    own = {"Authorization": f"Bearer {issuer.token('budi', 'officer', office='DPMPTSP')}"}
    match = {"If-Match": desk.client.get(path, headers=own).headers["ETag"]}
    body = {"action": "settle", "reason": "Sudah ditelepon.", "reference": "X-1"}
    assert desk.client.post(path, json=body, headers={**own, **match}).json["type"] == OWN
