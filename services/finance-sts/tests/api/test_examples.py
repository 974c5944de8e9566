"""Every operation is played once, and its example in the documentation is what it was asked and answered."""

import base64
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy.orm import Session

from finance_sts.rules.snap_signature import SignedCall, sign
from finance_sts.use_cases import monthly_reports
from smartcity import due
from smartcity.clock import now
from smartcity.testing import data_rights

SNAP, SECRET, DAY = "/snap/v1.0", "test-snap_client_secret", "2026-11-24"
WITHDRAWN = "licensing.application.withdrawn.v1"
DRAFT = {
    "payer": {"name": "Budi Santoso", "address": "Jalan Sei Deli 1, Medan"}, "heads": [{"account_code": "4.1.02.01.02.0001", "amount": 60_000}],
    "due_rule": "skrd-30-days", "period_from": "2026-11-01", "period_to": "2026-11-30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_day(clock: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))


def told_by_the_bank(recorder: Any, treasury: Any, key: Any) -> None:
    """Its own token, what an account owes, the payment, and how that stands."""
    now, bill = datetime.now(UTC).isoformat(timespec="seconds"), treasury.a_bill()
    proof = base64.b64encode(key.sign(f"MEDANDEMO|{now}".encode(), PKCS1v15(), SHA256())).decode()
    headers = {"X-CLIENT-KEY": "MEDANDEMO", "X-TIMESTAMP": now, "X-SIGNATURE": proof}
    token = recorder.post(f"{SNAP}/access-token/b2b", headers, json={"grantType": "client_credentials"})["accessToken"]
    account = {"partnerServiceId": "   12710", "customerNo": bill["virtual_account_no"][5:]}
    account["virtualAccountNo"] = account["partnerServiceId"] + account["customerNo"]
    for number, (path, more) in enumerate({
        f"{SNAP}/transfer-va/inquiry": {"inquiryRequestId": "tanya-1"},
        f"{SNAP}/transfer-va/payment": {"paymentRequestId": "tanya-1", "paidAmount": {"value": f"{bill['total']}.00", "currency": "IDR"}},
        f"{SNAP}/transfer-va/status": {"inquiryRequestId": "tanya-1"},
    }.items(), 1001):  # fmt: skip
        body = json.dumps({**account, **more}).encode()
        recorder.post(path, data=body, headers={
            "Authorization": f"Bearer {token}", "X-TIMESTAMP": now, "X-PARTNER-ID": "MEDANDEMO", "X-EXTERNAL-ID": str(number), "CHANNEL-ID": "95231",
            "X-SIGNATURE": sign(SignedCall("POST", path, token, body, now), SECRET), "Content-Type": "application/json",
        })  # fmt: skip


def money_that_goes_back(recorder: Any, treasury: Any) -> None:
    """Paid in part for what was then withdrawn; the head of the treasury approves, the treasurer pays."""
    application = treasury.assess(100_000)
    recorder.well(treasury.counter(treasury.bills(application)[0], "SETOR-TUNAI-1", amount=40_000))
    data = {**treasury.example(WITHDRAWN), "application_id": application}
    assert treasury.hear(WITHDRAWN, data, subject=application, sequence=2) == "applied"
    refund = recorder.get("/v1/refunds", treasury.head())["items"][0]
    path = f"/v1/refunds/{refund['id']}"
    other = treasury.a_bill(25_000)
    recorder.get(f"{path}/outlook", treasury.as_("budi", "citizen"))
    recorder.get("/v1/work-queues/finance-sts/refunds", treasury.head())
    recorder.well(treasury.act(f"{path}/credit", treasury.as_("budi", "citizen"), {"bill_id": other["id"]}))
    recorder.well(treasury.act(f"{path}/approval", treasury.head(), {"reason_code": "debt-disputed"}))
    recorder.get(f"{path}/document", treasury.as_("budi", "citizen"))
    recorder.well(treasury.act(f"{path}/payment", treasury.treasurer(), {"bank_reference": "SP2D-1"}))
    recorder.get(path, treasury.head())


def the_evening(recorder: Any, treasury: Any) -> None:
    """What was received is gathered, deposited, credited, and the day closed."""
    treasurer = treasury.treasurer()
    slip = recorder.post("/v1/deposit-slips", treasurer, json={"day": DAY})
    path = f"/v1/deposit-slips/{slip['id']}"
    recorder.well(treasury.act(f"{path}/deposit", treasurer, {"bank_reference": "SETOR-1"}))
    recorder.well(treasury.act(f"{path}/validation", treasury.head(), {"credit_note": "NK-1", "amount": slip["total"]}))
    recorder.post(f"/v1/days/{DAY}/closing", treasury.as_("ppk", "cashbook-closer", office="DPMPTSP"))
    for page in (path, f"{path}/lines", f"{path}/document", "/v1/deposit-slips", f"/v1/days/{DAY}"):
        recorder.get(page, treasurer)
    for page in ("accounts", "entries"):
        recorder.get(f"/v1/ledger/{page}", treasurer)


def a_bill_by_hand(recorder: Any, treasury: Any) -> None:
    """Prepared by an officer, issued by the head of the office."""
    officer = treasury.as_("petugas", "officer", office="DPMPTSP")
    draft = recorder.post("/v1/bills", officer, json=DRAFT)["id"]
    recorder.well(treasury.act(f"/v1/bills/{draft}/issuance", treasury.as_("kepala", "head", office="DPMPTSP")))
    recorder.get("/v1/bills/register?year=2026", officer)


def a_bill_that_is_paid(recorder: Any, treasury: Any) -> None:
    cancelled, bill, budi = treasury.a_bill(), treasury.a_bill(), treasury.as_("budi", "citizen")
    recorder.well(treasury.act(f"/v1/bills/{cancelled['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-payer"}))
    payment = recorder.well(treasury.counter(bill, "SETOR-TUNAI-2"))["id"]
    shown = {
        "file": (
            io.BytesIO(
                b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
            ),
            "bukti.pdf",
        )
    }
    evidence = recorder.post("/v1/payments/evidence", treasury.treasurer(), data=shown)["id"]
    transfer = {
        "bill_id": treasury.a_bill(15_000)["id"],
        "amount": 15_000,
        "channel": "counter_transfer",
        "bank_reference": "TRF-1",
        "bank": "BANK-DEMO",
    }
    moved = recorder.post("/v1/payments", treasury.treasurer(), json=transfer | {"evidence_id": evidence})["id"]
    recorder.get(f"/v1/payments/{moved}/evidence", treasury.treasurer())
    for path in (
        f"/v1/bills/{bill['id']}", f"/v1/bills/{bill['id']}/document", "/v1/bills", f"/v1/virtual-accounts/{bill['virtual_account_no']}",
        f"/v1/receipts/{payment}", f"/v1/receipts/{payment}/document", "/v1/receipts", "/v1/payments",
        f"/v1/verify/{bill['verify_code']}", "/v1/me/cases", "/v1/me/data-access",
    ):  # fmt: skip
        recorder.get(path, budi)


def what_the_bank_says_of_the_day(recorder: Any, bank: Any, clock: Any) -> None:
    """A statement is loaded in the next days and compared with the books; the head explains what is at the bank alone."""
    treasury, head = bank.treasury, bank.treasury.head()
    bill = treasury.a_bill(50_000)
    recorder.well(treasury.pay(bill))
    clock.set(datetime(2026, 12, 1, 3, tzinfo=UTC))
    statement = bank.tells(date(2026, 11, 24), [(50_000, f"VA {bill['virtual_account_no']}"), (-2_500, "Biaya administrasi")])["id"]
    for path in ("", f"/{statement}", f"/{statement}/lines"):
        recorder.get(f"/v1/bank-statements{path}", head)
    for day in recorder.get("/v1/reconciliations", head)["items"]:
        path = f"/v1/reconciliations/{day['id']}"
        for found in recorder.get(f"{path}/findings?outcome=bank_only", head)["items"]:
            why = {"finding": found["id"], "reason_code": "bank-charge", "note": "Biaya bulanan."}
            recorder.well(treasury.act(f"{path}/resolution", head, why))
            recorder.get(f"{path}/findings/{found['id']}/steps", head)
    recorder.get(path, head)
    recorder.get(f"{path}/findings", head)


def paid_by_qris(recorder: Any, treasury: Any) -> None:
    """The code is shown, and the acquirer tells that it was paid."""
    bill, budi, path = treasury.a_bill(), treasury.as_("budi", "citizen"), f"{SNAP}/qr/qr-mpm-notify"
    for page in ("", ".svg"):
        recorder.get(f"/v1/qris/{bill['id']}{page}", budi)
    body = json.dumps({
        "originalReferenceNo": "QR-1", "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": "00",
        "amount": {"value": f"{bill['total']}.00", "currency": "IDR"},
    }).encode()  # fmt: skip
    now, token = datetime.now(UTC).isoformat(timespec="seconds"), treasury.token("bank", "bank")
    recorder.post(path, data=body, headers={
        "Authorization": f"Bearer {token}", "X-TIMESTAMP": now, "X-PARTNER-ID": "MEDANDEMO", "X-EXTERNAL-ID": "1101", "CHANNEL-ID": "95231",
        "X-SIGNATURE": sign(SignedCall("POST", path, token, body, now), SECRET), "Content-Type": "application/json",
    })  # fmt: skip


def in_instalments(recorder: Any, treasury: Any) -> None:
    """Asked by the payer, agreed by the head of the office."""
    bill, budi, head = treasury.a_bill(100_000), treasury.as_("budi", "citizen"), treasury.as_("kepala", "head", office="DPMPTSP")
    parts = [{"due_on": "2026-12-10", "amount": 60_000}, {"due_on": "2027-01-10", "amount": 40_000}]
    asked = recorder.well(treasury.act(f"/v1/bills/{bill['id']}/instalments", budi, {"parts": parts}))
    recorder.get("/v1/work-queues/finance-sts/instalments", head)
    path = f"/v1/bills/instalments/{asked['id']}"
    tag = {"If-Match": treasury.client.get(path, headers=head).headers["ETag"]}
    recorder.well(treasury.client.post(f"{path}/decision", json={"granted": True}, headers={**head, **tag}))
    recorder.get(path, budi)
    recorder.get(f"/v1/bills/{bill['id']}/instalments", budi)
    other = treasury.a_bill(100_000)
    back = recorder.well(treasury.act(f"/v1/bills/{other['id']}/instalments", budi, {"parts": parts}))
    recorder.post(f"/v1/bills/instalments/{back['id']}/withdrawal", budi, json={"reason_code": "mistaken"})


def not_paid_in_time(recorder: Any, treasury: Any, clock: Any, run_due: Any) -> None:
    """Reminded, then warned by a Surat Teguran."""
    bill, budi = treasury.a_bill(), treasury.as_("budi", "citizen")
    clock.advance(days=45)
    run_due()
    steps = recorder.get(f"/v1/bills/{bill['id']}/collection-steps", budi)["items"]
    warning = next(step for step in steps if step["kind"] == "warning_letter")
    recorder.get(f"/v1/bills/{bill['id']}/collection-steps/{warning['id']}/document", budi)


def given_up(recorder: Any, hand: Any) -> None:
    """A part by relief, decided by the head of the office; another bill whole, by the head of the treasury."""
    granted, treasury = {"decision_no": "SK/900.1/17/2026"}, hand.treasury
    spared, lost = hand.a_bill(), hand.a_bill()
    asked = recorder.well(
        treasury.act(f"/v1/bills/{spared['id']}/reliefs", hand.officer(), {"reason_code": "low-income", "percent": "12.5"})
    )
    decree = recorder.well(treasury.act(f"/v1/bills/{lost['id']}/write-offs", hand.officer(), {"reason_code": "decree"}))
    recorder.get("/v1/work-queues/finance-sts/waivers", hand.head())
    recorder.well(treasury.act(f"/v1/bills/{spared['id']}/reliefs/{asked['id']}/decision", hand.head(), granted))
    recorder.well(treasury.act(f"/v1/bills/{lost['id']}/write-offs/{decree['id']}/decision", treasury.head(), granted))
    recorder.get(f"/v1/bills/{spared['id']}/waivers", hand.officer())
    kept, budi = hand.a_bill(), treasury.as_("budi", "citizen")
    back = recorder.well(treasury.act(f"/v1/bills/{kept['id']}/reliefs", budi, {"reason_code": "low-income", "amount": 10_000}))
    recorder.post(f"/v1/bills/{kept['id']}/reliefs/{back['id']}/withdrawal", budi, json={"reason_code": "mistaken"})


def objected_to(recorder: Any, hand: Any) -> None:
    """By the payer; decided by another head than who issued the bill."""
    bill, budi, head = hand.a_bill(), hand.treasury.as_("budi", "citizen"), hand.head("kepala-lain")
    why = {"amount_right": 60_000, "reasons": "Luas tempat usaha saya 60 m2, bukan 100 m2 seperti dalam ketetapan."}
    filed = recorder.post(f"/v1/bills/{bill['id']}/objections", budi, json=why)
    path = f"/v1/bills/objections/{filed['id']}"
    recorder.get("/v1/work-queues/finance-sts/objections", head)
    tag = {"If-Match": hand.client.get(path, headers=head).headers["ETag"]}
    decision = {"outcome": "partly_granted", "amount": 70_000, "grounds": "Menurut hasil ukur ulang luasnya 70 m2."}
    recorder.well(hand.client.post(f"{path}/decision", json=decision, headers={**head, **tag}))
    other = recorder.post(f"/v1/bills/{hand.a_bill()['id']}/objections", budi, json=why)
    recorder.post(f"/v1/bills/objections/{other['id']}/withdrawal", budi, json={"reason_code": "mistaken"})
    for page in (path, f"{path}/document", "/v1/bills/objections", f"/v1/bills/{bill['id']}/objections"):
        recorder.get(page, budi)


def the_books_put_right(recorder: Any, treasury: Any) -> None:
    """A wrong account, proposed by the treasurer, posted by the cashbook-closer; another proposal is rejected."""
    treasurer, closer = treasury.treasurer(), treasury.as_("ppk", "cashbook-closer", office="DPMPTSP")
    treasury.counter(treasury.a_bill(100))
    wrong = recorder.get("/v1/ledger/entries", treasurer)["items"][0]
    lines = [{"account_code": "4.1.02.03.01.0001", "debit": 100}, {"account_code": "4.1.02.01.01.0001", "credit": 100}]
    for action in ("rejection", "approval"):
        body = {"corrects": wrong["id"], "reason_code": "wrong-account", "lines": lines}
        proposed = recorder.post("/v1/ledger/entries", treasurer, json=body)
        path = f"/v1/ledger/corrections/{proposed['id']}"
        tag = {"If-Match": treasury.client.get(path, headers=closer).headers["ETag"]}
        recorder.well(treasury.client.post(f"{path}/{action}", headers={**closer, **tag}))
    recorder.get(path, treasurer)
    recorder.get("/v1/ledger/corrections", treasurer)


def the_month_accounted_for(recorder: Any, treasury: Any, session: Session, run_due: Any) -> None:
    """The book of the month, what is in hand, and the report that is made in the night after it."""
    treasurer, reports = treasury.treasurer(), "/v1/reports/finance-sts/accountability"
    book = "/v1/reports/finance-sts/receipts-and-deposits"
    for page in ("", ".csv"):
        recorder.get(f"{book}{page}?month=2026-11", treasurer)
    recorder.get("/v1/days", treasurer)
    due.schedule(session, monthly_reports.MAKE, "all", now())
    session.commit()
    run_due()
    made = recorder.get(reports, treasurer)["items"][0]
    path = f"{reports}/{made['id']}"
    tag = {"If-Match": treasury.client.get(path, headers=treasurer).headers["ETag"]}
    recorder.well(treasury.client.post(f"{path}/signature", headers={**treasurer, **tag}))
    for page in (path, f"{path}.csv", f"{path}/document", f"{path}/book"):
        recorder.get(page, treasurer)


def what_is_reported(recorder: Any, treasury: Any) -> None:
    """To the treasury, and of the revenue to everybody."""
    for report in ("revenue", "arrears", "daily-position"):
        for form in ("", ".csv"):
            recorder.get(f"/v1/reports/finance-sts/{report}{form}", treasury.head())
    for path in ("", "/revenue.json", "/revenue.csv", "/revenue/metadata", "/document-keys"):
        recorder.get(f"/v1/open-data/finance-sts{path}")


def test_every_operation_has_an_example_that_holds(
    recorder: Any, treasury: Any, hand: Any, bank: Any, bank_keys: list[Any], clock: Any, session: Session, run_due: Any
) -> None:
    told_by_the_bank(recorder, treasury, bank_keys[0])
    money_that_goes_back(recorder, treasury)
    a_bill_by_hand(recorder, treasury)
    paid_by_qris(recorder, treasury)
    in_instalments(recorder, treasury)
    given_up(recorder, hand)
    objected_to(recorder, hand)
    a_bill_that_is_paid(recorder, treasury)
    the_evening(recorder, treasury)
    what_the_bank_says_of_the_day(recorder, bank, clock)
    what_is_reported(recorder, treasury)
    not_paid_in_time(recorder, treasury, clock, run_due)
    the_books_put_right(recorder, treasury)
    the_month_accounted_for(recorder, treasury, session, run_due)
    assert data_rights.played(recorder, "finance-sts", treasury.as_("budi", "citizen"), treasury.head(), run_due)["bills"]
    assert recorder.wrong() == []
    assert recorder.intruded() == []
    assert recorder.kept_out() == []
