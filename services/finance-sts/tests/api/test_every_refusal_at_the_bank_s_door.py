"""Whatever is wrong with a call of the bank: its exact code, a line in the log, and nothing credited."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from smartcity.observability import configure_logs

URL = "/snap/v1.0/transfer-va/payment"
LOST = {"customerNo": "9999999999999999", "virtualAccountNo": "   127109999999999999999"}


def call(treasury: Any, body: bytes, **how: Any) -> TestResponse:
    answer: TestResponse = treasury.client.post(URL, data=body, headers=treasury.signed(body, **how))
    return answer


def told(**other: Any) -> Callable[[Any, dict[str, Any]], TestResponse]:
    """A call that is rightly signed, with something else in it."""
    return lambda treasury, bill: call(treasury, treasury.callback(bill, **other))


def rupiah(value: str) -> dict[str, Any]:
    return {"paidAmount": {"value": value, "currency": "IDR"}}


def replayed_with_other_bytes(treasury: Any, bill: dict[str, Any]) -> TestResponse:
    body = treasury.callback(bill, **rupiah("99.00"))
    answer: TestResponse = treasury.client.post(URL, data=body.replace(b"99.00", b"100.00"), headers=treasury.signed(body))
    return answer


def signed_by_another(treasury: Any, bill: dict[str, Any]) -> TestResponse:
    return call(treasury, treasury.callback(bill), secret="wrong")


def signed_long_ago(treasury: Any, bill: dict[str, Any]) -> TestResponse:
    return call(treasury, treasury.callback(bill), at=datetime.now(UTC) - timedelta(minutes=6))


def signed_for_tomorrow(treasury: Any, bill: dict[str, Any]) -> TestResponse:
    return call(treasury, treasury.callback(bill), at=datetime.now(UTC) + timedelta(minutes=6))


REFUSED = [
    (signed_by_another, "4012500"),
    (replayed_with_other_bytes, "4012500"),
    (signed_long_ago, "4012500"),
    (signed_for_tomorrow, "4012500"),
    (told(**LOST), "4042512"),
    (told(**rupiah("99.00")), "4042513"),
    (told(**rupiah("101.00")), "4042513"),
    (told(**rupiah("-100.00")), "4002501"),
    (told(**rupiah("0.00")), "4002501"),
    (told(**rupiah("100.50")), "4002501"),
    (told(**rupiah("100")), "4002501"),
    (told(**rupiah("1e2")), "4002501"),
    (told(paidAmount={"value": 100, "currency": "IDR"}), "4002501"),
]
NAMES = [
    "signed by another", "replayed with other bytes", "signed long ago", "signed for tomorrow", "nobody's account", "too little", "too much",
    "negative", "nothing", "fractional", "without decimals", "with an exponent", "a number instead of text",
]  # fmt: skip


@pytest.mark.parametrize(("sent", "code"), REFUSED, ids=NAMES)
def test_it_gets_its_exact_code_is_logged_and_nothing_is_credited(
    treasury: Any, capsys: pytest.CaptureFixture[str], sent: Callable[..., TestResponse], code: str
) -> None:
    bill = treasury.a_bill(100)
    configure_logs("finance-sts", "INFO")
    capsys.readouterr()
    answer = sent(treasury, bill)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (answer.status_code, answer.get_json()["responseCode"]) == (int(code[:3]), code)
    assert [line["code"] for line in lines if line["event"] == "bank refused"] == [code]
    assert treasury.balanced() == {}


def test_what_is_paid_already_is_refused_and_logged_and_the_first_payment_stands(treasury: Any, capsys: pytest.CaptureFixture[str]) -> None:
    bill = treasury.a_bill(100)
    assert treasury.pay(bill).status_code == 200
    configure_logs("finance-sts", "INFO")
    assert treasury.pay(bill).get_json()["responseCode"] == "4042514"
    assert '"4042514"' in capsys.readouterr().out
    assert treasury.balanced()["1.1.01.02.01.0001"] == 100


def test_an_account_whose_bill_has_ended_is_told_so_logged_and_nothing_is_credited(
    treasury: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bill = treasury.a_bill(100)
    treasury.act(f"/v1/bills/{bill['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-payer"})
    configure_logs("finance-sts", "INFO")
    inquiry, body = URL.replace("payment", "inquiry"), treasury.callback(bill, inquiryRequestId="q-1")
    answer = treasury.client.post(inquiry, data=body, headers=treasury.signed(body, path=inquiry))
    assert (answer.status_code, answer.get_json()["responseCode"]) == (404, "4042419")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["code"] for line in lines if line["event"] == "bank refused"] == ["4042419"]
    assert treasury.balanced() == {}
