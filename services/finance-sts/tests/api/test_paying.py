"""Every way to pay, and every way it is refused."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from smartcity.documents import NotGenuine, verify_offline
from smartcity.testing.printed import scanned

URL = "/snap/v1.0/transfer-va/payment"
CASH, REVENUE = "1.1.01.02.01.0001", "4.1.02.03.01.0001"


def test_a_bank_callback_covers_the_bill_and_gives_a_receipt(treasury: Any) -> None:
    bill = treasury.a_bill(187625)
    answer = treasury.pay(bill)
    assert (answer.status_code, answer.json["responseCode"]) == (200, "2002500")
    paid = treasury.bills(bill["reference"]["id"])[0]
    assert (paid["status"], paid["outstanding"]) == ("paid", 0)
    (told,) = treasury.told("finance-sts.bill.paid.v1")
    assert told["data"]["reference_paid_total"] == 187625
    assert told["data"]["receipt_no"] == answer.json["virtualAccountData"]["referenceNo"]
    assert treasury.balanced() == {CASH: 187625, REVENUE: -187625}


def test_the_same_callback_many_times_at_once_credits_once(treasury: Any) -> None:
    bill = treasury.a_bill()
    body = treasury.callback(bill)
    headers = treasury.signed(body)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: treasury.client.application.test_client().post(URL, data=body, headers=headers), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.get_data() for answer in answers}) == 1
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1
    assert treasury.balanced()[CASH] == bill["total"]


def test_different_callbacks_at_once_for_one_bill_credit_once(treasury: Any) -> None:
    bill = treasury.a_bill()
    calls = [(body, treasury.signed(body)) for body in (treasury.callback(bill) for _ in range(50))]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda call: treasury.client.application.test_client().post(URL, data=call[0], headers=call[1]), calls))
    assert sorted(answer.json["responseCode"] for answer in answers) == ["2002500"] + ["4042514"] * 49
    assert treasury.balanced()[CASH] == bill["total"]


def test_a_new_external_id_with_the_same_payment_gets_its_result_and_another_amount_a_conflict(treasury: Any) -> None:
    bill, ident = treasury.a_bill(), uuid4().hex
    first, second = (treasury.pay(bill, paymentRequestId=ident) for _ in range(2))
    assert first.json == second.json
    other = treasury.pay(bill, paymentRequestId=ident, paidAmount={"value": "5.00", "currency": "IDR"})
    assert (other.status_code, other.json["responseCode"]) == (409, "4092501")
    assert treasury.balanced()[CASH] == bill["total"]


def test_the_same_external_id_with_other_bytes_is_a_conflict(treasury: Any) -> None:
    bill = treasury.a_bill()
    for expected in ("2002500", "4092500"):
        body = treasury.callback(bill)
        answer = treasury.client.post(URL, data=body, headers=treasury.signed(body, external="777"))
        assert answer.json["responseCode"] == expected


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secret": "wrong"}, "4012500"),
        ({"at": datetime.now(UTC) - timedelta(minutes=6)}, "4012500"),
        ({"role": "citizen"}, "4012501"),
        ({"external": "not-a-number"}, "4002501"),
    ],
)
def test_who_is_not_the_bank_credits_nothing(treasury: Any, change: dict[str, Any], code: str) -> None:
    body = treasury.callback(treasury.a_bill())
    answer = treasury.client.post(URL, data=body, headers=treasury.signed(body, **change))
    assert answer.json["responseCode"] == code
    assert treasury.balanced() == {}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customerNo": "9999999999999999", "virtualAccountNo": "   127109999999999999999"}, "4042512"),
        ({"virtualAccountNo": "   127109999999999999999"}, "4002501"),
        ({"paidAmount": {"value": "1.00", "currency": "IDR"}}, "4042513"),
        ({"paidAmount": {"value": "-5.00", "currency": "IDR"}}, "4002501"),
        ({"paidAmount": {"value": "5.50", "currency": "IDR"}}, "4002501"),
        ({"paidAmount": {"value": "5.00", "currency": "USD"}}, "4002501"),
        ({"paymentRequestId": None}, "4002501"),
    ],
)
def test_a_wrong_payment_gets_its_exact_code_and_credits_nothing(treasury: Any, change: dict[str, Any], code: str) -> None:
    assert treasury.pay(treasury.a_bill(), **change).json["responseCode"] == code
    assert treasury.balanced() == {}


def test_changed_bytes_or_no_json_are_refused_in_snap_form(treasury: Any) -> None:
    body = treasury.callback(treasury.a_bill())
    assert treasury.client.post(URL, data=body + b" ", headers=treasury.signed(body)).json["responseCode"] == "4012500"
    assert treasury.client.post(URL, data=b"{", headers=treasury.signed(b"{")).json["responseCode"] == "4002500"
    assert treasury.client.post(URL, data=b"{}", headers=treasury.signed(b"{}")).json["responseCode"] == "4002502"
    assert treasury.client.post(URL, data=body).json["responseCode"] == "4012501"


def test_the_counter_takes_exactly_what_is_owed_once(treasury: Any) -> None:
    bill = treasury.a_bill()
    assert treasury.counter(bill, amount=bill["total"] + 1).json["type"] == "/problems/payment-amount-differs"
    first = treasury.counter(bill, "till-1")
    assert first.status_code == 201
    assert treasury.counter(bill, "till-1").json["receipt_no"] == first.json["receipt_no"]
    assert treasury.counter(bill, "till-2").json["type"] == "/problems/bill-already-paid"
    assert treasury.balanced()[CASH] == bill["total"]


def test_a_citizen_sees_only_their_own_bills_and_may_not_take_payments(treasury: Any) -> None:
    bill = treasury.a_bill()
    siti = treasury.as_("siti", "citizen")
    assert treasury.client.get(f"/v1/bills/{bill['id']}", headers=siti).status_code == 404
    assert treasury.client.get("/v1/bills", headers=siti).json["items"] == []
    assert treasury.client.post("/v1/payments", json={}, headers={**siti, **treasury.key()}).status_code == 403


def test_the_papers_are_pdfs_that_verify_and_the_bill_shows_as_paid(treasury: Any) -> None:
    bill = treasury.a_bill()
    treasury.pay(bill)
    budi = treasury.as_("budi", "citizen")
    (payment,) = treasury.client.get("/v1/payments", headers=budi).json["items"]
    for path in (f"/v1/bills/{bill['id']}/document", f"/v1/receipts/{payment['id']}/document"):
        paper = treasury.client.get(path, headers=budi)
        assert paper.status_code == 200 and paper.get_data().startswith(b"%PDF")
    assert bill["verify_code"][0] == payment["verify_code"][0] == "F"
    assert treasury.client.get(f"/v1/verify/{bill['verify_code']}").json["standing"] == "paid"
    assert treasury.client.get(f"/v1/verify/{payment['verify_code']}").json["standing"] == "valid"


def test_a_printed_receipt_holds_by_the_city_s_public_key_without_asking_anyone(treasury: Any) -> None:
    receipt = treasury.counter(treasury.a_bill(187625)).json
    pdf = treasury.client.get(f"/v1/receipts/{receipt['id']}/document", headers=treasury.as_("budi", "citizen")).get_data()
    known = treasury.client.get("/v1/open-data/finance-sts/document-keys").json["keys"]
    keys = {one["key_id"]: base64.b64decode(one["public_key"]) for one in known}
    said = verify_offline(pdf, keys).statement
    assert (said.code, said.claims["number"]) == (receipt["verify_code"], receipt["receipt_no"])
    (code,) = scanned(pdf)
    assert verify_offline(code, keys).statement == said
    for wrong in (pdf.replace(b"%PDF-1.7", b"%PDF-1.4"), pdf[:-200] + pdf[-199:]):
        with pytest.raises(NotGenuine):
            verify_offline(wrong, keys)


def test_the_day_is_gathered_deposited_validated_and_closed_by_another_person(treasury: Any) -> None:
    for _ in range(2):
        assert treasury.counter(treasury.a_bill(100_000)).status_code == 201
    (payment, _) = treasury.client.get("/v1/payments", headers=treasury.treasurer()).json["items"]
    day, closer = payment["day"], treasury.as_("ppk", "cashbook-closer", office="DPMPTSP")
    slip = treasury.client.post("/v1/deposit-slips", json={"day": day}, headers={**treasury.treasurer(), **treasury.key()})
    assert (slip.status_code, slip.json["total"]) == (201, 200_000)
    assert (
        treasury.client.post(f"/v1/days/{day}/closing", headers={**closer, **treasury.key()}).json["type"] == "/problems/day-not-balanced"
    )
    path = f"/v1/deposit-slips/{slip.json['id']}"
    assert treasury.act(f"{path}/deposit", treasury.treasurer(), {"bank_reference": "setor-1"}).json["status"] == "deposited"
    validated = treasury.act(f"{path}/validation", treasury.head(), {"credit_note": "NK-1", "amount": 200_000})
    assert validated.json["status"] == "validated"
    assert treasury.client.post(f"/v1/days/{day}/closing", headers={**closer, **treasury.key()}).json["closed"] is True
    assert treasury.balanced()[CASH] == 0
    again = treasury.client.post("/v1/deposit-slips", json={"day": day}, headers={**treasury.treasurer(), **treasury.key()})
    assert again.json["type"] == "/problems/day-closed"
    late = treasury.counter(treasury.a_bill(50_000))
    assert late.json["day"] > day
