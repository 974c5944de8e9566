"""A QRIS code asks for what is owed now; the acquirer's word credits it once; what has moved and cannot be used goes back."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from finance_sts.rules import qris
from finance_sts.rules.snap_signature import SignedCall, sign
from smartcity.documents.render import qr_png, qr_svg

NOTICE = "/snap/v1.0/qr/qr-mpm-notify"
SECRET = "test-snap_client_secret"
_external = count(900_000)


def code(treasury: Any, bill: dict[str, Any]) -> dict[str, Any]:
    answer = treasury.client.get(f"/v1/qris/{bill['id']}", headers=treasury.as_("budi", "citizen"))
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def label(shown: dict[str, Any]) -> str:
    """What the payer's app reads from the code and the acquirer gives back."""
    return dict(qris.parse(dict(qris.read(shown["payload"]))["62"]))["01"]


def notice(bill_label: str, rupiah: int, **other: Any) -> bytes:
    told = {
        "originalReferenceNo": uuid4().hex, "originalPartnerReferenceNo": bill_label, "latestTransactionStatus": "00",
        "amount": {"value": f"{rupiah}.00", "currency": "IDR"}, **other,
    }  # fmt: skip
    return json.dumps(told, separators=(",", ":")).encode()


def tell(treasury: Any, body: bytes, *, external: str = "", secret: str = SECRET) -> Any:
    token, at = treasury.token("bank", "bank"), datetime.now(UTC).isoformat(timespec="seconds")
    headers = {
        "Authorization": f"Bearer {token}", "X-TIMESTAMP": at, "X-SIGNATURE": sign(SignedCall("POST", NOTICE, token, body, at), secret),
        "X-PARTNER-ID": "MEDANDEMO", "X-EXTERNAL-ID": external or str(next(_external)), "CHANNEL-ID": "95231", "Content-Type": "application/json",
    }  # fmt: skip
    return treasury.client.post(NOTICE, data=body, headers=headers)


def refunds(treasury: Any) -> list[tuple[int, str]]:
    found = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    return [(refund["amount"], refund["reason_code"]) for refund in found]


def test_a_bill_is_paid_by_its_code(treasury: Any) -> None:
    bill = treasury.a_bill(346680)
    shown = code(treasury, bill)
    assert dict(qris.read(shown["payload"]))["54"] == "346680"
    answer = tell(treasury, notice(label(shown), 346680))
    assert (answer.status_code, answer.json) == (200, {"responseCode": "2005200", "responseMessage": "Successful"})
    (paid,) = treasury.told("finance-sts.bill.paid.v1")
    assert (paid["data"]["bill_id"], paid["data"]["channel"]) == (bill["id"], "qris")
    assert sum(amount for account, amount in treasury.balanced().items() if account.startswith("4.")) == -346680


def test_a_code_asks_for_what_is_still_owed_and_is_shown_for_half_an_hour(treasury: Any, clock: Any) -> None:
    clock.set(datetime(2026, 5, 20, 3, tzinfo=UTC))
    bill = treasury.a_bill(1000)
    treasury.counter(bill, amount=400)
    shown = code(treasury, bill)
    assert (shown["amount"], dict(qris.read(shown["payload"]))["54"]) == (600, "600")
    assert shown["expires_at"].startswith("2026-05-20T03:30")
    drawn = treasury.client.get(f"/v1/qris/{bill['id']}.svg", headers=treasury.as_("budi", "citizen"))
    assert (drawn.mimetype, drawn.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert drawn.text.startswith("<svg")


@pytest.mark.parametrize(
    ("form", "kind", "draw"), [("svg", "image/svg+xml", lambda text: qr_svg(text).encode()), ("png", "image/png", qr_png)]
)
def test_a_code_is_drawn_in_the_form_its_address_ends_with(treasury: Any, form: str, kind: str, draw: Any) -> None:
    bill, who = treasury.a_bill(1000), treasury.as_("budi", "citizen")
    drawn = treasury.client.get(f"/v1/qris/{bill['id']}.{form}", headers={**who, "Accept": "image/webp"})
    assert (drawn.status_code, drawn.mimetype, drawn.headers["Cache-Control"]) == (200, kind, "no-store")
    assert drawn.data == draw(code(treasury, bill)["payload"])


def test_a_code_is_not_drawn_in_a_form_nobody_knows(treasury: Any) -> None:
    path = f"/v1/qris/{treasury.a_bill(1000)['id']}.bmp"
    assert treasury.client.get(path, headers=treasury.as_("budi", "citizen")).status_code == 404


def test_no_code_is_shown_for_what_is_not_owed_nor_to_a_stranger(treasury: Any) -> None:
    bill, mine = treasury.a_bill(100), treasury.as_("budi", "citizen")
    assert treasury.client.get(f"/v1/qris/{bill['id']}", headers=treasury.as_("siti", "citizen")).status_code == 404
    treasury.counter(bill)
    paid = treasury.client.get(f"/v1/qris/{bill['id']}", headers=mine)
    assert (paid.status_code, paid.json["type"]) == (409, "/problems/bill-already-paid")
    gone = treasury.a_bill(100)
    treasury.act(f"/v1/bills/{gone['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-payer"})
    refused = treasury.client.get(f"/v1/qris/{gone['id']}", headers=mine)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/bill-not-payable")


def test_the_same_notice_a_hundred_times_credits_once(treasury: Any) -> None:
    body = notice(label(code(treasury, treasury.a_bill(100))), 100)
    assert {tell(treasury, body).json["responseCode"] for _ in range(100)} == {"2005200"}
    assert len(treasury.told("finance-sts.payment.received.v1")) == 1
    assert refunds(treasury) == []


def test_fifty_different_notices_at_once_are_all_kept_and_all_but_one_go_back(treasury: Any) -> None:
    shown = code(treasury, treasury.a_bill(100))
    bodies = [notice(label(shown), 100) for _ in range(50)]
    with ThreadPoolExecutor(10) as pool:
        assert {answer.status_code for answer in pool.map(lambda body: tell(treasury, body), bodies)} == {200}
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1
    assert len(treasury.told("finance-sts.payment.received.v1")) == 50
    books = treasury.balanced()
    assert sum(amount for account, amount in books.items() if account.startswith("4.")) == -100
    assert books["2.1.06.02.01.0001"] == -4900
    assert books["1.1.01.02.01.0001"] == 5000


def test_what_was_paid_beyond_the_bill_is_owed_back_and_the_receipt_says_all_of_it(treasury: Any) -> None:
    shown = code(treasury, treasury.a_bill(1000))
    tell(treasury, notice(label(shown), 1500))
    assert refunds(treasury) == [(500, "overpaid")]
    (paid,) = treasury.told("finance-sts.bill.paid.v1")
    assert (paid["data"]["paid_total"], paid["data"]["reference_paid_total"]) == (1000, 1000)
    (received,) = treasury.told("finance-sts.payment.received.v1")
    assert (received["data"]["amount"], received["data"]["usable"]) == (1500, True)
    assert treasury.balanced()["2.1.06.02.01.0001"] == -500


def test_money_for_a_cancelled_bill_is_kept_and_goes_back(treasury: Any) -> None:
    bill = treasury.a_bill(100)
    shown = code(treasury, bill)
    treasury.act(f"/v1/bills/{bill['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-payer"})
    assert tell(treasury, notice(label(shown), 100)).status_code == 200
    assert refunds(treasury) == [(100, "bill-cancelled")]
    assert treasury.told("finance-sts.bill.paid.v1") == []


def test_a_code_that_was_not_paid_moves_nothing(treasury: Any) -> None:
    shown = code(treasury, treasury.a_bill(100))
    for status in ("03", "05", "06"):
        assert tell(treasury, notice(label(shown), 100, latestTransactionStatus=status)).json["responseCode"] == "2005200"
    assert treasury.balanced() == {}


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"originalPartnerReferenceNo": "SKRD/NOBODY/2026/000001"}, "4045212"),
        ({"amount": {"value": "99.50", "currency": "IDR"}}, "4005201"),
        ({"amount": {"value": "-1.00", "currency": "IDR"}}, "4005201"),
        ({"amount": {"value": "100.00", "currency": "USD"}}, "4005201"),
        ({"latestTransactionStatus": "paid"}, "4005201"),
        ({"originalReferenceNo": ""}, "4005201"),
    ],
)
def test_a_crooked_notice_is_told_so_in_snap_s_own_codes_and_nothing_is_credited(
    treasury: Any, other: dict[str, Any], expected: str
) -> None:
    shown = code(treasury, treasury.a_bill(100))
    assert tell(treasury, notice(label(shown), 100, **other)).json["responseCode"] == expected
    assert treasury.balanced() == {}


def test_a_notice_that_is_not_the_acquirer_s_is_refused(treasury: Any) -> None:
    body = notice(label(code(treasury, treasury.a_bill(100))), 100)
    assert tell(treasury, body, secret="wrong").json["responseCode"] == "4015200"
    assert tell(treasury, body, external="4711").json["responseCode"] == "2005200"
    assert tell(treasury, body[:-1] + b" }", external="4711").json["responseCode"] == "4095200"
    assert treasury.balanced()["1.1.01.02.01.0001"] == 100


def test_the_same_acquirer_s_reference_for_another_bill_is_a_conflict(treasury: Any) -> None:
    one, other = (label(code(treasury, treasury.a_bill(100))) for _ in range(2))
    assert tell(treasury, notice(one, 100, originalReferenceNo="r-1")).status_code == 200
    answer = tell(treasury, notice(other, 100, originalReferenceNo="r-1"))
    assert (answer.status_code, answer.json["responseCode"]) == (409, "4095201")
