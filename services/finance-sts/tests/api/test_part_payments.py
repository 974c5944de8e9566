"""A bill paid in parts at the counter, and what becomes of the parts."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

CASH, REVENUE, OWED, CITY = "1.1.01.02.01.0001", "4.1.02.03.01.0001", "2.1.06.02.01.0001", "1.1.01.01.01.0001"
REASSESSED = "licensing.retribution.reassessed.v1"
WITHDRAWN = "licensing.application.withdrawn.v1"
NOT_USABLE = "licensing.payment.not_usable.v1"


def parts(treasury: Any, total: int, *amounts: int) -> tuple[str, dict[str, Any]]:
    application = treasury.assess(total)
    bill = treasury.bills(application)[0]
    for amount in amounts:
        assert treasury.counter(bill, amount=amount).status_code == 201
    return application, treasury.bills(application)[0]


def refunds(treasury: Any) -> list[tuple[int, str]]:
    rows = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    return sorted((row["amount"], row["reason_code"]) for row in rows)


def withdraw(treasury: Any, application: str, sequence: int) -> None:
    data = {**treasury.example(WITHDRAWN), "application_id": application}
    assert treasury.hear(WITHDRAWN, data, subject=application, sequence=sequence) == "applied"


def test_parts_are_receipted_one_by_one_and_the_bill_is_told_paid_when_covered(treasury: Any) -> None:
    _, bill = parts(treasury, 100, 30, 50)
    assert (bill["status"], bill["paid_total"], bill["outstanding"]) == ("part_paid", 80, 20)
    assert treasury.told("finance-sts.bill.paid.v1") == []
    assert treasury.pay(bill).json["responseCode"] == "4042513"  # the whole is no longer owed
    last = treasury.pay(bill, paidAmount={"value": "20.00", "currency": "IDR"})
    (told,) = treasury.told("finance-sts.bill.paid.v1")
    assert (told["data"]["paid_total"], told["data"]["reference_paid_total"]) == (100, 100)
    assert [event["data"]["paid_total"] for event in treasury.told("finance-sts.bill.part_paid.v1")] == [30, 80]
    received = [(event["data"]["amount"], event["data"]["usable"]) for event in treasury.told("finance-sts.payment.received.v1")]
    assert received == [(30, True), (50, True), (20, True)]
    assert told["data"]["receipt_no"] == last.json["virtualAccountData"]["referenceNo"]
    receipts = treasury.client.get("/v1/receipts", headers=treasury.treasurer()).json["items"]
    assert [row["receipt_no"][-6:] for row in receipts] == ["000003", "000002", "000001"]
    assert treasury.balanced() == {CASH: 100, REVENUE: -100}


def test_a_part_paid_bill_is_not_cancelled_by_a_person_and_overdue_it_is_told(treasury: Any, clock: Any, run_due: Any) -> None:
    _, bill = parts(treasury, 100, 30)
    answer = treasury.act(f"/v1/bills/{bill['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-amount"})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/bill-not-cancellable")
    clock.advance(days=31)
    run_due()
    assert [event["data"]["total"] for event in treasury.told("finance-sts.bill.overdue.v1")] == [100]


@pytest.mark.parametrize(
    ("anew", "status", "paid", "given_back"),
    [(150, "part_paid", 60, []), (60, "paid", 60, []), (40, "paid", 40, [(20, "reassessed")]), (0, None, 0, [(60, "reassessed")])],
)
def test_assessed_anew_the_parts_are_carried_over_and_what_is_too_much_goes_back(
    treasury: Any, anew: int, status: str | None, paid: int, given_back: list[tuple[int, str]]
) -> None:
    application, old = parts(treasury, 100, 60)
    treasury.assess(anew, application=application, sequence=2, kind=REASSESSED)
    by_total = {bill["total"]: bill for bill in treasury.bills(application)}
    assert by_total[100]["status"] == "cancelled"
    if status:
        new = by_total[anew]
        assert (new["status"], new["paid_total"], new["carried_total"]) == (status, paid, paid)
        assert by_total[100]["replaced_by"] == new["id"]
    told = [event["data"]["reference_paid_total"] for event in treasury.told("finance-sts.bill.paid.v1")]
    assert told == ([paid] if status == "paid" else [])
    assert refunds(treasury) == given_back
    assert -treasury.balanced()[REVENUE] == 60 - sum(amount for amount, _ in given_back)
    assert old["number"] != (by_total.get(anew) or {"number": ""})["number"]


def test_withdrawn_the_parts_go_back_at_once(treasury: Any) -> None:
    application, _ = parts(treasury, 100, 30, 20)
    withdraw(treasury, application, 2)
    assert refunds(treasury) == [(20, "application-withdrawn"), (30, "application-withdrawn")]
    assert treasury.balanced() == {CASH: 50, OWED: -50, REVENUE: 0}


def test_told_not_usable_every_payment_of_the_bill_goes_back_once_with_what_was_carried_over(treasury: Any) -> None:
    application, _ = parts(treasury, 100, 60)
    treasury.assess(150, application=application, sequence=2, kind=REASSESSED)
    (bill,) = treasury.bills(application, "part_paid")
    assert treasury.counter(bill, amount=90).status_code == 201
    withdraw(treasury, application, 3)
    receipt = treasury.told("finance-sts.bill.paid.v1")[-1]["data"]["receipt_no"]
    data = {
        "reference": bill["reference"],
        "bill_id": bill["id"],
        "receipt_no": receipt,
        "amount": 150,
        "reason_code": "application-withdrawn",
    }
    for sequence in (4, 5):
        assert treasury.hear(NOT_USABLE, data, subject=application, sequence=sequence) == "applied"
    assert refunds(treasury) == [(60, "application-withdrawn"), (90, "application-withdrawn")]
    assert treasury.balanced() == {CASH: 150, OWED: -150, REVENUE: 0}


def test_not_usable_before_the_bill_is_known_waits(treasury: Any) -> None:
    assert treasury.hear(NOT_USABLE, treasury.example(NOT_USABLE)) == "waiting"


def test_a_refund_leaves_the_city_s_account_and_the_receipt_no_longer_stands(treasury: Any) -> None:
    application, _ = parts(treasury, 100, 40)
    withdraw(treasury, application, 2)
    (refund,) = treasury.client.get("/v1/refunds?status=requested", headers=treasury.head()).json["items"]
    path = f"/v1/refunds/{refund['id']}"
    assert treasury.act(f"{path}/approval", treasury.head()).json["status"] == "approved"
    assert treasury.act(f"{path}/approval", treasury.head()).json["type"] == "/problems/refund-not-approvable"
    both = treasury.as_("kuasa-bud", "treasurer", office="DPMPTSP")
    assert treasury.act(f"{path}/payment", both, {"bank_reference": "SP2D-9"}).json["type"] == "/problems/same-person-twice"
    assert treasury.act(f"{path}/payment", treasury.treasurer(), {"bank_reference": "SP2D-9"}).json["status"] == "paid"
    assert treasury.balanced() == {CASH: 40, CITY: -40, OWED: 0, REVENUE: 0}
    (receipt,) = treasury.client.get("/v1/receipts", headers=treasury.treasurer()).json["items"]
    assert (receipt["status"], receipt["refund_total"]) == ("refunded", 40)
    assert treasury.client.get(f"/v1/verify/{receipt['verify_code']}").json["standing"] == "cancelled"


def test_the_counter_and_the_bank_at_once_never_credit_over_what_is_owed(treasury: Any) -> None:
    _, bill = parts(treasury, 100)
    fresh = treasury.client.application.test_client

    def at_the_counter(n: int) -> int:
        body = {"bill_id": bill["id"], "amount": 15, "channel": "counter_card", "bank_reference": f"edc-{n}"}
        return int(fresh().post("/v1/payments", json=body, headers={**treasury.treasurer(), **treasury.key()}).status_code)

    def by_the_bank(_: int) -> int:
        body = treasury.callback(bill)
        return int(fresh().post("/snap/v1.0/transfer-va/payment", data=body, headers=treasury.signed(body)).status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: by_the_bank(n) if n == 7 else at_the_counter(n), range(12)))
    assert set(answers) <= {200, 201, 404, 409}
    shown = treasury.client.get(f"/v1/bills/{bill['id']}", headers=treasury.treasurer()).json
    assert shown["paid_total"] == treasury.balanced()[CASH] in (90, 100)


def test_several_heads_are_filled_in_their_order_and_given_back_from_the_last(treasury: Any) -> None:
    first, second = "4.1.02.03.01.0001", "4.1.02.01.02.0001"
    application = treasury.assess(100, heads=[(first, 70), (second, 30)])
    bill = treasury.bills(application)[0]
    for amount, heads in ((50, [(first, 50)]), (50, [(first, 20), (second, 30)])):
        answer = treasury.counter(bill, amount=amount)
        assert [(head["account_code"], head["amount"]) for head in answer.json["heads"]] == heads
    treasury.assess(60, application=application, sequence=2, kind=REASSESSED, heads=[(first, 42), (second, 18)])
    books = treasury.balanced()
    assert (books[first], books[second], books[OWED]) == (-60, 0, -40)


def test_a_charge_that_does_not_add_up_or_names_an_unknown_account_or_rule_is_kept_for_a_person(treasury: Any) -> None:
    for heads, more in (([("4.1.02.03.01.0001", 99)], {}), ([("9.9.99", 100)], {}), (None, {"due_rule": "unheard-of"})):
        assert treasury.assess(100, heads=heads, expected="waiting", **more)
    assert treasury.told() == []


def test_what_was_still_owed_when_a_part_paid_bill_ended_is_kept_and_goes_back(treasury: Any) -> None:
    """The bank was told of 70 when it asked; the bill was withdrawn before its payment came."""
    application, bill = parts(treasury, 100, 30)
    withdraw(treasury, application, 2)
    assert treasury.pay(bill).json["responseCode"] == "4042513"
    assert treasury.pay(bill, paidAmount={"value": "70.00", "currency": "IDR"}).json["responseCode"] == "2002500"
    assert refunds(treasury) == [(30, "application-withdrawn"), (70, "bill-cancelled")]
    assert treasury.balanced() == {CASH: 100, OWED: -100, REVENUE: 0}
