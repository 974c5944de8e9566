"""What the bank is told, again and again."""

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill_queries import of_account
from finance_sts.model.payment import Channel
from finance_sts.use_cases.payments import Incoming, record_payment

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


@pytest.mark.parametrize(("wrong", "code"), [
    *(({name: ""}, "4002502") for name in ("X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID")),
    ({"CHANNEL-ID": "123456"}, "4002501"), ({"CHANNEL-ID": "é"}, "4002501"), ({"X-EXTERNAL-ID": "1" * 37}, "4002501"),
])  # fmt: skip
def test_a_header_that_is_missing_or_crooked_is_told_as_a_field_is(treasury: Any, wrong: dict[str, str], code: str) -> None:
    body = treasury.callback(treasury.a_bill(100))
    answer = treasury.client.post(URL, data=body, headers={**treasury.signed(body), **wrong})
    assert (answer.status_code, answer.json["responseCode"]) == (400, code)
    assert treasury.balanced() == {}


def test_one_payment_request_for_two_bills_at_once_credits_one_and_is_a_conflict_for_the_other(treasury: Any, session: Session) -> None:
    one, other = treasury.a_bill(100), treasury.a_bill(100)
    money = Incoming("BANK-DEMO", "r-1", 100, Channel.VIRTUAL_ACCOUNT, "snap:MEDANDEMO")
    record_payment(session, of_account(one["virtual_account_no"]), money, datetime.now(UTC))
    session.flush()
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(treasury.pay, other, paymentRequestId="r-1")
        try:
            waits(session, late)
        finally:
            session.commit()
        answer = late.result(30)
    assert (answer.status_code, answer.json["responseCode"]) == (409, "4092501")
    assert treasury.balanced()["1.1.01.02.01.0001"] == 100


def waits(session: Session, other: Future[Any]) -> None:
    """Until the other waits for what this transaction holds."""
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))")
    end = time.monotonic() + 30
    while not session.scalar(waiting):
        assert not other.done(), "it waited for nothing"
        assert time.monotonic() < end
        time.sleep(0.01)


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
