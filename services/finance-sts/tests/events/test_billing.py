"""What an assessment does to bills, told twice, late, or after the money came."""

from typing import Any
from uuid import uuid4

import pytest

from finance_sts.use_cases import tables

ASSESSED = "licensing.retribution.assessed.v1"
REASSESSED = "licensing.retribution.reassessed.v1"
WITHDRAWN = "licensing.application.withdrawn.v1"
LAPSED = "licensing.application.lapsed.v1"
NOT_USABLE = "licensing.payment.not_usable.v1"
CASH = "1.1.01.02.01.0001"


def withdraw(treasury: Any, application: str, sequence: int, kind: str = WITHDRAWN) -> str:
    data = {**treasury.example(kind), "application_id": application}
    return treasury.hear(kind, data, subject=application, sequence=sequence)


def not_usable(treasury: Any, bill: dict[str, Any], receipt_no: str, sequence: int, id: str = "") -> str:
    data = {**treasury.example(NOT_USABLE), "bill_id": bill["id"], "reference": bill["reference"], "receipt_no": receipt_no}
    return treasury.hear(NOT_USABLE, data, subject=bill["reference"]["id"], sequence=sequence, id=id)


def test_an_assessment_becomes_a_bill_with_number_due_date_account_and_code(treasury: Any) -> None:
    bill = treasury.a_bill(187625)
    assert bill["number"].startswith("SKRD/DPMPTSP/") and bill["number"].endswith("/000001")
    (told,) = treasury.told("finance-sts.bill.issued.v1")
    assert (told["data"]["total"], told["data"]["bill_no"]) == (187625, bill["number"])


def test_what_any_service_charges_is_billed_by_the_office_that_collects_it_and_told_back_by_its_own_reference(
    treasury: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    offices = {("parking", "season_ticket"): "DISHUB"}
    monkeypatch.setattr(tables, "collecting_office", lambda service, kind, day: offices[service, kind])
    data, reference = treasury.example(ASSESSED), {"service": "parking", "kind": "season_ticket", "id": str(uuid4())}
    data["charge"] |= {"reference": reference, "payer": {**data["charge"]["payer"], "sub": "budi"}}
    assert treasury.hear(ASSESSED, data, subject=reference["id"]) == "applied"
    (bill,) = treasury.bills(reference["id"])
    assert bill["number"].startswith("SKRD/DISHUB/") and bill["total"] == data["total"]
    assert treasury.pay(bill).status_code == 200
    (paid,) = treasury.told("finance-sts.bill.paid.v1")
    assert (paid["data"]["reference"], paid["data"]["reference_paid_total"]) == (reference, data["total"])


def test_the_same_event_twice_makes_one_bill_and_zero_makes_none(treasury: Any) -> None:
    application, ident = str(uuid4()), str(uuid4())
    data = {**treasury.example(ASSESSED)}
    data["charge"]["reference"]["id"] = application
    assert [treasury.hear(ASSESSED, data, subject=application, id=ident) for _ in range(2)] == ["applied", "duplicate"]
    assert len(treasury.told("finance-sts.bill.issued.v1")) == 1
    assert treasury.bills(treasury.assess(0)) == []


def test_a_reassessment_replaces_an_unpaid_bill_and_the_older_one_that_comes_late_changes_nothing(treasury: Any) -> None:
    application = treasury.assess(100)
    treasury.assess(300, application=application, sequence=3, kind=REASSESSED)
    treasury.assess(200, application=application, sequence=2, kind=REASSESSED)
    bills = {bill["total"]: bill["status"] for bill in treasury.bills(application)}
    assert bills == {100: "cancelled", 300: "issued"}


def test_a_paid_bill_gets_an_extra_bill_when_more_is_assessed_and_a_refund_when_less(treasury: Any) -> None:
    application = treasury.assess(100)
    treasury.pay(treasury.bills(application)[0])
    treasury.assess(150, application=application, sequence=2, kind=REASSESSED)
    (extra,) = treasury.bills(application, "issued")
    assert extra["total"] == 50
    treasury.pay(extra)
    assert treasury.told("finance-sts.bill.paid.v1")[-1]["data"]["reference_paid_total"] == 150
    treasury.assess(120, application=application, sequence=3, kind=REASSESSED)
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert (refund["amount"], refund["status"]) == (30, "requested")
    treasury.balanced()


@pytest.mark.parametrize(("kind", "reason"), [(WITHDRAWN, "application-withdrawn"), (LAPSED, "application-lapsed")])
def test_an_application_that_was_withdrawn_or_lapsed_cancels_its_unpaid_bill(treasury: Any, kind: str, reason: str) -> None:
    application = treasury.assess(100)
    assert withdraw(treasury, application, 2, kind) == "applied"
    assert treasury.bills(application)[0]["status"] == "cancelled"
    assert treasury.told("finance-sts.bill.cancelled.v1")[0]["data"]["reason_code"] == reason


def test_the_lapse_of_a_paid_application_cancels_nothing(treasury: Any) -> None:
    application = treasury.assess(100)
    treasury.pay(treasury.bills(application)[0])
    assert withdraw(treasury, application, 2, LAPSED) == "applied"
    assert treasury.bills(application)[0]["status"] == "paid" and not treasury.told("finance-sts.bill.cancelled.v1")


def test_a_withdrawal_heard_before_its_assessment_leaves_no_bill(treasury: Any) -> None:
    application = str(uuid4())
    withdraw(treasury, application, 5)
    treasury.assess(100, application=application, sequence=4)
    assert treasury.bills(application) == []


def test_money_for_a_cancelled_bill_is_kept_and_owed_back(treasury: Any) -> None:
    application = treasury.assess(100)
    bill = treasury.bills(application)[0]
    withdraw(treasury, application, 2)
    assert treasury.pay(bill).json["responseCode"] == "2002500"
    assert treasury.told("finance-sts.bill.paid.v1") == []
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert refund["amount"] == 100
    assert treasury.balanced() == {CASH: 100, "2.1.06.02.01.0001": -100}


def test_a_payment_told_back_is_refunded_once_by_two_people(treasury: Any) -> None:
    bill = treasury.a_bill(100)
    receipt = treasury.pay(bill).json["virtualAccountData"]["referenceNo"]
    assert [not_usable(treasury, bill, receipt, n) for n in (2, 3)] == ["applied", "applied"]
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    path = f"/v1/refunds/{refund['id']}"
    early = treasury.act(f"{path}/payment", treasury.treasurer(), {"bank_reference": "SP2D-1"})
    assert early.json["type"] == "/problems/refund-not-payable"
    assert treasury.act(f"{path}/approval", treasury.head()).json["status"] == "approved"
    assert treasury.act(f"{path}/payment", treasury.treasurer(), {"bank_reference": "SP2D-1"}).json["status"] == "paid"
    (told,) = treasury.told("finance-sts.payment.refunded.v1")
    assert told["data"]["amount"] == 100
    treasury.balanced()


def test_a_due_date_that_passes_unpaid_is_told_once(treasury: Any, clock: Any, run_due: Any) -> None:
    paid, unpaid = treasury.a_bill(), treasury.a_bill()
    treasury.pay(paid)
    clock.advance(days=30)
    run_due()
    assert treasury.told("finance-sts.bill.overdue.v1") == []
    clock.advance(days=1)
    run_due()
    (told,) = treasury.told("finance-sts.bill.overdue.v1")
    assert told["data"]["bill_id"] == unpaid["id"]
