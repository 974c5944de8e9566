"""What was paid too much: assessed by an SKRDLB, with interest where an objection set it free, credited to another bill or paid out."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from finance_sts.use_cases.book_checks import INVARIANTS

START = datetime(2026, 2, 12, 3, tzinfo=UTC)
OWED, CASH, CITY, BORNE = "2.1.06.02.01.0001", "1.1.01.02.01.0001", "1.1.01.01.01.0001", "5.1.03.99.01.0001"
WITHDRAWN = "licensing.application.withdrawn.v1"
REASSESSED = "licensing.retribution.reassessed.v1"


def payer(treasury: Any, sub: str = "budi") -> dict[str, str]:
    return treasury.as_(sub, "citizen")  # type: ignore[no-any-return]


def overpaid(treasury: Any, amount: int = 30_000) -> dict[str, Any]:
    """A refund of `amount`: paid for what was then withdrawn."""
    application = treasury.assess(amount * 2)
    treasury.counter(treasury.bills(application)[0], amount=amount)
    data = {**treasury.example(WITHDRAWN), "application_id": application}
    assert treasury.hear(WITHDRAWN, data, subject=application, sequence=2) == "applied"
    return refunds(treasury)[0]


def refunds(treasury: Any) -> list[dict[str, Any]]:
    return treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]  # type: ignore[no-any-return]


def act(treasury: Any, refund: dict[str, Any], what: str, who: dict[str, str] | None = None, body: Any = None) -> Any:
    return treasury.act(f"/v1/refunds/{refund['id']}/{what}", who or treasury.head(), body)


def credit(treasury: Any, refund: dict[str, Any], bill: dict[str, Any], who: dict[str, str] | None = None) -> Any:
    return act(treasury, refund, "credit", who or payer(treasury), {"bill_id": bill["id"]})


def bill_now(treasury: Any, bill: dict[str, Any]) -> dict[str, Any]:
    return treasury.client.get(f"/v1/bills/{bill['id']}", headers=payer(treasury)).json  # type: ignore[no-any-return]


def holds(session: Session) -> None:
    session.rollback()
    assert {name: wrong for name, check in INVARIANTS.items() if (wrong := check(session)[1])} == {}


def objected(hand: Any, bill: dict[str, Any], right: int) -> dict[str, Any]:
    """An objection of its payer, granted."""
    why = {"amount_right": right, "reasons": "Luas tempat usaha saya 60 m2, bukan 100 m2 seperti dalam ketetapan."}
    filed = hand.treasury.act(f"/v1/bills/{bill['id']}/objections", payer(hand.treasury), why).json
    head, path = hand.head("kepala-lain"), f"/v1/bills/objections/{filed['id']}"
    tag = {"If-Match": hand.client.get(path, headers=head).headers["ETag"]}
    body = {"outcome": "granted", "grounds": "Hasil ukur ulang menunjukkan luas 60 m2."}
    return hand.client.post(f"{path}/decision", json=body, headers={**head, **tag}).json  # type: ignore[no-any-return]


def test_an_approved_refund_has_its_skrdlb_and_its_numbers_have_no_gap(treasury: Any) -> None:
    numbers = []
    for _ in range(3):
        refund = overpaid(treasury)
        assert treasury.client.get(f"/v1/refunds/{refund['id']}/document", headers=payer(treasury)).status_code == 404
        approved = act(treasury, refund, "approval").json
        numbers.append(approved["number"])
        assert approved["status"] == "approved" and (approved["interest"], approved["payout"]) == (0, 30_000)
    serials = [int(number.rsplit("/", 1)[1]) for number in numbers]
    assert serials == list(range(serials[0], serials[0] + 3)) and numbers[0].startswith("SKRDLB/DPMPTSP/")
    paper = treasury.client.get(f"/v1/refunds/{refund['id']}/document", headers=payer(treasury))
    assert paper.data.startswith(b"%PDF")
    verified = treasury.client.get(f"/v1/verify/{approved['verify_code']}").json
    assert (verified["kind"], verified["standing"], verified["statement"]["total"]) == ("overpayment", "valid", 30_000)
    assert treasury.client.get(f"/v1/refunds/{refund['id']}/document", headers=payer(treasury, "siti")).status_code == 404


def test_what_an_objection_set_free_bears_two_percent_for_each_started_month_until_its_skrdlb(
    hand: Any, treasury: Any, session: Session, clock: Any
) -> None:
    clock.set(START)
    bill = hand.a_bill()
    treasury.counter(bill)
    decision = objected(hand, bill, 60_000)
    clock.set(datetime(2026, 4, 13, 3, tzinfo=UTC))  # two months and a day after it was paid
    (refund,) = refunds(treasury)
    assert (refund["objection_id"], refund["interest"]) == (decision["id"], 0)
    approved = act(treasury, refund, "approval").json
    assert (approved["amount"], approved["interest"], approved["payout"]) == (40_000, 2_400, 42_400)
    before = treasury.balanced()
    assert (before[OWED], before[BORNE]) == (-42_400, 2_400)
    paid = act(treasury, refund, "payment", treasury.treasurer(), {"bank_reference": "SP2D-1"})
    assert paid.json["status"] == "paid"
    after = treasury.balanced()
    assert (after[OWED], after[CITY] - before.get(CITY, 0)) == (0, -42_400)
    (told,) = treasury.told("finance-sts.payment.refunded.v1")
    assert (told["data"]["amount"], told["data"]["interest"], told["data"]["assessment_no"]) == (40_000, 2_400, approved["number"])
    holds(session)


def test_the_bank_shows_what_was_paid_out_with_its_interest(hand: Any, treasury: Any, bank: Any, clock: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    treasury.counter(bill)
    objected(hand, bill, 60_000)
    clock.advance(days=1)
    (refund,) = refunds(treasury)
    act(treasury, refund, "approval")
    act(treasury, refund, "payment", treasury.treasurer(), {"bank_reference": "SP2D-77"})
    clock.advance(days=6)
    bank.tells(date(2026, 2, 13), [(-40_800, "SP2D-77")], account="1270100000001")
    (found,) = bank.findings()
    assert (found["outcome"], found["book_kind"], found["book_amount"]) == ("matched", "refund", -40_800)


def test_what_went_back_for_another_reason_bears_none(treasury: Any, clock: Any) -> None:
    clock.set(START)
    refund = overpaid(treasury)
    clock.advance(days=100)
    assert act(treasury, refund, "approval").json["interest"] == 0


def test_a_charge_of_another_service_follows_the_decision_once_that_service_has_reassessed(hand: Any, treasury: Any, clock: Any) -> None:
    clock.set(START)
    application = treasury.assess(100_000)
    bill = treasury.bills(application)[0]
    treasury.counter(bill)
    decision = objected(hand, bill, 60_000)
    assert (decision["status"], decision["in_force_at"]) == ("granted", None) and refunds(treasury) == []
    clock.advance(days=20)
    treasury.assess(60_000, application=application, sequence=2, kind=REASSESSED)
    path = f"/v1/bills/objections/{decision['id']}"
    assert treasury.client.get(path, headers=payer(treasury)).json["in_force_at"] is not None
    (refund,) = refunds(treasury)
    assert (refund["amount"], refund["reason_code"], refund["objection_id"]) == (40_000, "reassessed", decision["id"])
    assert act(treasury, refund, "approval").json["interest"] == 800
    treasury.assess(50_000, application=application, sequence=3, kind=REASSESSED)
    assert [one["objection_id"] for one in refunds(treasury)] == [None, decision["id"]]


def test_a_credit_settles_another_bill_of_the_payer_and_moves_no_cash(treasury: Any, session: Session) -> None:
    refund, bill = overpaid(treasury), treasury.a_bill(30_000)
    before = treasury.balanced()
    assert credit(treasury, refund, bill).json["credit_to"] == bill["id"]
    approved = act(treasury, refund, "approval").json
    assert (approved["status"], approved["credited"], approved["payout"]) == ("credited", 30_000, 0)
    assert bill_now(treasury, bill)["status"] == "paid"
    after = treasury.balanced()
    assert (after[OWED], after[CASH], after.get(CITY)) == (0, before[CASH], before.get(CITY))
    told = treasury.told("finance-sts.bill.paid.v1")[-1]["data"]
    assert (told["channel"], told["reference_paid_total"]) == ("credit", 30_000)
    (refunded,) = treasury.told("finance-sts.payment.refunded.v1")
    assert (refunded["data"]["amount"], refunded["data"]["credited"]) == (30_000, 30_000)
    receipts = treasury.client.get("/v1/receipts", headers=payer(treasury)).json["items"]
    assert receipts[0]["bill_id"] == bill["id"]
    assert treasury.client.get(f"/v1/receipts/{receipts[0]['id']}/document", headers=payer(treasury)).data.startswith(b"%PDF")
    assert act(treasury, refund, "payment", treasury.treasurer(), {"bank_reference": "X"}).json["type"] == "/problems/refund-not-payable"
    holds(session)


def test_a_credit_of_more_than_is_owed_pays_out_the_rest(treasury: Any, session: Session) -> None:
    refund, bill = overpaid(treasury), treasury.a_bill(20_000)
    credit(treasury, refund, bill, treasury.treasurer())
    treasury.counter(bill, amount=5_000)
    approved = act(treasury, refund, "approval").json
    assert (approved["status"], approved["credited"], approved["payout"]) == ("approved", 15_000, 15_000)
    assert bill_now(treasury, bill)["status"] == "paid"
    assert (
        act(treasury, refund, "payment", treasury.as_("lain", "treasurer", office="DPMPTSP"), {"bank_reference": "SP2D-2"}).json["status"]
        == "paid"
    )
    assert treasury.balanced()[OWED] == 0
    holds(session)


def test_a_credit_may_be_less_than_is_owed(treasury: Any, session: Session) -> None:
    refund, bill = overpaid(treasury), treasury.a_bill(100_000)
    credit(treasury, refund, bill)
    act(treasury, refund, "approval")
    assert (bill_now(treasury, bill)["status"], bill_now(treasury, bill)["outstanding"]) == ("part_paid", 70_000)
    holds(session)


def test_a_bill_that_was_settled_meanwhile_takes_no_credit_and_all_is_paid_out(treasury: Any) -> None:
    refund, bill = overpaid(treasury), treasury.a_bill(10_000)
    credit(treasury, refund, bill)
    treasury.counter(bill)
    approved = act(treasury, refund, "approval").json
    assert (approved["status"], approved["credited"], approved["payout"]) == ("approved", 0, 30_000)


def test_what_was_credited_and_is_then_too_much_goes_back_again(treasury: Any, session: Session) -> None:
    refund, application = overpaid(treasury), treasury.assess(30_000)
    credit(treasury, refund, treasury.bills(application)[0])
    act(treasury, refund, "approval")
    treasury.assess(10_000, application=application, sequence=2, kind=REASSESSED)
    newest = refunds(treasury)[0]
    assert (newest["amount"], newest["reason_code"]) == (20_000, "reassessed")
    assert treasury.balanced()[OWED] == -20_000
    holds(session)


def test_a_credit_is_neither_gathered_nor_in_hand_nor_received_on_the_day(treasury: Any, clock: Any) -> None:
    clock.set(START)
    refund, bill = overpaid(treasury), treasury.a_bill(30_000)
    credit(treasury, refund, bill)
    act(treasury, refund, "approval")
    day = treasury.client.get("/v1/days/2026-02-12", headers=treasury.treasurer()).json
    assert (day["received"], [one["channel"] for one in day["channels"]]) == (30_000, ["counter_cash"])
    slip = treasury.client.post("/v1/deposit-slips", json={"day": "2026-02-12"}, headers={**treasury.treasurer(), **treasury.key()}).json
    assert slip["total"] == 30_000
    treasury.act(f"/v1/deposit-slips/{slip['id']}/deposit", treasury.treasurer(), {"bank_reference": "S-1"})
    assert treasury.client.get("/v1/days", headers=treasury.treasurer()).json["items"] == []
    closer = {**treasury.as_("ppk", "cashbook-closer", office="DPMPTSP"), **treasury.key()}
    assert treasury.client.post("/v1/days/2026-02-12/closing", headers=closer).status_code == 200


def test_only_an_open_bill_of_the_same_payer_and_office_is_settled_before_the_approval(treasury: Any, hand: Any) -> None:
    refund, mine = overpaid(treasury), treasury.a_bill(10_000)
    theirs = hand.a_bill(payer={"sub": "siti", "name": "Siti", "address": "Jl. Sei Deli 2"})
    nobody = hand.a_bill(payer={"name": "Tanpa Akun", "address": "Jl. Sei Deli 3"})
    for bill in (theirs, nobody, {"id": str(uuid4())}):
        assert credit(treasury, refund, bill).status_code == 404
    treasury.counter(mine)
    assert credit(treasury, refund, mine).json["type"] == "/problems/bill-not-open"
    assert credit(treasury, refund, mine, payer(treasury, "siti")).status_code == 404
    other = {**hand.DRAFT, "payer": {"sub": "budi", "name": "Budi", "address": "Jl. Sei Deli 1"}}
    draft = hand.prepare(hand.officer("DLH"), **other).json
    issued = hand.issue(draft, hand.head(office="DLH")).json
    assert credit(treasury, refund, issued).json["type"] == "/problems/credit-other-office"
    act(treasury, refund, "approval")
    assert credit(treasury, refund, treasury.a_bill(10)).json["type"] == "/problems/refund-not-approvable"


@pytest.mark.parametrize("deputy_of", [(), ("bendahara",)])
def test_who_asked_for_the_credit_does_not_approve_it_nor_their_deputy(treasury: Any, issuer: Any, deputy_of: tuple[str, ...]) -> None:
    refund, bill = overpaid(treasury), treasury.a_bill(10_000)
    credit(treasury, refund, bill, treasury.treasurer())
    who = "wakil" if deputy_of else "bendahara"
    head = {"Authorization": f"Bearer {issuer.token(who, 'head', office='BKAD', acting_for=list(deputy_of))}"}
    assert act(treasury, refund, "approval", head).json["type"] == "/problems/same-person-twice"
    assert bill_now(treasury, bill)["status"] == "issued"
