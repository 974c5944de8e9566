"""From the receipts of a day to the city's account, by different people."""

from datetime import UTC, datetime
from typing import Any

import pytest

CASH, CITY = "1.1.01.02.01.0001", "1.1.01.01.01.0001"
MORNING = datetime(2026, 2, 12, 3, 0, tzinfo=UTC)
DAY = "2026-02-12"


@pytest.fixture
def evening(treasury: Any, clock: Any) -> Any:
    """A day with one payment at the counter and one by virtual account."""
    clock.set(MORNING)
    assert treasury.counter(treasury.a_bill(100_000)).status_code == 201
    assert treasury.pay(treasury.a_bill(50_000)).status_code == 200
    return treasury


def closer(treasury: Any, who: str = "ppk") -> dict[str, str]:
    return {**treasury.as_(who, "cashbook-closer", office="DPMPTSP"), **treasury.key()}


def gathered(treasury: Any, day: str = DAY) -> Any:
    return treasury.client.post("/v1/deposit-slips", json={"day": day}, headers={**treasury.treasurer(), **treasury.key()})


def deposited(treasury: Any) -> dict[str, Any]:
    slip = gathered(treasury).json
    answer = treasury.act(f"/v1/deposit-slips/{slip['id']}/deposit", treasury.treasurer(), {"bank_reference": "SETOR-1"})
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def day_of(treasury: Any, day: str = DAY) -> dict[str, Any]:
    return dict(treasury.client.get(f"/v1/days/{day}", headers=treasury.treasurer()).json)


def test_a_draft_has_no_number_and_a_deposit_gives_the_next_without_a_gap(evening: Any) -> None:
    assert gathered(evening).json["number"] is None
    assert evening.counter(evening.a_bill(7)).status_code == 201
    assert deposited(evening)["number"] == "STS/DPMPTSP/2026/000001"
    again = gathered(evening)
    assert (again.status_code, again.json["type"]) == (409, "/problems/nothing-to-deposit")


def test_the_day_shows_what_it_received_by_channel_and_account_and_what_is_in_hand(evening: Any) -> None:
    before = day_of(evening)
    assert (before["received"], before["gathered"], before["deposited"], before["balance"]) == (150_000, 0, 0, 150_000)
    assert {row["channel"]: row["amount"] for row in before["channels"]} == {"counter_cash": 100_000, "virtual_account": 50_000}
    assert before["accounts"] == [{"account_code": "4.1.02.03.01.0001", "amount": 150_000}]
    slip = deposited(evening)
    assert slip["late"] is False
    after = day_of(evening)
    assert (after["gathered"], after["deposited"], after["validated"], after["balance"]) == (150_000, 150_000, 0, 0)
    books = evening.balanced()
    assert (books[CASH], books[CITY]) == (0, 150_000)


def test_a_slip_s_lines_add_up_to_it_and_its_paper_can_be_verified(evening: Any) -> None:
    slip = deposited(evening)
    lines = evening.client.get(f"/v1/deposit-slips/{slip['id']}/lines", headers=evening.treasurer()).json["items"]
    assert sum(line["amount"] for line in lines) == slip["total"] == 150_000
    paper = evening.client.get(f"/v1/deposit-slips/{slip['id']}/document", headers=evening.head())
    assert paper.status_code == 200 and paper.get_data().startswith(b"%PDF")
    checked = evening.client.get(f"/v1/verify/{slip['verify_code']}").json
    assert (checked["standing"], checked["statement"]["number"]) == ("valid", slip["number"])


def test_a_slip_gathers_the_day_s_receipts_of_its_own_office_by_account(evening: Any, hand: Any) -> None:
    elsewhere = hand.issue(hand.prepare(hand.officer("DLH")).json, hand.head(office="DLH")).json
    taken = {"bill_id": elsewhere["id"], "amount": 100_000, "channel": "counter_cash", "bank_reference": "DLH-1"}
    who = {**evening.as_("bendahara-dlh", "treasurer", office="DLH"), **evening.key()}
    assert evening.client.post("/v1/payments", json=taken, headers=who).status_code == 201
    assert evening.counter(hand.a_bill(), amount=70_000).status_code == 201
    slip = gathered(evening).json
    lines = evening.client.get(f"/v1/deposit-slips/{slip['id']}/lines", headers=evening.treasurer()).json["items"]
    assert {line["account_code"]: line["amount"] for line in lines} == {
        "4.1.02.01.02.0001": 60_000, "4.1.02.02.01.0002": 10_000, "4.1.02.03.01.0001": 150_000,
    }  # fmt: skip
    assert len(lines) == 3 and slip["total"] == 220_000


def test_another_amount_on_the_credit_note_is_a_difference_until_the_right_note_comes(evening: Any) -> None:
    slip = deposited(evening)
    path = f"/v1/deposit-slips/{slip['id']}/validation"
    differing = evening.act(path, evening.head(), {"credit_note": "NK-1", "amount": 149_999})
    assert (differing.json["status"], differing.json["credited_total"]) == ("differing", 149_999)
    assert evening.told("finance-sts.deposit_slip.validated.v1") == []
    right = evening.act(path, evening.head(), {"credit_note": "NK-2", "amount": 150_000})
    assert right.json["status"] == "validated"
    assert evening.act(path, evening.head(), {"credit_note": "NK-3", "amount": 150_000}).json["type"] == "/problems/slip-not-validatable"
    slips = [event for event in evening.told() if event["type"].split(".")[-3] == "deposit_slip"]
    assert [event["type"].split(".")[-2] for event in slips] == ["issued", "deposited", "differing", "validated"]
    assert (slips[1]["data"]["late"], slips[2]["data"]["credited_total"]) == (False, 149_999)
    assert slips[3]["data"]["slip_no"] == slip["number"]


def test_one_credit_note_proves_one_slip(evening: Any) -> None:
    for expected in (200, 409):
        slip = deposited(evening)
        answer = evening.act(f"/v1/deposit-slips/{slip['id']}/validation", evening.head(), {"credit_note": "NK-1", "amount": slip["total"]})
        assert answer.status_code == expected
        evening.counter(evening.a_bill(9))
    assert answer.json["type"] == "/problems/credit-note-reused"


def test_a_deposit_later_than_a_day_is_flagged(evening: Any, clock: Any) -> None:
    clock.advance(days=2)
    assert deposited(evening)["late"] is True


def test_a_day_is_closed_when_nothing_is_in_hand_by_one_who_took_no_money(evening: Any) -> None:
    refused = evening.client.post(f"/v1/days/{DAY}/closing", headers=closer(evening))
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/day-not-balanced")
    deposited(evening)
    for who in ("bendahara", "bank"):
        assert evening.client.post(f"/v1/days/{DAY}/closing", headers=closer(evening, who)).json["type"] == "/problems/same-person-twice"
    first, again = (evening.client.post(f"/v1/days/{DAY}/closing", headers=closer(evening)) for _ in range(2))
    assert first.json["closed"] is True and first.json["closed_at"] == again.json["closed_at"]


def test_a_day_to_come_is_not_closed_and_a_day_that_is_none_is_a_wrong_field(evening: Any) -> None:
    assert evening.client.post("/v1/days/2026-02-13/closing", headers=closer(evening)).json["type"] == "/problems/day-not-over"
    assert evening.client.post("/v1/days/yesterday/closing", headers=closer(evening)).status_code == 422
    assert evening.client.get("/v1/days/2026-02-30", headers=evening.treasurer()).status_code == 422


def test_what_comes_after_closing_belongs_to_the_next_day(evening: Any) -> None:
    deposited(evening)
    evening.client.post(f"/v1/days/{DAY}/closing", headers=closer(evening))
    late = evening.counter(evening.a_bill(5_000))
    assert late.json["day"] == "2026-02-13"
    assert day_of(evening)["balance"] == 0
    assert day_of(evening, "2026-02-13")["balance"] == 5_000
    entries = evening.client.get("/v1/ledger/entries", headers=evening.treasurer()).json["items"]
    assert entries[0]["day"] == "2026-02-13"


def test_the_balance_of_an_account_at_any_instant(evening: Any, clock: Any) -> None:
    clock.advance(hours=5)
    deposited(evening)

    def cash(at: str) -> int | None:
        rows = evening.client.get(f"/v1/ledger/accounts?at={at}", headers=evening.treasurer()).json["accounts"]
        return next((row["balance"] for row in rows if row["account_code"] == CASH), None)

    assert cash("2026-02-12T02:00:00Z") is None
    assert cash("2026-02-12T05:00:00Z") == 150_000
    assert cash("2026-02-12T09:00:00Z") == 0


def test_another_office_sees_nothing_of_it_and_the_treasury_and_the_auditor_everything(evening: Any) -> None:
    deposited(evening)
    stranger = evening.as_("x", "treasurer", office="DISHUB")
    for path in ("bills", "payments", "receipts", "refunds", "deposit-slips", "ledger/entries"):
        assert evening.client.get(f"/v1/{path}", headers=stranger).json["items"] == [], path
    assert evening.client.get("/v1/ledger/accounts", headers=stranger).json["accounts"] == []
    for who in (evening.head(), evening.as_("ester", "auditor")):
        assert len(evening.client.get("/v1/ledger/entries", headers=who).json["items"]) == 3
        assert evening.client.get(f"/v1/days/{DAY}?office=DPMPTSP", headers=who).json["received"] == 150_000
        assert evening.client.get(f"/v1/days/{DAY}", headers=who).status_code == 422
