"""The bank's lines beside the books: what matches by itself, what a person explains."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from finance_sts.use_cases.reconciliations import compare, unexplained

RECEIPTS, CITY = "1270100000002", "1270100000001"
THURSDAY, FRIDAY = date(2026, 2, 12), date(2026, 2, 13)
AFTER_THE_HOLIDAY, DAY_AFTER = date(2026, 2, 18), date(2026, 2, 19)


@pytest.fixture(autouse=True)
def thursday(clock: Any) -> None:
    clock.set(datetime(2026, 2, 12, 3, 0, tzinfo=UTC))


@pytest.fixture
def paid(treasury: Any, clock: Any) -> dict[str, Any]:
    """A bill paid by virtual account on Thursday; the statements come a week later."""
    bill: dict[str, Any] = treasury.a_bill(50_000)
    assert treasury.pay(bill).status_code == 200
    clock.set(datetime(2026, 2, 20, 1, 0, tzinfo=UTC))
    return bill


def resolved(bank: Any, finding: dict[str, Any], who: dict[str, str] | None = None, **more: Any) -> Any:
    (day,) = [day for day in bank.days() if finding in bank.get(f"reconciliations/{day['id']}/findings").json["items"]]
    body = {"finding": finding["id"], "reason_code": "bank-charge", "note": "Biaya bulanan", **more}
    return bank.treasury.act(f"/v1/reconciliations/{day['id']}/resolution", who or bank.treasury.head(), body)


@pytest.mark.parametrize("by", ["virtual_account_no", "number", "in_capitals_inside_a_word"])
def test_a_payment_matches_by_what_it_is_called_its_amount_and_its_day(bank: Any, paid: dict[str, Any], by: str) -> None:
    bank.tells(THURSDAY, [(50_000, f"PAY {paid.get(by) or paid['number'].lower()} BUDI")])
    (found,) = bank.findings()
    assert (found["outcome"], found["open"], found["bank_amount"], found["book_amount"]) == ("matched", False, 50_000, 50_000)
    (day,) = bank.days()
    assert (day["office"], day["day"], found["book_kind"], found["line"]) == ("DPMPTSP", "2026-02-12", "payment", 1)


@pytest.mark.parametrize(
    "value, outcome",
    [(date(2026, 2, 11), "matched"), (FRIDAY, "matched"), (date(2026, 2, 10), "bank_only"), (AFTER_THE_HOLIDAY, "bank_only")],
)
def test_the_value_date_may_be_one_banking_day_off_and_no_more(bank: Any, paid: dict[str, Any], value: date, outcome: str) -> None:
    bank.tells(THURSDAY, [(50_000, paid["virtual_account_no"])], value=value)
    assert bank.outcomes() == [outcome]


def test_another_amount_twice_the_same_and_what_nobody_knows_are_told_apart(bank: Any, treasury: Any, clock: Any) -> None:
    first, second = treasury.a_bill(50_000), treasury.a_bill(70_000)
    assert [treasury.pay(bill).status_code for bill in (first, second)] == [200, 200]
    clock.advance(days=1)
    bank.tells(THURSDAY, [
        (50_000, first["virtual_account_no"]), (50_000, first["virtual_account_no"]), (69_000, second["virtual_account_no"]), (-2_500, "Biaya"),
        (12_345, "127102026999999999"),
    ])  # fmt: skip
    found = {one["line"]: one for one in bank.findings()}
    assert [found[line]["outcome"] for line in range(1, 6)] == ["matched", "duplicate", "amount_differs", "bank_only", "bank_only"]
    assert found[1]["book_id"] == found[2]["book_id"] != found[3]["book_id"]
    assert (found[3]["bank_amount"], found[3]["book_amount"]) == (69_000, 70_000)
    assert [one["open"] for one in found.values()] == [False, True, True, True, True]
    detail = bank.get(f"reconciliations/{bank.days()[0]['id']}").json["outcomes"]
    assert {row["outcome"]: (row["count"], row["open"]) for row in detail} == {
        "matched": (1, 0), "duplicate": (1, 1), "amount_differs": (1, 1), "bank_only": (2, 2),
    }  # fmt: skip
    assert len(bank.findings("?open=true")) == 4 and len(bank.findings("?outcome=bank_only")) == 2


def test_what_the_bank_does_not_know_is_told_only_when_it_has_told_every_day_it_could_stand_on(bank: Any, paid: dict[str, Any]) -> None:
    bank.tells(THURSDAY, [])
    assert bank.outcomes() == []
    bank.tells(FRIDAY, [])
    assert bank.outcomes() == ["book_only"]
    assert bank.findings()[0]["line"] is None


def test_a_later_statement_brings_the_line_and_the_finding_tells_it(bank: Any, paid: dict[str, Any]) -> None:
    bank.tells(FRIDAY, [])
    (missing,) = bank.findings()
    bank.tells(AFTER_THE_HOLIDAY, [(50_000, paid["virtual_account_no"])], value=FRIDAY)
    (found,) = bank.findings()
    assert (found["id"], found["outcome"], found["open"], found["line"]) == (missing["id"], "matched", False, 1)
    (step,) = bank.get(f"reconciliations/{bank.days()[0]['id']}/findings/{found['id']}/steps").json["items"]
    assert (step["who"], step["was"], step["reason_code"]) == ("work", "book_only", "compared-again")


def test_a_line_that_comes_late_and_twice_is_matched_once(bank: Any, paid: dict[str, Any]) -> None:
    bank.tells(FRIDAY, [])
    line = (50_000, paid["virtual_account_no"])
    bank.tells(AFTER_THE_HOLIDAY, [line, line], value=FRIDAY)
    assert [(one["outcome"], one["line"]) for one in bank.findings()] == [("matched", 1), ("duplicate", 2)]


def test_statements_that_are_loaded_before_any_is_compared_are_each_compared_with_their_own_days(
    bank: Any, paid: dict[str, Any], treasury: Any
) -> None:
    for day, lines in ((date(2026, 2, 10), []), (THURSDAY, [(50_000, paid["virtual_account_no"])]), (FRIDAY, [(-2_500, "Biaya")])):
        assert bank.send(bank.file(day, lines)).status_code == 201
    assert bank.run_due() == ["done"] * 3
    assert bank.outcomes() == ["matched", "bank_only"]
    assert all(bank.get(f"reconciliations/{day['id']}/findings/{n}/steps").json["items"] == [] for day in bank.days() for n in (1, 2))


def test_a_payment_that_is_recorded_later_explains_a_line_that_was_at_the_bank_only(bank: Any, treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(50_000)
    clock.set(datetime(2026, 2, 13, 1, 0, tzinfo=UTC))
    bank.tells(THURSDAY, [(50_000, bill["virtual_account_no"])])
    assert bank.outcomes() == ["bank_only"]
    assert treasury.pay(bill).status_code == 200
    clock.advance(days=1)
    bank.tells(FRIDAY, [])
    assert bank.outcomes() == ["matched"]


def test_comparing_again_changes_nothing(bank: Any, paid: dict[str, Any], session: Any) -> None:
    kept = bank.tells(FRIDAY, [(50_000, paid["virtual_account_no"]), (-2_500, "Biaya"), (50_000, paid["virtual_account_no"])])
    before = bank.findings()
    compare(session, kept["id"], datetime(2026, 2, 20, tzinfo=UTC))
    session.commit()
    assert bank.findings() == before and len(before) == 3


def test_a_slip_matches_its_credit_note_on_the_city_s_account_and_its_sweep_on_the_other(bank: Any, treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(50_000)
    assert treasury.pay(bill).status_code == 200
    assert treasury.counter(treasury.a_bill(30_000)).status_code == 201
    slip = treasury.client.post("/v1/deposit-slips", json={"day": "2026-02-12"}, headers={**treasury.treasurer(), **treasury.key()}).json
    slip = treasury.act(f"/v1/deposit-slips/{slip['id']}/deposit", treasury.treasurer(), {"bank_reference": "SETOR-1"}).json
    clock.advance(days=1)
    bank.tells(
        THURSDAY,
        [(50_000, bill["virtual_account_no"]), (30_000, f"Setor tunai {slip['number']}"), (-80_000, f"Pindah buku {slip['number']}")],
    )
    bank.tells(THURSDAY, [(80_000, "SETOR-1")], account=CITY)
    assert {one["book_kind"]: one["outcome"] for one in bank.findings()} == {
        "payment": "matched", "cash_in": "matched", "sweep": "matched", "deposit_slip": "matched",
    }  # fmt: skip
    assert [day["office"] for day in bank.days()] == ["DPMPTSP"]


def test_a_difference_is_explained_by_the_head_with_a_reason_and_once(
    bank: Any, paid: dict[str, Any], treasury: Any, session: Session
) -> None:
    bank.tells(THURSDAY, [(50_000, paid["virtual_account_no"]), (-2_500, "Biaya")])
    matched, charge = bank.findings()
    assert resolved(bank, charge, reason_code="because").status_code == 422
    assert resolved(bank, charge, note="x").status_code == 422
    assert resolved(bank, charge, bank.clerk()).status_code == 403
    assert resolved(bank, matched).json["type"] == "/problems/finding-not-open"
    assert unexplained(session, datetime.now(UTC)) == 1
    done = resolved(bank, charge)
    assert unexplained(session, datetime.now(UTC)) == 0
    assert (done.status_code, {row["outcome"]: row["open"] for row in done.json["outcomes"]}) == (200, {"matched": 0, "bank_only": 0})
    assert resolved(bank, bank.findings()[1]).json["type"] == "/problems/finding-not-open"
    (step,) = bank.get(f"reconciliations/{done.json['id']}/findings/{charge['id']}/steps").json["items"]
    assert (step["who"], step["was"], step["reason_code"], step["note"]) == ("kuasa-bud", "bank_only", "bank-charge", "Biaya bulanan")


def test_an_explanation_needs_the_day_as_it_was_read(bank: Any, paid: dict[str, Any], treasury: Any) -> None:
    bank.tells(THURSDAY, [(-2_500, "Biaya"), (-1_000, "Biaya")])
    path = f"/v1/reconciliations/{bank.days()[0]['id']}"
    body = {"finding": bank.findings()[0]["id"], "reason_code": "bank-charge", "note": "Biaya"}
    assert treasury.client.post(f"{path}/resolution", json=body, headers=treasury.head()).status_code == 428
    etag = bank.get(path.removeprefix("/v1/")).headers["ETag"]
    headers = {**treasury.head(), "If-Match": etag}
    assert [treasury.client.post(f"{path}/resolution", json=body, headers=headers).status_code for _ in range(2)] == [200, 412]


def test_who_brought_the_statement_does_not_explain_it_nor_does_their_deputy(bank: Any, treasury: Any, issuer: Any) -> None:
    answer = bank.send(bank.file(THURSDAY, [(-2_500, "Biaya")]), treasury.head())
    assert answer.status_code == 201 and bank.run_due() == ["done"]
    (charge,) = bank.findings()
    assert resolved(bank, charge).json["type"] == "/problems/same-person-twice"
    acting = issuer.token("wakil", "head", office="BKAD", acting_for=["kuasa-bud"])
    assert resolved(bank, charge, {"Authorization": f"Bearer {acting}"}).json["type"] == "/problems/same-person-twice"
    assert resolved(bank, charge, treasury.as_("kabid", "head", office="BKAD")).status_code == 200


def test_another_day_s_finding_is_not_found_here(bank: Any, paid: dict[str, Any], treasury: Any) -> None:
    bank.tells(THURSDAY, [(50_000, paid["virtual_account_no"])])
    bank.tells(THURSDAY, [(-9, "Biaya")], account=CITY)
    mine, other = bank.findings()
    (day,) = [day for day in bank.days() if day["office"] == "DPMPTSP"]
    body = {"finding": other["id"], "reason_code": "bank-charge", "note": "Biaya"}
    assert mine["outcome"] == "matched"
    assert treasury.act(f"/v1/reconciliations/{day['id']}/resolution", treasury.head(), body).status_code == 404
    assert bank.get(f"reconciliations/{day['id']}/findings/{other['id']}/steps").json["items"] == []


def test_an_office_sees_its_own_days_and_no_other_s(bank: Any, paid: dict[str, Any], treasury: Any) -> None:
    bank.tells(THURSDAY, [(50_000, paid["virtual_account_no"])])
    bank.tells(THURSDAY, [(-9, "Biaya")], account=CITY)
    own = treasury.client.get("/v1/reconciliations", headers=treasury.treasurer()).json["items"]
    assert [day["office"] for day in own] == ["DPMPTSP"]
    assert sorted(day["office"] for day in bank.get("reconciliations?day=2026-02-12&status=open").json["items"]) == ["BKAD", "DPMPTSP"]
    assert bank.get("reconciliations?status=reconciled").json["items"] == []
    stranger = treasury.as_("x", "treasurer", office="DISHUB")
    assert treasury.client.get(f"/v1/reconciliations/{own[0]['id']}", headers=stranger).status_code == 404
    assert treasury.client.get(f"/v1/reconciliations/{own[0]['id']}/findings", headers=stranger).status_code == 404
