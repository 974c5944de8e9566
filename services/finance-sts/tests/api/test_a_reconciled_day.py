"""A cash day is reconciled when its books are closed, the bank has told everything, and nothing is open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from finance_sts.use_cases.bank_statements import COMPARE
from finance_sts.use_cases.reconciliations import compare
from smartcity import clock as city_clock
from smartcity import due

CITY = "1270100000001"
THURSDAY, FRIDAY = date(2026, 2, 12), date(2026, 2, 13)
TOLD = "finance-sts.day.reconciled.v1"
STEPS = ("closing", "validation", "receipts", "city")


@pytest.fixture
def slip(treasury: Any, clock: Any) -> dict[str, Any]:
    """A payment by virtual account and one in cash on Thursday, deposited the same day, the day closed; now it is Friday."""
    clock.set(datetime(2026, 2, 12, 3, 0, tzinfo=UTC))
    bill = treasury.a_bill(50_000)
    assert treasury.pay(bill).status_code == 200
    assert treasury.counter(treasury.a_bill(30_000)).status_code == 201
    gathered = treasury.client.post(
        "/v1/deposit-slips", json={"day": "2026-02-12"}, headers={**treasury.treasurer(), **treasury.key()}
    ).json
    found = treasury.act(f"/v1/deposit-slips/{gathered['id']}/deposit", treasury.treasurer(), {"bank_reference": "SETOR-1"}).json
    clock.set(datetime(2026, 2, 13, 1, 0, tzinfo=UTC))
    return {**found, "virtual_account_no": bill["virtual_account_no"]}


def validated(treasury: Any, slip: dict[str, Any], amount: int = 80_000) -> None:
    answer = treasury.act(f"/v1/deposit-slips/{slip['id']}/validation", treasury.head(), {"credit_note": "NK-1", "amount": amount})
    assert answer.status_code == 200, answer.json


def closed(treasury: Any) -> None:
    who = {**treasury.as_("ppk", "cashbook-closer", office="DPMPTSP"), **treasury.key()}
    assert treasury.client.post("/v1/days/2026-02-12/closing", headers=who).status_code == 200


def receipts_told(bank: Any, slip: dict[str, Any], *more: tuple[int, str]) -> None:
    bank.tells(THURSDAY, [(50_000, slip["virtual_account_no"]), (30_000, slip["number"]), (-80_000, slip["number"]), *more])


def city_told(bank: Any, amount: int = 80_000) -> None:
    bank.tells(THURSDAY, [(amount, "SETOR-1")], account=CITY)


def state(bank: Any, slip: dict[str, Any]) -> tuple[str, str]:
    return bank.days()[0]["status"], bank.get(f"deposit-slips/{slip['id']}").json["status"]


def test_a_day_of_which_nothing_is_open_is_reconciled_its_slip_too_and_it_is_told_once(
    bank: Any, treasury: Any, slip: Any, told: Any
) -> None:
    validated(treasury, slip)
    closed(treasury)
    receipts_told(bank, slip)
    assert state(bank, slip) == ("open", "validated") and told(TOLD) == []
    city_told(bank)
    assert state(bank, slip) == ("reconciled", "reconciled")
    bank.tells(FRIDAY, [])
    (event,) = told(TOLD)
    (day,) = bank.days()
    assert (event["subject"], event["data"]["office"], event["data"]["day"]) == (day["id"], "DPMPTSP", "2026-02-12")
    assert (event["data"]["matched"], event["data"]["resolved"]) == (4, 0)


@pytest.mark.parametrize("missing", ["closing", "validation", "payment", "slip"])
def test_a_day_waits_for_its_closing_its_validation_and_everything_in_its_books(bank: Any, treasury: Any, slip: Any, missing: str) -> None:
    if missing != "validation":
        validated(treasury, slip)
    if missing != "closing":
        closed(treasury)
    if missing == "payment":
        bank.tells(THURSDAY, [(30_000, slip["number"]), (-80_000, slip["number"])])
    else:
        receipts_told(bank, slip)
    if missing == "slip":
        bank.tells(THURSDAY, [], account=CITY)
    else:
        city_told(bank)
    assert state(bank, slip)[0] == "open"
    if missing in ("closing", "validation"):
        (closed if missing == "closing" else lambda who: validated(who, slip))(treasury)
        assert set(bank.run_due()) == {"done"}
        assert state(bank, slip) == ("reconciled", "reconciled")


@pytest.mark.parametrize("order", [STEPS[n:] + STEPS[:n] for n in range(4)], ids="-".join)
def test_whatever_comes_last_reconciles_the_day(bank: Any, treasury: Any, slip: Any, told: Any, order: tuple[str, ...]) -> None:
    steps: dict[str, Callable[[], None]] = {
        "closing": lambda: closed(treasury),
        "validation": lambda: validated(treasury, slip),
        "receipts": lambda: receipts_told(bank, slip),
        "city": lambda: city_told(bank),
    }
    for step in order:
        assert told(TOLD) == []
        steps[step]()
        assert set(bank.run_due()) <= {"done"}
    assert state(bank, slip) == ("reconciled", "reconciled") and len(told(TOLD)) == 1


def test_what_the_bank_told_before_it_was_booked_is_found_when_the_day_is_closed(bank: Any, treasury: Any, clock: Any) -> None:
    clock.set(datetime(2026, 2, 12, 3, 0, tzinfo=UTC))
    bill = treasury.a_bill(50_000)
    assert treasury.pay(bill).status_code == 200
    who = {**treasury.treasurer(), **treasury.key()}
    slip = treasury.client.post("/v1/deposit-slips", json={"day": "2026-02-12"}, headers=who).json
    clock.set(datetime(2026, 2, 13, 1, 0, tzinfo=UTC))
    bank.tells(THURSDAY, [(50_000, bill["virtual_account_no"])])
    bank.tells(THURSDAY, [], account=CITY)
    bank.tells(FRIDAY, [(50_000, "SETOR-1")], account=CITY)
    assert [one["outcome"] for one in bank.findings("?open=true")] == ["bank_only"]
    clock.set(datetime(2026, 2, 13, 2, 0, tzinfo=UTC))
    treasury.act(f"/v1/deposit-slips/{slip['id']}/deposit", treasury.treasurer(), {"bank_reference": "SETOR-1"})
    validated(treasury, slip, 50_000)
    closed(treasury)
    assert set(bank.run_due()) == {"done"}
    assert {day["day"]: day["status"] for day in bank.days()}["2026-02-12"] == "reconciled"


def test_of_two_statements_that_are_compared_at_once_the_second_sees_the_first(
    bank: Any, treasury: Any, slip: Any, session: Any, waits: Any
) -> None:
    validated(treasury, slip)
    closed(treasury)
    bank.tells(THURSDAY, [(30_000, slip["number"])])
    receipts = bank.send(bank.file(THURSDAY, [(50_000, slip["virtual_account_no"]), (-80_000, slip["number"])])).json
    assert bank.send(bank.file(THURSDAY, [(80_000, "SETOR-1")], account=CITY)).status_code == 201
    due.cancel(session, COMPARE, receipts["id"])
    session.commit()
    compare(session, receipts["id"], city_clock.now())
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(bank.run_due)
        try:
            waits(session, other)
        finally:
            session.commit()
        assert set(other.result(30)) == {"done"}
    assert state(bank, slip) == ("reconciled", "reconciled")


def test_a_day_waits_for_the_explanation_of_its_last_difference(bank: Any, treasury: Any, slip: Any, told: Any) -> None:
    validated(treasury, slip, 79_000)
    closed(treasury)
    city_told(bank, 79_000)
    receipts_told(bank, slip, (-6_500, "Biaya"))
    day = bank.days()[0]
    waiting = bank.findings("?open=true")
    assert sorted(one["outcome"] for one in waiting) == ["amount_differs", "bank_only"]
    for one in waiting:
        assert state(bank, slip)[0] == "open"
        body = {"finding": one["id"], "reason_code": "bank-charge", "note": "Biaya bank"}
        answer = treasury.act(f"/v1/reconciliations/{day['id']}/resolution", treasury.head(), body)
    assert answer.json["status"] == "reconciled"
    assert state(bank, slip) == ("reconciled", "differing")
    assert told(TOLD)[0]["data"]["resolved"] == 2


def test_what_comes_for_a_reconciled_day_belongs_to_the_next_that_is_open(bank: Any, treasury: Any, slip: Any) -> None:
    validated(treasury, slip)
    closed(treasury)
    receipts_told(bank, slip)
    city_told(bank)
    bank.tells(FRIDAY, [(-1_000, "Biaya")], value=THURSDAY)
    assert [(day["day"], day["status"]) for day in bank.days()] == [("2026-02-13", "open"), ("2026-02-12", "reconciled")]


def test_a_missing_statement_before_the_day_keeps_it_open(bank: Any, treasury: Any, slip: Any) -> None:
    validated(treasury, slip)
    closed(treasury)
    bank.tells(date(2026, 2, 10), [])
    bank.file(date(2026, 2, 11), [(7_000, "a statement that nobody has brought")])
    receipts_told(bank, slip)
    city_told(bank)
    assert state(bank, slip)[0] == "open"


def test_a_day_of_the_treasury_itself_needs_no_closing(bank: Any, treasury: Any, slip: Any) -> None:
    bank.tells(THURSDAY, [(-6_500, "Biaya")], account=CITY)
    (day,) = bank.days()
    body = {"finding": bank.findings()[0]["id"], "reason_code": "bank-charge", "note": "Biaya bank"}
    assert treasury.act(f"/v1/reconciliations/{day['id']}/resolution", treasury.head(), body).json["status"] == "reconciled"
