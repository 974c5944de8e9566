"""What the bank is told, again and again."""

import json
from typing import Any

URL = "/snap/v1.0/transfer-va/payment"


def call(treasury: Any, body: bytes, **how: Any) -> Any:
    return treasury.client.post(URL, data=body, headers=treasury.signed(body, **how))


def test_a_refusal_is_remembered_under_its_external_id(treasury: Any) -> None:
    bill = treasury.a_bill(100)
    wrong = treasury.callback(bill, paidAmount={"value": "99.00", "currency": "IDR"})
    first, again = (call(treasury, wrong, external="4711") for _ in range(2))
    assert first.json["responseCode"] == "4042513"
    assert (again.status_code, again.get_data()) == (404, first.get_data())
    assert call(treasury, treasury.callback(bill), external="4711").json["responseCode"] == "4092500"
    assert call(treasury, treasury.callback(bill), external="4712").json["responseCode"] == "2002500"


def test_a_call_that_was_not_signed_uses_no_external_id_up(treasury: Any) -> None:
    body = treasury.callback(treasury.a_bill(100))
    assert call(treasury, body, external="4711", secret="wrong").json["responseCode"] == "4012500"
    assert call(treasury, body, external="4711").json["responseCode"] == "2002500"


def test_a_partner_nobody_knows_is_told_the_same_as_one_who_signs_wrong(treasury: Any) -> None:
    body = treasury.callback(treasury.a_bill(100))
    headers = {**treasury.signed(body, external="4711"), "X-PARTNER-ID": "NOBODY"}
    assert treasury.client.post(URL, data=body, headers=headers).json["responseCode"] == "4012500"


def test_the_same_payment_request_for_another_account_is_a_conflict(treasury: Any) -> None:
    one, other = treasury.a_bill(100), treasury.a_bill(100)
    assert treasury.pay(one, paymentRequestId="r-1").status_code == 200
    answer = treasury.pay(other, paymentRequestId="r-1")
    assert (answer.status_code, answer.json["responseCode"]) == (409, "4092501")
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1


def test_a_missing_external_id_is_a_missing_field_and_an_unknown_field_is_the_bank_s_own(treasury: Any) -> None:
    body = treasury.callback(treasury.a_bill(100), additionalInfo={"teller": 7})
    headers = {**treasury.signed(body), "X-EXTERNAL-ID": ""}
    assert treasury.client.post(URL, data=body, headers=headers).json["responseCode"] == "4002502"
    assert call(treasury, body).json["responseCode"] == "2002500"


def test_the_query_is_signed_too(treasury: Any) -> None:
    body = treasury.callback(treasury.a_bill(100))
    answer = treasury.client.post(URL + "?x=1", data=body, headers=treasury.signed(body))
    assert answer.json["responseCode"] == "4012500"


def test_the_suite_s_clock_moves_no_signature(treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(100)
    clock.advance(days=10)
    assert treasury.pay(bill).json["responseCode"] == "2002500"


def test_each_missing_field_is_named_as_missing_and_each_crooked_one_as_crooked(treasury: Any) -> None:
    whole = json.loads(treasury.callback(treasury.a_bill(100)))
    for name in ("partnerServiceId", "customerNo", "virtualAccountNo", "paymentRequestId", "paidAmount"):
        less = {key: value for key, value in whole.items() if key != name}
        assert call(treasury, json.dumps(less).encode()).json["responseCode"] == "4002502", name
        assert call(treasury, json.dumps({**whole, name: []}).encode()).json["responseCode"] == "4002501", name
    assert treasury.balanced() == {}


def test_money_for_a_bill_that_a_person_cancelled_is_kept_and_told_to_nobody_as_paid(treasury: Any) -> None:
    bill = treasury.a_bill(100)
    path = f"/v1/bills/{bill['id']}/cancellation"
    assert treasury.act(path, treasury.treasurer(), {"reason_code": "unheard-of"}).status_code == 422
    no_match = treasury.client.post(path, json={"reason_code": "other"}, headers=treasury.treasurer())
    assert no_match.status_code == 428
    assert treasury.act(path, treasury.treasurer(), {"reason_code": "wrong-payer"}).json["status"] == "cancelled"
    assert treasury.pay(bill).json["responseCode"] == "2002500"
    assert treasury.told("finance-sts.bill.paid.v1") == []
    (received,) = treasury.told("finance-sts.payment.received.v1")
    assert (received["data"]["amount"], received["data"]["usable"]) == (100, False)
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert (refund["amount"], refund["reason_code"]) == (100, "bill-cancelled")
    assert treasury.client.get(f"/v1/verify/{bill['verify_code']}").json["standing"] == "cancelled"
