"""What was paid too much goes back in time (UU 28/2009 Pasal 165): undecided it counts as granted, paid late it bears interest, a debt comes first."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from finance_sts.use_cases import refund_terms
from finance_sts.use_cases.book_checks import INVARIANTS
from finance_sts.use_cases.overpayment_paper import overpayment_content
from smartcity import clock as city_clock
from smartcity import due
from smartcity.due import DueWork
from smartcity.money import format_rupiah

START = datetime(2026, 2, 12, 3, tzinfo=UTC)
OWED, CITY, BORNE = "2.1.06.02.01.0001", "1.1.01.01.01.0001", "5.1.03.99.01.0001"
QUEUE, POSITION = "/v1/work-queues/finance-sts/refunds", "/v1/reports/finance-sts/daily-position"
GRANTED = "finance-sts.refund.deemed_granted.v1"


def too_much(treasury: Any) -> dict[str, Any]:
    """30,000 of the payer's is due for refund from today."""
    bill = treasury.a_bill(30_000)
    treasury.counter(bill)
    treasury.assess(0, application=bill["reference"]["id"], sequence=2, kind="licensing.retribution.reassessed.v1")
    return dict(treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"][0])


@pytest.fixture
def overpaid(treasury: Any, clock: Any) -> Any:
    """A refund that is due since 12 February 2026."""
    clock.set(START)
    return lambda: too_much(treasury)


def path(refund: dict[str, Any], more: str = "") -> str:
    return f"/v1/refunds/{refund['id']}{more}"


def seen(treasury: Any, refund: dict[str, Any], more: str = "") -> Any:
    return treasury.client.get(path(refund, more), headers=treasury.head()).json


def approve(treasury: Any, refund: dict[str, Any], body: Any = None) -> Any:
    return treasury.act(path(refund, "/approval"), treasury.head(), body)


def pay(treasury: Any, refund: dict[str, Any]) -> Any:
    return treasury.act(path(refund, "/payment"), treasury.treasurer(), {"bank_reference": "SP2D-9"})


def case(treasury: Any, refund: dict[str, Any]) -> tuple[str, str | None]:
    """How the payer sees it: label, and the day that runs."""
    lines = treasury.client.get("/v1/me/cases", headers=treasury.as_("budi", "citizen")).json["cases"]
    found = next(one for one in lines if one["id"] == refund["id"])
    assert found["kind"] == "refund"
    return found["label"], found["deadline"] and found["deadline"][:10]


def queue(treasury: Any) -> list[tuple[str, str]]:
    items = treasury.client.get(QUEUE, headers=treasury.head()).json["items"]
    return [(one["id"], one["act_by"]) for one in items]


def after(clock: Any, run_due: Any, day: date) -> None:
    """Late in the morning of `day`, with all due work done."""
    clock.set(datetime.combine(day, START.timetz()))
    run_due()


def test_its_payer_and_the_head_see_until_when_it_is_decided_and_then_until_when_it_is_paid(
    treasury: Any, overpaid: Any, session: Session
) -> None:
    refund = overpaid()
    assert (refund["decide_by"], refund["assess_by"], refund["pay_by"]) == ("2026-08-12", None, None)
    assert case(treasury, refund) == ("Diminta", "2026-08-12") and queue(treasury) == [(refund["id"], "2026-08-12")]
    assert session.get(DueWork, (refund_terms.TERM, refund["id"])) is not None
    session.rollback()
    assert approve(treasury, refund).json["pay_by"] == "2026-04-12"
    assert session.get(DueWork, (refund_terms.TERM, refund["id"])) is None
    session.rollback()
    assert case(treasury, refund) == ("Disetujui", "2026-04-12") and queue(treasury) == [(refund["id"], "2026-04-12")]
    pay(treasury, refund)
    assert case(treasury, refund) == ("Dikembalikan", None) and queue(treasury) == []


def test_what_nobody_decides_in_time_counts_as_granted_once_and_its_skrdlb_is_due_within_a_month(
    treasury: Any, overpaid: Any, clock: Any, run_due: Any, session: Session
) -> None:
    refund, decided = overpaid(), overpaid()
    approve(treasury, decided)
    after(clock, run_due, date(2026, 8, 12))
    assert seen(treasury, refund)["deemed_at"] is None and treasury.told(GRANTED) == []
    after(clock, run_due, date(2026, 8, 13))
    due.schedule(session, refund_terms.TERM, refund["id"], city_clock.now())
    session.commit()
    after(clock, run_due, date(2026, 8, 14))
    (told,) = treasury.told(GRANTED)
    assert told["subject"] == refund["id"] and (told["data"]["amount"], told["data"]["assess_by"]) == (30_000, "2026-09-12")
    found = seen(treasury, refund)
    assert (found["status"], found["assess_by"]) == ("requested", "2026-09-12") and found["deemed_at"].startswith("2026-08-13")
    assert case(treasury, refund) == ("Dianggap dikabulkan", "2026-09-12")
    assert queue(treasury) == [(decided["id"], "2026-04-12"), (refund["id"], "2026-09-12")]
    assert approve(treasury, refund).json["pay_by"] == "2026-10-14"


@pytest.mark.parametrize(
    ("paid_on", "months"), [(date(2026, 4, 12), 0), (date(2026, 4, 13), 1), (date(2026, 5, 12), 1), (date(2026, 5, 13), 2)]
)
def test_paid_after_its_last_day_it_bears_two_percent_for_each_started_month(
    treasury: Any, overpaid: Any, clock: Any, run_due: Any, session: Session, paid_on: date, months: int
) -> None:
    refund = overpaid()
    approve(treasury, refund)
    after(clock, run_due, paid_on)
    expected = 600 * months
    outlook = seen(treasury, refund, "/outlook")
    assert (outlook["payout"], (outlook["late"] or {}).get("months", 0)) == (30_000 + expected, months)
    paid = pay(treasury, refund).json
    assert (paid["late_interest"], paid["payout"], paid["late_months"]) == (expected, 30_000 + expected, months or None)
    assert bool(paid["late_legal_basis"]) == bool(months) and float(paid["late_percent_per_month"] or 0) == (2 if months else 0)
    books = treasury.balanced()
    assert (books[OWED], books[CITY], books.get(BORNE, 0)) == (0, -30_000 - expected, expected)
    (told,) = treasury.told("finance-sts.payment.refunded.v1")
    assert (told["data"]["amount"], told["data"]["late_interest"]) == (30_000, expected)
    assert seen(treasury, refund, "/outlook") == {"payout": 30_000 + expected, "late": None, "debts": []}
    session.rollback()
    assert all(check(session)[1] == [] for check in INVARIANTS.values())


def test_what_was_credited_is_not_late_and_the_bank_shows_what_was_paid_out_with_its_interest(
    treasury: Any, overpaid: Any, bank: Any, clock: Any, run_due: Any
) -> None:
    refund, bill = overpaid(), treasury.a_bill(10_000)
    treasury.act(path(refund, "/credit"), treasury.as_("budi", "citizen"), {"bill_id": bill["id"]})
    assert approve(treasury, refund).json["payout"] == 20_000
    after(clock, run_due, date(2026, 4, 13))
    assert (pay(treasury, refund).json["late_interest"], seen(treasury, refund)["payout"]) == (400, 20_400)
    clock.advance(days=6)
    bank.tells(date(2026, 4, 13), [(-20_400, "SP2D-9")], account="1270100000001")
    found = next(one for one in bank.findings() if one["book_kind"] == "refund")
    assert (found["outcome"], found["book_amount"]) == ("matched", -20_400)


def test_the_skrdlb_says_until_when_it_is_paid_and_not_what_was_late(
    treasury: Any, overpaid: Any, clock: Any, run_due: Any, session: Session
) -> None:
    refund = overpaid()
    approve(treasury, refund)
    after(clock, run_due, date(2026, 4, 13))
    pay(treasury, refund)
    paper = treasury.client.get(path(refund, "/document"), headers=treasury.as_("budi", "citizen"))
    assert paper.data.startswith(b"%PDF")
    printed = overpayment_content(session, UUID(refund["id"]))
    assert (printed["payout"], printed["pay_by"]) == (format_rupiah(30_000), "12 April 2026")
    session.rollback()
    verified = treasury.client.get(f"/v1/verify/{seen(treasury, refund)['verify_code']}").json
    assert (verified["standing"], verified["statement"]["total"]) == ("paid", 30_000)


def test_the_daily_position_counts_what_should_have_gone_back(treasury: Any, overpaid: Any, clock: Any, run_due: Any) -> None:
    refund, late = overpaid(), overpaid()
    approve(treasury, late)

    def counted() -> int:
        (office,) = treasury.client.get(POSITION, headers=treasury.head()).json["items"]
        return int(office["refunds_late"])

    for day, number in ((date(2026, 4, 12), 0), (date(2026, 4, 13), 1), (date(2026, 8, 13), 1), (date(2026, 9, 13), 2)):
        after(clock, run_due, day)
        assert counted() == number, day
    pay(treasury, late)
    approve(treasury, refund)
    assert counted() == 0


def test_an_office_s_treasurer_sees_its_own_waiting_refunds_and_a_citizen_no_queue(treasury: Any, overpaid: Any) -> None:
    refund = overpaid()
    for who, found in ((treasury.treasurer(), [refund["id"]]), (treasury.as_("lain", "treasurer", office="DISHUB"), [])):
        assert [one["id"] for one in treasury.client.get(QUEUE, headers=who).json["items"]] == found
    assert treasury.client.get(QUEUE, headers=treasury.as_("budi", "citizen")).status_code == 403


def test_a_debt_that_is_due_is_settled_first_unless_a_reason_is_given(treasury: Any, clock: Any) -> None:
    debt = treasury.a_bill(10_000)
    clock.advance(days=40)
    first, second = too_much(treasury), too_much(treasury)
    shown = seen(treasury, first, "/outlook")["debts"]
    assert [(one["id"], one["outstanding"]) for one in shown] == [(debt["id"], 10_000)]
    answer = approve(treasury, first)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/refund-set-off-first")
    assert debt["number"] in answer.json["detail"] and seen(treasury, first)["status"] == "requested"
    assert approve(treasury, first, {"reason_code": "low-income"}).status_code == 422
    approved = approve(treasury, first, {"reason_code": "debt-disputed"}).json
    assert (approved["status"], approved["not_set_off_code"], approved["payout"]) == ("approved", "debt-disputed", 30_000)
    treasury.act(path(second, "/credit"), treasury.treasurer(), {"bill_id": debt["id"]})
    settled = approve(treasury, second).json
    assert (settled["credited"], settled["not_set_off_code"]) == (10_000, None)


def test_a_debt_that_is_not_due_is_shown_and_the_payer_may_pay_it_in_time(treasury: Any, overpaid: Any) -> None:
    refund, debt = overpaid(), treasury.a_bill(10_000)
    assert [one["id"] for one in seen(treasury, refund, "/outlook")["debts"]] == [debt["id"]]
    assert approve(treasury, refund).json["not_set_off_code"] is None


@pytest.mark.parametrize(("owner", "debtor"), [("budi", "siti"), (None, None)], ids=["another", "nobody with an account"])
def test_what_is_not_its_payer_s_debt_does_not_come_first(
    hand: Any, treasury: Any, clock: Any, owner: str | None, debtor: str | None
) -> None:
    spared, _ = (hand.a_bill(payer={"name": "X", "address": "Jl. Sei Deli 2"} | ({"sub": who} if who else {})) for who in (owner, debtor))
    treasury.counter(spared, amount=40_000)
    clock.advance(days=40)
    asked = treasury.act(f"/v1/bills/{spared['id']}/reliefs", hand.officer(), {"reason_code": "low-income"}).json
    treasury.act(f"/v1/bills/{spared['id']}/reliefs/{asked['id']}/decision", hand.head(), {"decision_no": "SK/1"})
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert seen(treasury, refund, "/outlook")["debts"] == []
    assert approve(treasury, refund).status_code == 200
