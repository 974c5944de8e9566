"""Cash and card are taken as far as they are owed; a transfer has moved already, is named by its bank, and credits once wherever it is shown."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

CASH = "1.1.01.02.01.0001"


def take(treasury: Any, bill: dict[str, Any], channel: str, amount: int = 100, **more: str) -> TestResponse:
    body = {"bill_id": bill["id"], "amount": amount, "channel": channel, "bank_reference": "T-1", **more}
    answer: TestResponse = treasury.client.post("/v1/payments", json=body, headers={**treasury.treasurer(), **treasury.key()})
    return answer


@pytest.mark.parametrize(("channel", "more"), [("counter_cash", {}), ("counter_card", {}), ("counter_transfer", {"bank": "BANK-DEMO"})])
def test_each_way_at_the_counter_pays_the_bill_with_its_receipt(treasury: Any, channel: str, more: dict[str, str]) -> None:
    taken = take(treasury, treasury.a_bill(100), channel, **more)
    assert (taken.status_code, taken.get_json()["channel"], taken.get_json()["bank"]) == (201, channel, more.get("bank", "counter-DPMPTSP"))
    assert taken.get_json()["receipt_no"].startswith("SSRD/DPMPTSP/")
    assert treasury.balanced()[CASH] == 100


@pytest.mark.parametrize(
    ("channel", "more", "field"),
    [
        ("counter_transfer", {}, "bank"),
        ("counter_transfer", {"bank": "BANK-OF-NOBODY"}, "bank"),
        ("counter_cash", {"bank": "BANK-DEMO"}, "bank"),
        ("counter_card", {"bank": "BANK-DEMO"}, "bank"),
        ("qris", {}, "channel"),
        ("virtual_account", {}, "channel"),
    ],
)
def test_what_does_not_belong_to_the_channel_is_refused_and_nothing_is_credited(
    treasury: Any, channel: str, more: dict[str, str], field: str
) -> None:
    refused = take(treasury, treasury.a_bill(100), channel, **more)
    assert (refused.status_code, refused.get_json()["type"]) == (422, "/problems/fields-wrong")
    assert set(refused.get_json()["errors"]) == {field}
    assert treasury.balanced() == {}


@pytest.mark.parametrize("channel", ["counter_cash", "counter_card"])
def test_cash_and_card_may_not_be_too_much(treasury: Any, channel: str) -> None:
    refused = take(treasury, treasury.a_bill(100), channel, 150)
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/payment-amount-differs")


def test_a_transfer_may_be_too_much_and_what_is_too_much_is_owed_back(treasury: Any) -> None:
    moved = take(treasury, treasury.a_bill(100), "counter_transfer", 150, bank="BANK-DEMO")
    assert (moved.status_code, moved.get_json()["refund_total"]) == (201, 50)
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert (refund["amount"], refund["reason_code"]) == (50, "overpaid")


def test_the_evidence_of_one_transfer_credits_once_also_when_the_bank_has_told_it_already(treasury: Any) -> None:
    bill, other = treasury.a_bill(100), treasury.a_bill(100)
    assert treasury.pay(bill, paymentRequestId="T-1").status_code == 200
    again = take(treasury, bill, "counter_transfer", bank="BANK-DEMO")
    assert (again.status_code, again.get_json()["channel"]) == (201, "virtual_account")
    refused = take(treasury, other, "counter_transfer", bank="BANK-DEMO")
    assert (refused.status_code, refused.get_json()["type"]) == (409, "/problems/bank-reference-reused")
    assert treasury.balanced()[CASH] == 100
