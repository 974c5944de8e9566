"""Cash and card are taken as far as they are owed; a transfer has moved already, is named by its bank, and credits once wherever it is shown."""

import io
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

CASH = "1.1.01.02.01.0001"


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def shown(treasury: Any, who: dict[str, str] | None = None, content: bytes = PDF, name: str = "bukti.pdf") -> TestResponse:
    """A payer shows the evidence of a transfer."""
    body = {"file": (io.BytesIO(content), name)}
    answer: TestResponse = treasury.client.post("/v1/payments/evidence", data=body, headers=who or treasury.treasurer())
    return answer


def take(treasury: Any, bill: dict[str, Any], channel: str, amount: int = 100, **more: str) -> TestResponse:
    if channel == "counter_transfer" and "evidence_id" not in more:
        more["evidence_id"] = shown(treasury).get_json()["id"]
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


def test_the_evidence_of_a_transfer_is_shown_to_treasurer_and_auditor_alone_and_they_are_recorded(treasury: Any) -> None:
    payment = take(treasury, treasury.a_bill(100), "counter_transfer", bank="BANK-DEMO").get_json()
    path = f"/v1/payments/{payment['id']}/evidence"
    for who in (treasury.treasurer(), treasury.as_("pemeriksa", "auditor")):
        served = treasury.client.get(path, headers=who)
        assert (served.data, served.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    for who in (treasury.as_("budi", "citizen"), treasury.head(), treasury.as_("petugas", "officer", office="DPMPTSP")):
        assert treasury.client.get(path, headers=who).status_code == 403
    assert treasury.client.get(path, headers=treasury.as_("lain", "treasurer", office="DLH")).status_code in (403, 404)
    seen = treasury.client.get("/v1/me/data-access", headers=treasury.as_("budi", "citizen")).json["items"]
    assert [row["purpose"] for row in seen] == ["payment evidence read"] * 2


@pytest.mark.parametrize("more", [{"evidence_id": str(uuid4())}, {"evidence_id": None}])
def test_a_transfer_without_its_evidence_is_refused(treasury: Any, more: dict[str, Any]) -> None:
    body = {
        "bill_id": treasury.a_bill(100)["id"],
        "amount": 100,
        "channel": "counter_transfer",
        "bank_reference": "T-9",
        "bank": "BANK-DEMO",
    }
    body |= {name: value for name, value in more.items() if value}
    refused = treasury.client.post("/v1/payments", json=body, headers={**treasury.treasurer(), **treasury.key()})
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"evidence_id"})
    assert treasury.balanced() == {}


def test_evidence_of_another_office_or_of_another_payment_or_of_cash_is_refused(treasury: Any) -> None:
    theirs = shown(treasury, treasury.as_("lain", "treasurer", office="DLH")).get_json()["id"]
    refused = take(treasury, treasury.a_bill(100), "counter_transfer", bank="BANK-DEMO", evidence_id=theirs)
    assert set(refused.get_json()["errors"]) == {"evidence_id"}
    mine = shown(treasury).get_json()["id"]
    assert set(take(treasury, treasury.a_bill(100), "counter_cash", evidence_id=mine).get_json()["errors"]) == {"evidence_id"}
    assert take(treasury, treasury.a_bill(100), "counter_transfer", bank="BANK-DEMO", evidence_id=mine).status_code == 201
    again = take(treasury, treasury.a_bill(100), "counter_transfer", bank="BANK-DEMO", bank_reference="T-2", evidence_id=mine)
    assert (again.status_code, again.get_json()["type"]) == (409, "/problems/evidence-used")
    assert treasury.balanced()[CASH] == 100


def test_what_is_no_pdf_or_picture_is_no_evidence_and_only_a_treasurer_keeps_it(treasury: Any) -> None:
    assert shown(treasury, content=b"MZ\x90", name="bukti.pdf").status_code == 422
    assert shown(treasury, treasury.as_("petugas", "officer", office="DPMPTSP")).status_code == 403
    assert treasury.client.post("/v1/payments/evidence", data={}, headers=treasury.treasurer()).status_code in (415, 422)


def test_a_transfer_that_the_bank_has_told_before_keeps_the_evidence_that_is_shown_of_it(treasury: Any) -> None:
    bill = treasury.a_bill(100)
    treasury.pay(bill, paymentRequestId="T-1")
    assert take(treasury, bill, "counter_transfer", bank="BANK-DEMO").get_json()["evidence_id"] is not None
