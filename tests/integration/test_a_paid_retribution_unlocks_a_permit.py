"""The story the suite exists for, and the same story while offices are away, killed, or told everything twice."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.integration.city import City, until

TOTAL = 346680


def test_a_paid_retribution_unlocks_a_permit(city: City) -> None:
    ident = city.approved_application()
    assert city.assess(ident) == TOTAL
    assert city.application(ident)["status"] == "awaiting_payment"
    bill = until(lambda: city.bill_of(ident))
    assert bill["total"] == TOTAL
    assert city.pay(bill).json()["responseCode"] == "2002500"
    city.issued_once(ident, TOTAL)
    permit = city.permit_of(ident)
    assert permit is not None
    paper = city.call("GET", f"/v1/permits/{permit['id']}/document", "budi")
    assert paper.content.startswith(b"%PDF")
    verified = city.get(f"/v1/verify/{permit['verify_code']}")
    assert (verified["standing"], verified["statement"]["number"]) == ("valid", permit["number"])


def test_with_the_treasury_stopped_during_assessment_nothing_is_missing(city: City) -> None:
    ident = city.approved_application()
    city.stop("finance-sts")
    assert city.assess(ident) == TOTAL
    assert city.application(ident)["status"] == "awaiting_payment"
    assert city.call("GET", "/v1/bills", "budi").status_code == 503
    city.start("finance-sts")
    city.all_up()
    city.pay(until(lambda: city.bill_of(ident)))
    city.issued_once(ident, TOTAL)


def test_with_the_permit_office_stopped_during_payment_nothing_is_missing(city: City) -> None:
    ident, bill = city.assessed_bill()
    city.stop("licensing")
    assert city.pay(bill).json()["responseCode"] == "2002500"
    city.start("licensing")
    city.all_up()
    city.issued_once(ident, TOTAL)


def test_with_the_relay_killed_after_publish_and_before_mark_nothing_is_doubled(city: City) -> None:
    ident, bill = city.assessed_bill()
    city.plant("relay-after-publish")
    city.pay(bill)
    until(lambda: city.died("relay-after-publish"))
    city.all_up()
    city.issued_once(ident, TOTAL)


def test_with_the_consumer_killed_after_commit_and_before_ack_nothing_is_doubled(city: City) -> None:
    ident, bill = city.assessed_bill()
    city.plant("consumer-after-commit")
    city.pay(bill)
    until(lambda: city.died("consumer-after-commit"))
    city.all_up()
    city.issued_once(ident, TOTAL)


def test_with_every_work_process_killed_between_payment_and_issue_nothing_is_lost(city: City) -> None:
    ident, bill = city.assessed_bill()
    city.pay(bill)
    for name in ("finance-sts-work", "licensing-work"):
        city.kill(name)
    city.all_up()
    city.issued_once(ident, TOTAL)


def test_with_the_broker_killed_between_payment_and_issue_nothing_is_lost(city: City) -> None:
    if city.broker is None:
        pytest.skip("the embedded broker has no process of its own: its users are killed in the tests beside this one")
    ident, bill = city.assessed_bill()
    city.broker.kill()
    assert city.pay(bill).json()["responseCode"] == "2002500"
    assert city.application(ident)["status"] == "awaiting_payment"
    city.broker.start()
    city.issued_once(ident, TOTAL)


def test_the_same_callback_fifty_times_at_once_credits_once(city: City) -> None:
    ident, bill = city.assessed_bill()
    body, headers = city.callback(bill)
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: city.send(body, headers), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    city.issued_once(ident, TOTAL)


def test_the_same_payment_request_with_another_amount_is_a_conflict_in_the_banks_form(city: City) -> None:
    _, bill = city.assessed_bill()
    request = uuid4().hex
    assert city.pay(bill, paymentRequestId=request).json()["responseCode"] == "2002500"
    other = city.pay(bill, paymentRequestId=request, paidAmount={"value": "1000.00", "currency": "IDR"})
    assert (other.status_code, other.json()["responseCode"]) == (409, "4092501")


def test_a_payment_for_a_withdrawn_application_is_told_back_and_refunded(city: City) -> None:
    ident, bill = city.assessed_bill()
    city.stop("finance-sts-work")
    assert city.act(f"/v1/permit-applications/{ident}/withdrawal", "budi", {"reason_code": "no-longer-needed"}).status_code < 300
    assert city.pay(bill).json()["responseCode"] == "2002500"
    city.start("finance-sts-work")

    def refund() -> dict[str, object] | None:
        found = city.get("/v1/refunds?limit=200", "bendahara")["items"]
        return next((one for one in found if one["bill_id"] == bill["id"]), None)

    asked = until(refund)
    assert asked["amount"] == TOTAL
    path = f"/v1/refunds/{asked['id']}"
    assert city.act(f"{path}/approval", "kuasa-bud", {"reason_code": "other"}, on=path).json()["status"] == "approved"
    assert city.act(f"{path}/payment", "bendahara", {"bank_reference": "SP2D-1"}, on=path).json()["status"] == "paid"
    assert city.permit_of(ident) is None
    city.ledger()


def test_the_same_key_with_another_body_is_refused(city: City) -> None:
    key = {"Idempotency-Key": uuid4().hex}
    body = {"bill_id": str(uuid4()), "amount": 5, "channel": "counter_cash", "bank_reference": "t-1"}
    ident, bill = city.assessed_bill()
    body["bill_id"], body["amount"] = bill["id"], bill["total"]
    first = city.call("POST", "/v1/payments", "bendahara", json=body, headers=key)
    assert first.status_code == 201, first.text
    again = city.call("POST", "/v1/payments", "bendahara", json=body, headers=key)
    assert (again.status_code, again.content) == (201, first.content)
    other = city.call("POST", "/v1/payments", "bendahara", json={**body, "bank_reference": "t-2"}, headers=key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    city.issued_once(ident, TOTAL)
