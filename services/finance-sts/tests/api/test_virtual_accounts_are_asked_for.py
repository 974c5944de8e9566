"""A bank asked what is owed, and its payment never came: the bank is asked, and what was paid is credited once."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from finance_sts.service import SERVICE
from finance_sts.use_cases import bank_questions, snap
from smartcity import clock as city_clock
from smartcity.settings import Settings, SettingsError

CASH, OWED_BACK = "1.1.01.02.01.0001", "refund_due"


@pytest.fixture
def caller(app: Any, simulator: ModuleType, desk: Any, treasury: Any) -> Iterator[Any]:
    """The bank that calls; its payers' payments are in the desk's book."""
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        yield simulator.Bank(http, "test-snap_client_secret", treasury.token("bank", "bank"), desk.book)


def paid_at_the_bank(simulator: ModuleType, bill: dict[str, Any], request_id: str = "r-1", amount: int = 100) -> Any:
    return simulator.Paid(bill["virtual_account_no"], amount, request_id, simulator.new_external_id())


def credited(treasury: Any) -> int:
    return int(treasury.balanced().get(CASH, 0))


def unknown(session: Session) -> float:
    return float(SERVICE.watches["finance_payments_unknown"](session, city_clock.now()))


def test_a_payment_whose_call_was_lost_is_asked_for_and_credited_once(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any
) -> None:
    bill = treasury.a_bill(100)
    paid = paid_at_the_bank(simulator, bill)
    (asked,) = simulator.MISBEHAVIOUR["lost-call"](caller, paid)
    assert asked.json()["responseCode"] == "2002400" and set(run_due()) <= {"done"} and desk.asked == []
    clock.advance(minutes=10)
    assert set(run_due()) == {"done"}
    assert (desk.asked[0]["virtualAccountNo"].strip(), desk.asked[0]["inquiryRequestId"]) == (bill["virtual_account_no"], "r-1")
    assert credited(treasury) == 100
    late = caller.send(paid.told, paid.external_id)
    clock.advance(days=2)
    run_due()
    assert late.json()["responseCode"] == "2002500"
    assert (len(desk.asked), credited(treasury), len(treasury.told("finance-sts.bill.paid.v1"))) == (1, 100, 1)


def test_a_payment_that_came_is_not_asked_for(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any
) -> None:
    bill = treasury.a_bill(100)
    caller.inquire(bill["virtual_account_no"], "r-1")
    caller.pay(bill["virtual_account_no"], 100, request_id="r-1")
    clock.advance(minutes=10)
    run_due()
    assert (desk.asked, credited(treasury)) == ([], 100)


def test_a_time_out_after_success_is_credited_once_also_where_the_bank_has_numbers_of_its_own(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any
) -> None:
    """The payment has another number than its inquiry: we ask although we know it, and it is the same payment."""
    bill = treasury.a_bill(100)
    caller.inquire(bill["virtual_account_no"], "i-1")
    desk.book["i-1"] = paid_at_the_bank(simulator, bill, "p-1")
    simulator.MISBEHAVIOUR["lost-answer"](caller, desk.book["i-1"])
    clock.advance(minutes=10)
    assert set(run_due()) == {"done"}
    assert [one["inquiryRequestId"] for one in desk.asked] == ["i-1"]
    assert (credited(treasury), len(treasury.told("finance-sts.payment.received.v1"))) == (100, 1)


@pytest.mark.parametrize(("said", "times"), [("06", 1), ("05", 1), ("03", 3)], ids=["failed", "cancelled", "pending"])
def test_what_came_to_nothing_is_asked_for_once_and_what_is_pending_again(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any, said: str, times: int
) -> None:
    simulator.MISBEHAVIOUR["lost-call"](caller, paid_at_the_bank(simulator, treasury.a_bill(100)))
    desk.status = said
    for minutes in (10, 20, 40):
        clock.advance(minutes=minutes)
        run_due()
    assert (len(desk.asked), credited(treasury)) == (times, 0)


def test_an_inquiry_that_nobody_followed_is_asked_for_once(treasury: Any, desk: Any, caller: Any, run_due: Any, clock: Any) -> None:
    bill = treasury.a_bill(100)
    caller.inquire(bill["virtual_account_no"], "r-1")
    caller.inquire(bill["virtual_account_no"], "r-1")
    for minutes in (10, 20):
        clock.advance(minutes=minutes)
        run_due()
    assert (len(desk.asked), credited(treasury)) == (1, 0)


def test_money_the_bank_has_for_a_bill_paid_meanwhile_is_kept_and_given_back(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any
) -> None:
    bill = treasury.a_bill(100)
    simulator.MISBEHAVIOUR["lost-call"](caller, paid_at_the_bank(simulator, bill))
    assert treasury.counter(bill).status_code == 201
    clock.advance(minutes=10)
    assert set(run_due()) == {"done"}
    shown = treasury.client.get("/v1/payments", headers=treasury.treasurer()).json["items"]
    assert sorted((one["channel"], one["status"]) for one in shown) == [("counter_cash", "usable"), ("virtual_account", OWED_BACK)]


def test_a_bank_that_never_says_it_is_told_to_somebody_and_not_asked_for_ever(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any, session: Session
) -> None:
    simulator.MISBEHAVIOUR["lost-call"](caller, paid_at_the_bank(simulator, treasury.a_bill(100)))
    desk.status, rang = "03", []
    for _ in range(4 * 31 + 8):
        clock.advance(hours=6)
        assert set(run_due()) <= {"done"}
        rang.append(unknown(session))
        session.rollback()
    assert rang[:4] == [0, 0, 0, 1] and rang[100] == 1
    assert rang[-1] == 0
    assert 20 < len(desk.asked) <= 4 * 30
    before = len(desk.asked)
    clock.advance(days=3)
    run_due()
    assert len(desk.asked) == before


def test_nobody_is_asked_where_the_settings_name_nobody(
    app: Any, treasury: Any, simulator: ModuleType, run_due: Any, clock: Any, session: Session
) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        bank = simulator.Bank(http, "test-snap_client_secret", treasury.token("bank", "bank"))
        bank.inquire(treasury.a_bill(100)["virtual_account_no"])
    clock.advance(days=2)
    run_due()
    assert unknown(session) == 0


def test_a_setting_that_is_missing_stops_the_start_and_is_named(config: Settings, bank_key: str, bank_asked_at: Any) -> None:
    whole = bank_asked_at(config, "https://bank.example", bank_key)
    with pytest.raises(SettingsError, match="BANK_CLIENT_ID"):
        bank_questions.configure(replace(whole, extra={**whole.extra, "BANK_CLIENT_ID": ""}))
    with pytest.raises(SettingsError, match="BANK_PRIVATE_KEY"):
        bank_questions.configure(replace(whole, extra={**whole.extra, "BANK_PRIVATE_KEY": base64.b64encode(b"no").decode()}))


def test_a_payment_that_we_could_not_keep_is_asked_for_though_nobody_inquired(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = desk.book["r-1"] = paid_at_the_bank(simulator, treasury.a_bill(100))
    with monkeypatch.context() as broken:
        broken.setattr(snap, "record_payment", lambda *_: 1 / 0)
        assert caller.send(paid.told, paid.external_id).json()["responseCode"] == "5002500"
    assert credited(treasury) == 0
    clock.advance(minutes=10)
    assert set(run_due()) == {"done"}
    assert [one["inquiryRequestId"] for one in desk.asked] == ["r-1"]
    assert caller.send(paid.told, paid.external_id).json()["responseCode"] == "2002500"
    assert (credited(treasury), len(treasury.told("finance-sts.bill.paid.v1"))) == (100, 1)


def test_a_payment_that_we_could_not_keep_is_asked_for_by_its_own_number_once_its_inquiry_is_forgotten(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, run_due: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bill = treasury.a_bill(100)
    caller.inquire(bill["virtual_account_no"], "i-1")
    clock.advance(minutes=10)
    run_due()
    paid = desk.book["i-1"] = paid_at_the_bank(simulator, bill, "p-1")
    with monkeypatch.context() as broken:
        broken.setattr(snap, "record_payment", lambda *_: 1 / 0)
        caller.send(paid.told, paid.external_id)
    clock.advance(minutes=10)
    assert set(run_due()) == {"done"}
    assert [one.get("paymentRequestId") for one in desk.asked] == [None, "p-1"] and credited(treasury) == 100
    assert caller.send(paid.told, paid.external_id).json()["responseCode"] == "2002500"
    assert (credited(treasury), len(treasury.told("finance-sts.bill.paid.v1"))) == (100, 1)


def test_where_not_even_the_question_can_be_kept_the_bank_hears_the_same(
    treasury: Any, simulator: ModuleType, desk: Any, caller: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = paid_at_the_bank(simulator, treasury.a_bill(100))
    monkeypatch.setattr(snap, "record_payment", lambda *_: 1 / 0)
    monkeypatch.setattr(snap.pending_payments, "failed", Mock(side_effect=OperationalError("", {}, Exception())))
    assert caller.send(paid.told, paid.external_id).json()["responseCode"] == "5002500"
