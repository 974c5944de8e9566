"""Fifty connections are open and all have sent before one answer is read: one bill is credited once, and each is told the truth."""

import json
from collections import Counter
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

FIFTY = 50
CASH, OWED_BACK = "1.1.01.02.01.0001", "2.1.06.02.01.0001"
VA, QRIS = "/snap/v1.0/transfer-va/payment", "/snap/v1.0/qr/qr-mpm-notify"
Call = tuple[str, bytes, dict[str, str]]


def at_once(port: int, calls: list[Call]) -> list[Any]:
    """What each is answered, over a connection of its own."""
    lines = [HTTPConnection("127.0.0.1", port, timeout=60) for _ in calls]
    for line in lines:
        line.connect()
    for line, (path, body, headers) in zip(lines, calls, strict=True):
        line.request("POST", path, body, headers)
    answers: list[HTTPResponse] = [line.getresponse() for line in lines]
    told = [json.loads(answer.read()) for answer in answers]
    for line in lines:
        line.close()
    assert {answer.status for answer in answers} <= {200, 404}, told
    return told


def notice(bill: dict[str, Any], reference: str) -> bytes:
    told = {
        "originalReferenceNo": reference, "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": "00",
        "amount": {"value": f"{bill['total']}.00", "currency": "IDR"},
    }  # fmt: skip
    return json.dumps(told).encode()


@pytest.mark.parametrize("path", [VA, QRIS])
def test_fifty_identical_callbacks_at_once_credit_once_and_get_one_answer(treasury: Any, web: Any, path: str) -> None:
    bill = treasury.a_bill()
    body = treasury.callback(bill) if path == VA else notice(bill, "q-1")
    call = (path, body, treasury.signed(body, path=path))
    with web() as (_, port):
        answers = at_once(port, [call] * FIFTY)
    assert Counter(answer["responseCode"] for answer in answers) == {"2002500" if path == VA else "2005200": FIFTY}
    assert all(answer == answers[0] for answer in answers)
    assert len(treasury.told("finance-sts.bill.paid.v1")) == len(treasury.told("finance-sts.payment.received.v1")) == 1
    assert treasury.balanced()[CASH] == bill["total"]


def test_fifty_different_callbacks_at_once_for_one_bill_credit_once(treasury: Any, web: Any) -> None:
    bill = treasury.a_bill()
    calls = [(VA, body, treasury.signed(body)) for body in (treasury.callback(bill) for _ in range(FIFTY))]
    with web() as (_, port):
        answers = at_once(port, calls)
    assert Counter(answer["responseCode"] for answer in answers) == {"2002500": 1, "4042514": FIFTY - 1}
    assert len(treasury.told("finance-sts.bill.paid.v1")) == len(treasury.told("finance-sts.payment.received.v1")) == 1
    assert treasury.balanced()[CASH] == bill["total"]


def test_fifty_different_notices_at_once_for_one_bill_are_all_kept_and_all_but_one_go_back(treasury: Any, web: Any) -> None:
    bill = treasury.a_bill()
    calls = [(QRIS, body, treasury.signed(body, path=QRIS)) for body in (notice(bill, f"q-{n}") for n in range(FIFTY))]
    with web() as (_, port):
        answers = at_once(port, calls)
    assert {answer["responseCode"] for answer in answers} == {"2005200"}
    books = treasury.balanced()
    assert (books[CASH], books[OWED_BACK]) == (FIFTY * bill["total"], -(FIFTY - 1) * bill["total"])
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1
