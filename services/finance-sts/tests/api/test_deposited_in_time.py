"""Money of a day is deposited in time, or it is flagged, told and rung for until it is."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from finance_sts.rules.deposit_dates import DepositRule
from finance_sts.use_cases import cash_in_hand, stray_banks, tables
from smartcity import due

MORNING = datetime(2026, 2, 12, 3, tzinfo=UTC)
DAY = date(2026, 2, 12)


@pytest.fixture
def received(treasury: Any, clock: Any) -> Any:
    clock.set(MORNING)
    for amount in (100_000, 50_000):
        assert treasury.counter(treasury.a_bill(amount)).status_code == 201
    return treasury


def gathered(treasury: Any) -> dict[str, Any]:
    who = {**treasury.treasurer(), **treasury.key()}
    return dict(treasury.client.post("/v1/deposit-slips", json={"day": DAY.isoformat()}, headers=who).json)


def deposited(treasury: Any, slip: dict[str, Any]) -> dict[str, Any]:
    return dict(treasury.act(f"/v1/deposit-slips/{slip['id']}/deposit", treasury.treasurer(), {"bank_reference": "SETOR"}).json)


def in_hand(treasury: Any, who: dict[str, str]) -> list[dict[str, Any]]:
    return list(treasury.client.get("/v1/days", headers=who).json["items"])


def test_what_is_in_hand_is_shown_by_office_and_day_until_it_is_deposited(received: Any, clock: Any) -> None:
    row = {"office": "DPMPTSP", "day": "2026-02-12", "amount": 150_000, "deposit_by": "2026-02-13", "late": False}
    assert in_hand(received, received.treasurer()) == [row]
    slip = gathered(received)
    assert in_hand(received, received.head()) == [row]
    clock.advance(days=2)
    assert in_hand(received, received.head()) == [row | {"late": True}]
    assert in_hand(received, received.as_("x", "treasurer", office="DISHUB")) == []
    deposited(received, slip)
    assert in_hand(received, received.head()) == []


def test_a_late_deposit_is_flagged_on_the_slip_and_told_with_its_last_day(received: Any, clock: Any) -> None:
    slip = gathered(received)
    clock.advance(days=2)
    assert deposited(received, slip)["late"] is True
    (told,) = received.told("finance-sts.deposit_slip.deposited.v1")
    assert (told["data"]["late"], told["data"]["deposit_by"]) == (True, "2026-02-13")


def test_every_night_what_should_have_been_deposited_rings_until_it_is(
    received: Any, clock: Any, session: Session, run_due: Any, monkeypatch: Any
) -> None:
    rung: list[dict[str, Any]] = []
    monkeypatch.setattr(cash_in_hand.log, "error", lambda words, **what: rung.append({"said": words, **what}))
    due.schedule(session, cash_in_hand.RING, "nightly", MORNING)
    session.commit()
    run_due()
    assert rung == [] and cash_in_hand.late_in_hand(session, MORNING + timedelta(days=1)) == 0
    clock.advance(days=3)
    run_due()
    assert rung == [{"said": "cash still in hand", "office": "DPMPTSP", "day": "2026-02-12", "amount": 150_000}]
    assert cash_in_hand.late_in_hand(session, MORNING + timedelta(days=2)) == 150_000
    deposited(received, gathered(received))
    clock.advance(days=1)
    run_due()
    session.rollback()
    assert len(rung) == 1 and cash_in_hand.late_in_hand(session, MORNING + timedelta(days=4)) == 0


def test_an_office_s_own_rule_goes_before_the_one_of_every_office() -> None:
    remote = DepositRule("REMOTE", 5, "Perkada", "memory", date(2020, 1, 1), date(2026, 2, 28))
    every = DepositRule("*", 1, "PP 12/2019 Pasal 137(1)", "read", date(2019, 3, 12))
    assert [remote.holds_for("REMOTE", DAY), remote.holds_for("DPMPTSP", DAY), remote.holds_for("REMOTE", date(2026, 3, 1))] == [
        True, False, False,
    ]  # fmt: skip
    assert every.holds_for("REMOTE", DAY)
    assert tables.deposit_rule("DPMPTSP", DAY).deposit_by(DAY) == date(2026, 2, 13)
    with pytest.raises(LookupError):
        tables.deposit_rule("DPMPTSP", date(1999, 1, 1))


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(0, 30))
def test_the_last_day_is_as_many_days_after_the_receipts_as_the_rule_says(day: date, days: int) -> None:
    assert (DepositRule("*", days, "x", "read", date(2019, 1, 1)).deposit_by(day) - day).days == days


def test_a_bank_without_an_account_of_the_office_is_named_on_the_day_and_every_night(
    treasury: Any, clock: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(MORNING)
    treasury.pay(treasury.a_bill(100))
    path = f"/v1/days/{DAY}"
    assert treasury.client.get(path, headers=treasury.treasurer()).json["stray_banks"] == []
    monkeypatch.setattr(stray_banks, "receives_at", lambda office, bank, day: bank != "BANK-DEMO")
    assert treasury.client.get(path, headers=treasury.treasurer()).json["stray_banks"] == [
        {"bank": "BANK-DEMO", "payments": 1, "amount": 100}
    ]
    rung: list[dict[str, Any]] = []
    monkeypatch.setattr(cash_in_hand.log, "error", lambda words, **what: rung.append({"said": words, **what}))
    cash_in_hand.ring(session, "all", MORNING + timedelta(days=1))
    assert rung == [{"said": "bank without receiving account", "office": "DPMPTSP", "subject": "BANK-DEMO", "count": 1}]


def test_whoever_oversees_no_other_office_asks_for_none(treasury: Any, clock: Any) -> None:
    clock.set(MORNING)
    treasury.counter(treasury.a_bill(100))
    path = f"/v1/days/{DAY}"
    assert treasury.client.get(f"{path}?office=DLH", headers=treasury.treasurer()).status_code == 403
    assert treasury.client.get(path, headers=treasury.head()).json["errors"] == {"office": ["required"]}
    assert treasury.client.get(f"{path}?office=DPMPTSP", headers=treasury.head()).json["received"] == 100
