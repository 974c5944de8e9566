"""Three years after the debt arose the city may no longer collect it; a Surat Teguran or an acknowledgement starts them anew."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from finance_sts.model.bill import Bill
from finance_sts.model.interruption import Cause
from finance_sts.use_cases import limitation
from smartcity import clock as city_clock
from smartcity.storage import get

START = datetime(2026, 2, 12, 3, tzinfo=UTC)


def interrupt(session: Any, bill: dict[str, Any], cause: Cause) -> None:
    limitation.interrupt(session, get(session, Bill, UUID(bill["id"]), lock=True), cause, city_clock.now())
    session.commit()


def test_a_surat_teguran_starts_it_anew_and_it_is_marked_on_the_day_after_the_last(hand: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    assert bill["limitation_on"] == "2029-02-12"
    for days in (23, 8, 7):  # reminded, reminded, warned on day 38
        clock.advance(days=days)
        run_due()
    assert hand.shown(bill)["limitation_on"] == "2029-03-22"
    clock.set(datetime(2029, 3, 22, 16, tzinfo=UTC))
    run_due()
    assert hand.shown(bill)["barred_at"] is None
    clock.set(datetime(2029, 3, 22, 18, tzinfo=UTC))
    run_due()
    assert (hand.shown(bill)["status"], hand.shown(bill)["barred_at"] is None) == ("issued", False)


def test_an_interruption_moves_it_once_and_one_that_comes_too_late_does_not(hand: Any, session: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    clock.set(datetime(2027, 3, 1, 3, tzinfo=UTC))
    for _ in range(2):
        interrupt(session, bill, Cause.WARNING_LETTER)
    assert hand.shown(bill)["limitation_on"] == "2030-03-01"
    clock.set(datetime(2030, 3, 2, 3, tzinfo=UTC))
    run_due()
    interrupt(session, bill, Cause.INSTALMENT)
    assert (hand.shown(bill)["limitation_on"], hand.shown(bill)["barred_at"] is None) == ("2030-03-01", False)


def test_a_bill_that_replaces_another_owes_the_same_old_debt(hand: Any, session: Any, clock: Any) -> None:
    clock.set(START)
    old = hand.a_bill()
    clock.set(datetime(2026, 6, 1, 3, tzinfo=UTC))
    interrupt(session, old, Cause.OBJECTION)
    clock.set(datetime(2027, 1, 1, 3, tzinfo=UTC))
    assert hand.a_bill(replaces=old["id"], reason_code="wrong-payer")["limitation_on"] == "2029-06-01"


def test_a_paid_bill_has_no_appointment_and_an_assessed_one_has(treasury: Any, session: Any) -> None:
    paid, open_ = treasury.a_bill(), treasury.a_bill()
    treasury.pay(paid)
    subjects = session.connection().exec_driver_sql("SELECT subject FROM due WHERE kind = 'bill_limitation'").scalars().all()
    assert subjects == [open_["id"]]
    assert date.fromisoformat(open_["limitation_on"]).year == city_clock.now().year + 3


def test_a_payer_who_asks_for_instalments_acknowledges_the_debt_an_officer_does_not(hand: Any, treasury: Any, clock: Any) -> None:
    clock.set(START)
    for who, last in ((hand.officer(), "2029-02-12"), (treasury.as_("budi", "citizen"), "2029-02-22")):
        clock.set(START)
        bill = hand.a_bill()
        clock.advance(days=10)
        parts = [{"due_on": "2026-03-01", "amount": 40_000}, {"due_on": "2026-04-01", "amount": 60_000}]
        assert treasury.act(f"/v1/bills/{bill['id']}/instalments", who, {"parts": parts}).status_code == 201
        assert hand.shown(bill)["limitation_on"] == last
