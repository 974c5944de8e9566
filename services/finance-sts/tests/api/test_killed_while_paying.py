"""The service is killed at each boundary of a payment's commit, in a process of its own; who told it repeats; it is credited exactly once."""

import json
import signal
from collections.abc import Callable
from typing import Any

import httpx
import pytest

CASH, TOTAL = "1.1.01.02.01.0001", 346680
VA, QRIS = "/snap/v1.0/transfer-va/payment", "/snap/v1.0/qr/qr-mpm-notify"
Telling = Callable[[httpx.Client, str], httpx.Response]
"""Tell the one payment under this number of the call."""


def by_virtual_account(treasury: Any, bill: dict[str, Any]) -> Telling:
    body = treasury.callback(bill, paymentRequestId="r-1")
    return lambda http, number: http.post(VA, content=body, headers=treasury.signed(body, external=number))


def by_qris(treasury: Any, bill: dict[str, Any]) -> Telling:
    told = {
        "originalReferenceNo": "r-1", "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": "00",
        "amount": {"value": f"{TOTAL}.00", "currency": "IDR"},
    }  # fmt: skip
    body = json.dumps(told).encode()
    return lambda http, number: http.post(QRIS, content=body, headers=treasury.signed(body, external=number, path=QRIS))


def at_the_counter(treasury: Any, bill: dict[str, Any]) -> Telling:
    taken = {"bill_id": bill["id"], "amount": TOTAL, "channel": "counter_cash", "bank_reference": "r-1"}
    return lambda http, number: http.post(
        "/v1/payments", json=taken, headers={**treasury.treasurer(), "Idempotency-Key": f"key-{number:0>16}"}
    )


@pytest.mark.parametrize("way", [by_virtual_account, by_qris, at_the_counter])
@pytest.mark.parametrize(
    ("boundary", "kept"),
    [("before_flush", False), ("after_flush", False), ("before_commit", False), ("after_commit", True)],
    ids=["nothing written", "written, not committed", "on the way to commit", "committed, not answered"],
)
def test_a_payment_whose_process_is_killed_is_credited_exactly_once(
    treasury: Any, web: Any, way: Callable[..., Telling], boundary: str, kept: bool
) -> None:
    tell = way(treasury, treasury.a_bill(TOTAL))
    with web(boundary) as (process, port), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        with pytest.raises(httpx.TransportError):
            tell(http, "1")
        assert process.wait(10) == -signal.SIGKILL
    assert treasury.balanced().get(CASH, 0) == (TOTAL if kept else 0)
    with web() as (_, port), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        same, again = tell(http, "1"), tell(http, "2")
    assert same.status_code == again.status_code == (201 if way is at_the_counter else 200), (same.text, again.text)
    assert same.content == again.content
    assert len(treasury.told("finance-sts.bill.paid.v1")) == len(treasury.told("finance-sts.payment.received.v1")) == 1
    assert treasury.balanced()[CASH] == TOTAL
