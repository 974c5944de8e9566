"""What comes of the treasury's words, in any order, twice, early and late."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

BILL_ISSUED, BILL_PAID, BILL_CANCELLED = "finance-sts.bill.issued.v1", "finance-sts.bill.paid.v1", "finance-sts.bill.cancelled.v1"
BILL_OVERDUE = "finance-sts.bill.overdue.v1"
OLD_BILL, NEW_BILL = "0197a7b2-0a11-7e60-9d44-0d5e8f7a3301", "0197a7b2-0a11-7e60-9d44-0d5e8f7a3302"
Hear = Callable[..., str]


def reassessed(desk: Any, ident: str, house: dict[str, Any], area: str) -> None:
    answer = desk.step(ident, "assessment", {"inputs": {**house, "luas_lantai_m2": area}, "reason": f"Luas terbangun {area} m2"})
    assert answer.status_code == 200, answer.json


def test_an_issued_bill_is_shown_with_number_due_date_virtual_account_and_qris(desk: Any, hear: Hear, example: Any) -> None:
    ident = desk.brought_to("assessment")
    told = example(BILL_ISSUED)
    told["reference"]["id"] = ident
    assert hear(BILL_ISSUED, told) == "applied"
    bill = desk.show(ident)["bill"]
    assert {name: bill[name] for name in ("bill_no", "total", "due_on", "virtual_account_no", "qris_payload")} == {
        name: told[name] for name in ("bill_no", "total", "due_on", "virtual_account_no", "qris_payload")
    }


def test_the_bill_of_an_assessment_that_no_longer_holds_is_not_offered_for_payment(
    desk: Any, hear: Hear, example: Any, a_house: dict[str, Any]
) -> None:
    ident = desk.brought_to("assessment")
    first = {**example(BILL_ISSUED), "reference": {"service": "licensing", "kind": "permit_application", "id": ident}}
    hear(BILL_ISSUED, first)
    reassessed(desk, ident, a_house, "108")
    assert desk.show(ident)["bill"] is None
    next_one = {**first, "bill_id": NEW_BILL, "bill_no": "SKRD/2", "total": 520020, "issued_at": "2026-02-19T03:55:00+00:00"}
    hear(BILL_ISSUED, next_one)
    shown = desk.show(ident)
    assert (shown["bill"]["bill_no"], len(shown["bills"])) == ("SKRD/2", 2)


def test_the_same_payment_told_twice_unlocks_once(desk: Any, hear: Hear, paid: Any, told: Any) -> None:
    ident = desk.brought_to("assessment")
    event = str(uuid4())
    assert hear(BILL_PAID, paid(ident), id=event) == "applied"
    assert hear(BILL_PAID, paid(ident), id=event) == "duplicate"
    assert hear(BILL_PAID, paid(ident)) == "applied"  # told again under another id, e.g. replayed by hand
    assert len(told("licensing.permit.issued.v1")) == 1
    assert told("licensing.payment.not_usable.v1") == []


def test_a_bill_paid_before_it_was_heard_of_unlocks_and_the_late_bill_is_still_shown(
    desk: Any, hear: Hear, paid: Any, example: Any
) -> None:
    ident = desk.brought_to("assessment")
    payment = paid(ident)
    assert hear(BILL_PAID, payment, sequence=2) == "applied"
    late = {**example(BILL_ISSUED), "bill_id": payment["bill_id"], "reference": payment["reference"]}
    assert hear(BILL_ISSUED, late, sequence=1) == "applied"
    shown = desk.show(ident)
    assert shown["status"] == "issued"
    assert (shown["bill"]["due_on"], shown["bill"]["paid_total"]) == (late["due_on"], 346680)


def test_another_service_s_bill_is_not_ours(desk: Any, hear: Hear, paid: Any) -> None:
    other = paid(str(uuid4()))
    other["reference"]["service"] = "civil-registry"
    assert hear(BILL_PAID, other) == "applied"


def test_a_payment_of_an_unknown_application_is_kept_for_a_person(hear: Hear, paid: Any) -> None:
    assert hear(BILL_PAID, paid(str(uuid4()))) == "waiting"


def test_a_payment_that_comes_before_any_assessment_waits_and_then_unlocks(
    desk: Any, hear: Hear, paid: Any, clock: Any, retry_waiting: Any
) -> None:
    ident = desk.brought_to("approval")
    assert hear(BILL_PAID, paid(ident)) == "waiting"
    assert desk.show(ident)["status"] == "approved"
    desk.step(ident, "assessment")
    clock.advance(seconds=5)
    assert retry_waiting() == ["applied"]
    assert desk.show(ident)["status"] == "issued"


def test_a_payment_that_does_not_cover_the_assessment_in_force_leaves_it_awaiting(
    desk: Any, hear: Hear, paid: Any, told: Any, a_house: dict[str, Any]
) -> None:
    ident = desk.brought_to("assessment")
    reassessed(desk, ident, a_house, "108")
    assert hear(BILL_PAID, paid(ident, bill_id=OLD_BILL)) == "applied"
    assert (desk.show(ident)["status"], desk.show(ident)["paid_total"]) == ("awaiting_payment", 346680)
    assert told("licensing.permit.issued.v1") == []
    extra = paid(ident, 173340, bill_id=NEW_BILL, reference_paid_total=520020)
    assert hear(BILL_PAID, extra) == "applied"
    assert desk.show(ident)["status"] == "issued"
    assert told("licensing.permit.issued.v1")[0]["data"]["retribution_total"] == 520020


def test_the_extra_bill_heard_first_unlocks_and_the_first_one_changes_nothing(
    desk: Any, hear: Hear, paid: Any, told: Any, a_house: dict[str, Any]
) -> None:
    ident = desk.brought_to("assessment")
    reassessed(desk, ident, a_house, "108")
    assert hear(BILL_PAID, paid(ident, 173340, bill_id=NEW_BILL, reference_paid_total=520020)) == "applied"
    assert hear(BILL_PAID, paid(ident, bill_id=OLD_BILL)) == "applied"
    assert desk.show(ident)["status"] == "issued"
    assert len(told("licensing.permit.issued.v1")) == 1


def test_reassessed_to_what_was_already_paid_issues_at_once(desk: Any, hear: Hear, paid: Any, told: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("approval")
    desk.step(ident, "assessment", {"inputs": {**a_house, "luas_lantai_m2": "108"}})
    hear(BILL_PAID, paid(ident, 520020, paid_total=400000, reference_paid_total=400000))
    assert desk.show(ident)["status"] == "awaiting_payment"
    reassessed(desk, ident, a_house, "72")
    assert desk.show(ident)["status"] == "issued"
    types = [event["type"].rpartition("licensing.")[2] for event in told()]
    assert types[-2:] == ["retribution.reassessed.v1", "permit.issued.v1"]


def test_reassessed_to_zero_issues_at_once(desk: Any, told: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("assessment")
    answer = desk.step(ident, "assessment", {"inputs": {**a_house, "fungsi": "keagamaan"}, "reason": "Rumah ibadah"})
    assert answer.json["status"] == "issued"
    assert told("licensing.retribution.reassessed.v1")[0]["data"]["total"] == 0


def test_a_refund_that_was_taken_off_is_not_counted(desk: Any, hear: Hear, paid: Any, clock: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("approval")
    desk.step(ident, "assessment", {"inputs": {**a_house, "luas_lantai_m2": "108"}})
    hear(BILL_PAID, paid(ident, 346680, bill_id=OLD_BILL))
    clock.advance(minutes=5)
    hear(BILL_PAID, paid(ident, 100000, bill_id=NEW_BILL, reference_paid_total=100000))
    assert desk.show(ident)["paid_total"] == 100000
    reassessed(desk, ident, a_house, "72")
    assert desk.show(ident)["status"] == "awaiting_payment"


def test_a_payment_for_a_withdrawn_application_is_told_back(desk: Any, hear: Hear, paid: Any, told: Any) -> None:
    ident = desk.brought_to("assessment")
    desk.step(ident, "withdrawal", {"reason_code": "plan-changed"})
    payment = paid(ident)
    assert hear(BILL_PAID, payment) == "applied"
    assert hear(BILL_PAID, payment) == "applied"
    (event,) = told("licensing.payment.not_usable.v1")
    assert event["subject"] == ident
    assert event["data"] == {
        "reference": payment["reference"], "bill_id": payment["bill_id"], "receipt_no": payment["receipt_no"], "amount": 346680,
        "reason_code": "application-withdrawn",
    }  # fmt: skip
    assert desk.show(ident)["status"] == "withdrawn"


def test_more_money_on_the_same_bill_of_a_withdrawn_application_is_told_back_too(desk: Any, hear: Hear, paid: Any, told: Any) -> None:
    ident = desk.brought_to("assessment")
    desk.step(ident, "withdrawal", {"reason_code": "plan-changed"})
    hear(BILL_PAID, paid(ident))
    hear(BILL_PAID, paid(ident, paid_total=400000, reference_paid_total=400000, receipt_no="SSRD/BKAD/2026/000109"))
    assert [event["data"]["amount"] for event in told("licensing.payment.not_usable.v1")] == [346680, 53320]


def test_money_that_came_before_the_withdrawal_is_told_back(desk: Any, hear: Hear, paid: Any, told: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("assessment")
    reassessed(desk, ident, a_house, "108")
    hear(BILL_PAID, paid(ident))
    desk.step(ident, "withdrawal", {"reason_code": "cost"})
    types = [event["type"].rpartition("licensing.")[2] for event in told()]
    assert types[-2:] == ["application.withdrawn.v1", "payment.not_usable.v1"]


def test_a_payment_for_a_rejected_application_is_told_back(desk: Any, hear: Hear, paid: Any, told: Any) -> None:
    ident = desk.brought_to("examinations")
    desk.step(ident, "rejection")
    assert hear(BILL_PAID, paid(ident)) == "applied"
    assert told("licensing.payment.not_usable.v1")[0]["data"]["reason_code"] == "application-rejected"


def test_the_treasury_s_own_example_can_be_heard(desk: Any, hear: Hear, example: Any) -> None:
    ident = desk.brought_to("assessment")
    for kind in (BILL_ISSUED, BILL_PAID):
        told = example(kind)
        told["reference"] = {"service": "licensing", "kind": "permit_application", "id": ident}
        assert hear(kind, told) == "applied"


def test_a_cancelled_bill_is_no_longer_offered_and_waits_where_it_comes_first(desk: Any, hear: Hear, example: Any) -> None:
    ident = desk.brought_to("assessment")
    reference = {"service": "licensing", "kind": "permit_application", "id": ident}
    issued = {**example(BILL_ISSUED), "reference": reference}
    cancelled = {**example(BILL_CANCELLED), "reference": reference, "bill_id": issued["bill_id"], "bill_no": issued["bill_no"]}
    assert hear(BILL_CANCELLED, cancelled, subject=issued["bill_id"], sequence=2) == "waiting"
    assert hear(BILL_ISSUED, issued) == "applied"
    assert desk.show(ident)["bill"] is not None
    assert hear(BILL_CANCELLED, cancelled) == "applied"
    shown = desk.show(ident)
    assert (shown["bill"], shown["status"]) == (None, "awaiting_payment")
    assert hear(BILL_CANCELLED, {**cancelled, "reference": {**reference, "service": "complaints"}}) == "applied"


def test_a_bill_that_is_not_paid_in_time_is_shown_as_overdue_and_can_still_be_paid(desk: Any, hear: Hear, example: Any) -> None:
    ident = desk.brought_to("assessment")
    reference = {"service": "licensing", "kind": "permit_application", "id": ident}
    issued = {**example(BILL_ISSUED), "reference": reference, "total": desk.show(ident)["retribution"]}
    overdue = {**example(BILL_OVERDUE), "reference": reference, "bill_id": issued["bill_id"], "bill_no": issued["bill_no"]}
    assert hear(BILL_OVERDUE, overdue, subject=issued["bill_id"], sequence=2) == "waiting"
    assert hear(BILL_ISSUED, issued) == "applied"
    assert desk.show(ident)["bill"]["overdue"] is False
    assert hear(BILL_OVERDUE, overdue) == "applied"
    shown = desk.show(ident)
    assert (shown["bill"]["overdue"], shown["status"]) == (True, "awaiting_payment")
    assert hear(BILL_OVERDUE, {**overdue, "reference": {**reference, "service": "complaints"}}) == "applied"
