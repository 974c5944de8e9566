"""A bill that was paid late and then made smaller: what was not owed bore no interest, so that this goes back with it."""

from typing import Any

import pytest

CASH, REVENUE, FINES = "1.1.01.02.01.0001", "4.1.02.01.02.0001", "4.1.04.13.01.0001"
MILLION = [{"account_code": REVENUE, "amount": 1_000_000}]


def demands(treasury: Any, bill: dict[str, Any], *status: str) -> list[dict[str, Any]]:
    """The STRDs of a bill."""
    found = [one for one in treasury.bills(bill["id"]) if one["reference"]["kind"] == "bill"]
    return [one for one in found if one["status"] in (status or (one["status"],))]


@pytest.fixture
def paid_late(hand: Any, treasury: Any, clock: Any) -> Any:
    """A bill of a million, paid in the second month after its day: its STRD asks for 20,000."""

    def late() -> tuple[dict[str, Any], dict[str, Any]]:
        bill = hand.a_bill(heads=MILLION)
        clock.advance(days=30 + 45)
        assert treasury.counter(bill).status_code == 201
        (demand,) = demands(treasury, bill)
        assert demand["total"] == 20_000
        return bill, demand

    return late


def objection_granted(hand: Any, bill: dict[str, Any], amount_right: int) -> None:
    payer, other = hand.treasury.as_("budi", "citizen"), hand.head("kepala-lain")
    body = {"amount_right": amount_right, "reasons": "Luas tempat usaha saya 60 m2, bukan 100 m2."}
    objection = hand.treasury.act(f"/v1/bills/{bill['id']}/objections", payer, body).json
    path = f"/v1/bills/objections/{objection['id']}"
    tag = {"If-Match": hand.client.get(path, headers=other).headers["ETag"]}
    decided = {"outcome": "granted", "grounds": "Hasil ukur ulang."}
    assert hand.client.post(f"{path}/decision", json=decided, headers={**other, **tag}).status_code == 200


def refunds(treasury: Any) -> list[tuple[str, int, str]]:
    found = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    return sorted((one["bill_id"], one["amount"], one["reason_code"]) for one in found)


def test_the_interest_paid_on_what_an_objection_takes_away_goes_back(hand: Any, treasury: Any, paid_late: Any) -> None:
    bill, demand = paid_late()
    treasury.counter(demand)
    objection_granted(hand, bill, 600_000)
    assert refunds(treasury) == sorted([(bill["id"], 400_000, "objection-granted"), (demand["id"], 8_000, "objection-granted")])
    books = treasury.balanced()
    assert (books[CASH], books[REVENUE], books[FINES]) == (1_020_000, -600_000, -12_000)


def test_an_strd_not_yet_paid_asks_for_less_and_prints(hand: Any, treasury: Any, paid_late: Any) -> None:
    bill, demand = paid_late()
    objection_granted(hand, bill, 600_000)
    (less,) = demands(treasury, bill, "issued")
    assert (less["total"], less["due_on"], less["id"] != demand["id"]) == (12_000, demand["due_on"], True)
    old = hand.shown(demand)
    assert (old["status"], old["cancel_reason"], old["replaced_by"]) == ("cancelled", "objection-granted", less["id"])
    assert hand.client.get(f"/v1/bills/{less['id']}/document", headers=hand.officer()).data.startswith(b"%PDF-")
    assert refunds(treasury) == [(bill["id"], 400_000, "objection-granted")]
    treasury.balanced()


def test_where_nothing_was_owed_all_interest_goes_back(hand: Any, treasury: Any, paid_late: Any) -> None:
    bill, demand = paid_late()
    treasury.counter(demand, amount=5_000)
    objection_granted(hand, bill, 0)
    assert demands(treasury, bill, "issued", "part_paid") == []
    assert sorted(amount for _, amount, _ in refunds(treasury)) == [5_000, 1_000_000]
    books = treasury.balanced()
    assert books.get(REVENUE, 0) == books.get(FINES, 0) == 0


def test_what_was_paid_in_time_bore_nothing_that_could_go_back(hand: Any, treasury: Any, clock: Any) -> None:
    bill = hand.a_bill(heads=MILLION)
    treasury.counter(bill)
    clock.advance(days=60)
    objection_granted(hand, bill, 600_000)
    assert demands(treasury, bill) == [] and len(refunds(treasury)) == 1


def test_a_reassessment_after_a_late_payment_gives_the_interest_back_too(treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    clock.advance(days=31)
    treasury.pay(bill)
    (demand,) = demands(treasury, bill)
    treasury.pay(demand)
    treasury.assess(500_000, application=bill["reference"]["id"], sequence=2, kind="licensing.retribution.reassessed.v1")
    assert sorted(amount for _, amount, _ in refunds(treasury)) == [5_000, 500_000]
    assert treasury.balanced()[FINES] == -5_000
