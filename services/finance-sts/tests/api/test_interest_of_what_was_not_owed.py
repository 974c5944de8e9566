"""A bill that was paid late and then made smaller: what was not owed bore no interest, so that this goes back with it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_sts.rules.interest import interest_on_parts
from finance_sts.use_cases import tables
from smartcity import clock as city_clock
from smartcity.calendar import day_of

WITHDRAWN, NOT_USABLE = "licensing.application.withdrawn.v1", "licensing.payment.not_usable.v1"
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


@pytest.fixture
def part_paid_late(hand: Any, treasury: Any, clock: Any) -> Any:
    """A bill of a million of which `amount` came in the second month after its day, and the interest on that."""

    def late(amount: int) -> tuple[dict[str, Any], dict[str, Any]]:
        bill = hand.a_bill(heads=MILLION)
        clock.advance(days=30 + 45)
        assert treasury.counter(bill, amount=amount).status_code == 201
        (demand,) = demands(treasury, bill)
        treasury.counter(demand)
        return bill, demand

    return late


def successor(hand: Any, bill: dict[str, Any]) -> dict[str, Any]:
    """The bill that has taken its place."""
    return hand.shown({"id": hand.shown(bill)["replaced_by"]})


@pytest.mark.parametrize(
    ("paid", "right", "back", "stays"),
    [(400_000, 600_000, [], 8_000), (700_000, 600_000, [2_000, 100_000], 12_000), (400_000, 0, [8_000, 400_000], 0)],
    ids=["less than is owed then", "more than is owed then", "nothing was owed"],
)
def test_of_a_bill_paid_late_in_part_the_interest_on_what_it_still_owes_stays(
    hand: Any, treasury: Any, part_paid_late: Any, paid: int, right: int, back: list[int], stays: int
) -> None:
    bill, _ = part_paid_late(paid)
    objection_granted(hand, bill, right)
    assert sorted(amount for _, amount, _ in refunds(treasury)) == back
    assert -treasury.balanced().get(FINES, 0) == stays


def test_what_is_still_owed_bears_from_the_old_day_where_it_is_paid(hand: Any, treasury: Any, part_paid_late: Any, clock: Any) -> None:
    """600,000 were owed: 400,000 of them two months late, 200,000 four."""
    bill, _ = part_paid_late(400_000)
    objection_granted(hand, bill, 600_000)
    clock.advance(days=60)
    rest = successor(hand, bill)
    assert (rest["outstanding"], rest["due_on"]) == (200_000, bill["due_on"])
    treasury.counter(rest, amount=200_000)
    (more,) = demands(treasury, rest)
    assert more["total"] == 8_000
    treasury.counter(more)
    assert -treasury.balanced()[FINES] == 16_000


def test_an_open_claim_on_the_part_that_came_in_stays_open_and_one_on_all_that_was_owed_does_not(
    hand: Any, treasury: Any, clock: Any, run_due: Any
) -> None:
    bill = hand.a_bill(heads=MILLION)
    clock.advance(days=30 + 32)
    treasury.counter(bill, amount=400_000)
    for _ in range(3):
        run_due()
        clock.advance(days=8)
    (demand,) = demands(treasury, bill, "issued")
    assert demand["total"] > 8_000
    objection_granted(hand, bill, 600_000)
    (left,) = demands(treasury, bill, "issued")
    assert left["total"] == 8_000


def test_a_successor_that_falls_due_anew_was_not_late(treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    clock.advance(days=31)
    treasury.counter(bill, amount=400_000)
    (demand,) = demands(treasury, bill)
    treasury.counter(demand)
    treasury.assess(600_000, application=bill["reference"]["id"], sequence=2, kind="licensing.retribution.reassessed.v1")
    assert [amount for _, amount, _ in refunds(treasury)] == [4_000]
    assert treasury.balanced().get(FINES, 0) == 0


def test_with_the_successor_goes_the_interest_that_had_stayed(hand: Any, treasury: Any, part_paid_late: Any) -> None:
    bill, demand = part_paid_late(400_000)
    objection_granted(hand, bill, 600_000)
    rest = successor(hand, bill)
    asked = treasury.act(f"/v1/bills/{rest['id']}/reliefs", hand.officer(), {"reason_code": "low-income"}).json
    granted = treasury.act(f"/v1/bills/{rest['id']}/reliefs/{asked['id']}/decision", hand.head(), {"decision_no": "SK/1"})
    assert granted.json["status"] == "granted"
    assert refunds(treasury) == sorted([(bill["id"], 400_000, "exemption-granted"), (demand["id"], 8_000, "exemption-granted")])


def test_a_claim_that_was_written_off_is_not_made_anew(hand: Any, treasury: Any, paid_late: Any) -> None:
    bill, demand = paid_late()
    path = f"/v1/bills/{demand['id']}/write-offs"
    asked = treasury.act(path, hand.officer(), {"reason_code": "decree"}).json
    assert treasury.act(f"{path}/{asked['id']}/decision", treasury.head(), {"decision_no": "SK/1"}).json["status"] == "granted"
    objection_granted(hand, bill, 600_000)
    assert demands(treasury, bill, "issued") == [] and refunds(treasury) == [(bill["id"], 400_000, "objection-granted")]


@pytest.mark.parametrize("claimed", ["paid", "open"])
def test_of_money_that_could_not_be_used_the_interest_goes_back_too(treasury: Any, clock: Any, claimed: str) -> None:
    bill = treasury.a_bill(1_000_000)
    clock.advance(days=31)
    receipt = treasury.pay(bill).json["virtualAccountData"]["referenceNo"]
    (demand,) = demands(treasury, bill)
    if claimed == "paid":
        treasury.pay(demand)
    ended = {**treasury.example(WITHDRAWN), "application_id": bill["reference"]["id"]}
    assert treasury.hear(WITHDRAWN, ended, subject=bill["reference"]["id"], sequence=2) == "applied"
    told = {**treasury.example(NOT_USABLE), "application_id": bill["reference"]["id"], "bill_id": bill["id"], "receipt_no": receipt}
    told |= {"amount": 1_000_000, "reference": bill["reference"], "reason_code": "application-withdrawn"}
    for sequence in (3, 4):
        assert treasury.hear(NOT_USABLE, told, subject=bill["reference"]["id"], sequence=sequence) == "applied"
    back = [(bill["id"], 1_000_000), (demand["id"], 10_000)][: 2 if claimed == "paid" else 1]
    assert [found[:2] for found in refunds(treasury)] == sorted(back)
    assert demands(treasury, bill, "issued") == [] and treasury.balanced().get(FINES, 0) == 0


def test_whatever_came_late_before_an_objection_and_after_it_only_what_was_owed_bears(hand: Any, treasury: Any, clock: Any) -> None:
    @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.integers(1, 999_999), st.integers(1, 999_999), st.integers(0, 50), st.integers(0, 400))
    def bears(first: int, right: int, before: int, after: int) -> None:
        bill, had = hand.a_bill(heads=MILLION), treasury.balanced().get(FINES, 0)
        clock.advance(days=30 + before)
        kept = [(min(first, right), day_of(city_clock.now()))]
        treasury.counter(bill, amount=first)
        for demand in demands(treasury, bill, "issued"):
            treasury.counter(demand)
        objection_granted(hand, bill, right)
        clock.advance(days=after)
        rest = successor(hand, bill)
        if rest["outstanding"]:
            kept.append((rest["outstanding"], day_of(city_clock.now())))
            treasury.counter(rest, amount=rest["outstanding"])
            for demand in demands(treasury, rest, "issued"):
                treasury.counter(demand)
        due_on = date.fromisoformat(bill["due_on"])
        assert had - treasury.balanced().get(FINES, 0) == interest_on_parts(tables.interest_rule(due_on), due_on, kept)

    bears()
