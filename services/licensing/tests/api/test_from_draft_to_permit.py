"""The way of an application, each step by the one whose step it is."""

from collections.abc import Callable
from typing import Any


def test_a_paid_retribution_unlocks_the_permit(desk: Any, hear: Callable[..., str], paid: Any, told: Any) -> None:
    ident = desk.brought_to("assessment")
    waiting = desk.show(ident)
    assert (waiting["status"], waiting["retribution"], waiting["permit_id"]) == ("awaiting_payment", 346680, None)
    assert hear("finance-sts.bill.paid.v1", paid(ident)) == "applied"
    issued = desk.show(ident)
    assert issued["status"] == "issued"
    steps = ["draft", "submitted", "complete", "in_examination", "approved", "awaiting_payment", "paid", "issued"]
    assert [line["status"] for line in issued["history"]] == steps
    permit = desk.client.get(f"/v1/permits/{issued['permit_id']}", headers=desk.citizen()).json
    assert permit["number"].startswith("PBG/DPMPTSP/") and permit["number"].endswith("/000001")
    (examined,), (approved,) = told("licensing.application.examined.v1"), told("licensing.application.approved.v1")
    assert (examined["data"]["round"], examined["data"]["result"]) == (1, "conforms")
    assert set(approved["data"]) == {"application_id", "application_no", "permit_type", "at"}
    (event,) = told("licensing.permit.issued.v1")
    assert event["subject"] == issued["permit_id"]
    assert event["data"]["verify_code"] == permit["verify_code"]
    assert event["data"]["receipt_no"] == permit["receipt_no"]


def test_the_application_gets_its_number_at_the_first_submission_and_keeps_it(desk: Any) -> None:
    ident = desk.brought_to("submission")
    number = desk.show(ident)["number"]
    assert number.startswith("P-PBG/DPMPTSP/") and number.endswith("/000001")
    assert desk.step(ident, "returns").status_code == 200
    assert desk.step(ident, "submission").json["number"] == number
    assert desk.show(desk.brought_to("submission"))["number"].endswith("/000002")


def test_a_returned_application_shows_the_reasons_is_mended_and_goes_on(desk: Any, told: Any) -> None:
    ident = desk.brought_to("examinations")
    assert desk.step(ident, "returns").json["status"] == "returned"
    line = desk.show(ident)["history"][-1]
    assert (line["reason_code"], line["reasons"]) == ("design-not-conforming", ["Tangga tidak memenuhi standar."])
    mended = {"answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": 80}}
    assert desk.client.patch(f"/v1/permit-applications/{ident}", json=mended, headers=desk.citizen()).status_code == 200
    for step in ("submission", "completeness", "examinations", "approval"):
        assert desk.step(ident, step).status_code < 300
    assert len(desk.show(ident)["examinations"]) == 2
    assert len(told("licensing.application.submitted.v1")) == 2
    assert told("licensing.application.returned.v1")[0]["data"]["reason_code"] == "design-not-conforming"


def test_a_retribution_of_zero_goes_straight_to_issue_and_is_told(desk: Any, told: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("approval")
    answer = desk.step(ident, "assessment", {"inputs": {**a_house, "kepemilikan": "negara"}})
    assert (answer.json["status"], answer.json["retribution"]) == ("issued", 0)
    assert told("licensing.retribution.assessed.v1")[0]["data"]["total"] == 0
    assert told("licensing.permit.issued.v1")[0]["data"]["receipt_no"] is None
    assert [line["status"] for line in desk.show(ident)["history"]][-2:] == ["approved", "issued"]


def test_an_application_before_2021_is_assessed_by_the_older_rules(desk: Any, clock: Any, an_old_house: dict[str, Any]) -> None:
    from datetime import UTC, datetime

    clock.set(datetime(2020, 11, 3, 3, tzinfo=UTC))
    answers = {"fungsi": "hunian", "jumlah_lantai": 1, "luas_lantai_m2": 100}
    ident = desk.brought_to("approval", permit_type="IMB", answers=answers)
    clock.set(datetime(2021, 3, 1, 3, tzinfo=UTC))
    answer = desk.step(ident, "assessment", {"inputs": an_old_house})
    assert (answer.json["status"], answer.json["retribution"]) == ("awaiting_payment", 187625)
    assert answer.json["assessment"]["rule_set"] == "permen-pu-24-2007"


def test_the_assessment_shows_every_step_so_that_the_applicant_can_recompute(desk: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("assessment")
    estimate = desk.client.post("/v1/retribution-estimates", json={"rule_set": "pp-16-2021", "inputs": a_house}).json
    assert desk.show(ident)["assessment"]["calculation"] == estimate


def test_the_charge_names_payer_account_and_reference(desk: Any, told: Any) -> None:
    ident = desk.brought_to("assessment")
    (event,) = told("licensing.retribution.assessed.v1")
    assert event["subject"] == ident
    assert event["data"]["charge"] == {
        "reference": {"service": "licensing", "kind": "permit_application", "id": ident},
        "payer": {"sub": "budi", "name": "Budi Siregar", "address": "Jalan Sei Deli 12, Medan"},
        "heads": [{"account_code": "4.1.02.03.01.0001", "amount": 346680}],
        "due_rule": "skrd-30-days",
        "kecamatan_code": "12.71.01",
    }


def test_fixing_anew_needs_a_reason_and_keeps_the_old_one(desk: Any, told: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("assessment")
    larger = {**a_house, "luas_lantai_m2": "108"}
    refused = desk.step(ident, "assessment", {"inputs": larger})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"reason"})
    answer = desk.step(ident, "assessment", {"inputs": larger, "reason": "Luas terbangun 108 m2"})
    assert (answer.json["status"], answer.json["retribution"]) == ("awaiting_payment", 520020)
    assert [line["total"] for line in desk.show(ident)["assessments"]] == [346680, 520020]
    (event,) = told("licensing.retribution.reassessed.v1")
    assert (event["data"]["previous_total"], event["data"]["total"], event["data"]["reason"]) == (346680, 520020, "Luas terbangun 108 m2")


def test_withdrawn_by_its_owner(desk: Any, told: Any) -> None:
    ident = desk.brought_to("assessment")
    body = {"reason_code": "plan-changed"}
    assert desk.step(ident, "withdrawal", body).json["status"] == "withdrawn"
    assert desk.step(ident, "withdrawal", body).json["status"] == "withdrawn"
    (event,) = told("licensing.application.withdrawn.v1")
    assert event["data"]["reason_code"] == "plan-changed"


def test_a_withdrawn_draft_was_nobody_s_business(desk: Any, told: Any) -> None:
    assert desk.step(desk.open(), "withdrawal", {"reason_code": "other"}).json["status"] == "withdrawn"
    assert told() == []


def test_rejected_with_reasons(desk: Any, told: Any) -> None:
    ident = desk.brought_to("examinations")
    assert desk.step(ident, "rejection").json["status"] == "rejected"
    assert told("licensing.application.rejected.v1")[0]["data"]["reason_code"] == "zoning-not-permitted"
