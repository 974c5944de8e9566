"""What the city gives up of a bill: asked by one person, decided by another, and seen in the register and the books."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

START = datetime(2026, 2, 12, 3, tzinfo=UTC)
RELIEF = {"reason_code": "low-income"}
GRANT = {"decision_no": "SK/900.1/17/2026"}


def asked(hand: Any, bill: dict[str, Any], who: dict[str, str] | None = None, **body: Any) -> Any:
    return hand.treasury.act(f"/v1/bills/{bill['id']}/reliefs", who or hand.officer(), RELIEF | body)


def decided(hand: Any, waiver: dict[str, Any], who: dict[str, str] | None = None, body: dict[str, Any] | None = None) -> Any:
    return hand.treasury.act(f"/v1/bills/{waiver['bill_id']}/reliefs/{waiver['id']}/decision", who or hand.head(), body or GRANT)


def proposed(hand: Any, bill: dict[str, Any], reason: str = "decree") -> Any:
    return hand.treasury.act(f"/v1/bills/{bill['id']}/write-offs", hand.officer(), {"reason_code": reason})


def written_off(hand: Any, waiver: dict[str, Any], who: dict[str, str] | None = None) -> Any:
    path = f"/v1/bills/{waiver['bill_id']}/write-offs/{waiver['id']}/decision"
    return hand.treasury.act(path, who or hand.treasury.head(), GRANT)


def test_a_granted_relief_replaces_the_bill_by_one_over_less_that_falls_due_on_the_same_day(hand: Any, treasury: Any, clock: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    clock.advance(days=10)
    waiver = asked(hand, bill, treasury.as_("budi", "citizen"), percent="12.5").json
    assert (waiver["kind"], waiver["amount"], waiver["status"]) == ("relief", 12_500, "requested")
    assert decided(hand, waiver).json["status"] == "granted"
    old, new = hand.register()
    assert (old["status"], old["cancel_reason"], old["replaced_by"]) == ("cancelled", "relief-granted", new["bill_id"])
    shown = hand.shown({"id": new["bill_id"]})
    assert (shown["total"], shown["due_on"], shown["limitation_on"]) == (87_500, bill["due_on"], bill["limitation_on"])
    assert [head["amount"] for head in shown["heads"]] == [52_500, 35_000]
    treasury.pay(shown)
    assert treasury.told("finance-sts.bill.paid.v1")[0]["data"]["reference_paid_total"] == 87_500


@pytest.fixture
def steps(hand: Any, clock: Any, run_due: Any) -> Any:
    """What has been done to collect a bill, after so many days more."""

    def taken(bill: dict[str, Any], days: int) -> list[str]:
        clock.advance(days=days)
        run_due()
        found = hand.client.get(f"/v1/bills/{bill['id']}/collection-steps", headers=hand.officer()).json["items"]
        return [step["kind"] for step in found]

    return taken


def test_what_a_relief_asked_late_leaves_is_collected_anew_from_its_day_and_its_interest_runs_on(hand: Any, steps: Any) -> None:
    bill = hand.a_bill(heads=[{"account_code": "4.1.02.01.02.0001", "amount": 1_000_000}])
    assert [steps(bill, days) for days in (23, 8, 6, 7)][-1] == ["reminder", "reminder", "warning_letter", "demand"]
    decided(hand, asked(hand, bill, amount=500_000).json)
    rest = hand.shown({"id": hand.shown(bill)["replaced_by"]})
    assert (rest["due_on"], rest["outstanding"]) == (bill["due_on"], 500_000)
    assert [steps(rest, days) for days in (0, 1, 6)] == [[], ["reminder"], ["reminder", "warning_letter"]]
    assert steps(rest, 7)[-1] == "demand"
    (strd,) = hand.treasury.bills(rest["id"])
    assert strd["total"] == 5_000  # of what is left, since the day on which the bill was due


def test_what_a_relief_leaves_falls_due_anew_where_it_was_asked_in_time_and_granted_late(hand: Any, treasury: Any, steps: Any) -> None:
    bill = hand.a_bill()
    steps(bill, 29)
    waiver = asked(hand, bill, treasury.as_("budi", "citizen"), amount=60_000).json
    steps(bill, 4)
    decided(hand, waiver)
    rest = hand.shown({"id": hand.shown(bill)["replaced_by"]})
    assert date.fromisoformat(rest["due_on"]) == date.fromisoformat(bill["due_on"]) + timedelta(days=33)
    assert [steps(rest, days) for days in (0, 22, 1)] == [[], [], ["reminder"]]


def test_an_exemption_ends_the_bill_and_gives_back_what_came_in(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    treasury.counter(bill, amount=30_000)
    waiver = asked(hand, bill).json
    assert (waiver["kind"], waiver["amount"]) == ("exemption", 100_000)
    decided(hand, waiver)
    assert (hand.shown(bill)["status"], hand.shown(bill)["replaced_by"]) == ("cancelled", None)
    (told,) = treasury.told("finance-sts.bill.cancelled.v1")
    assert told["data"]["reason_code"] == "exemption-granted"
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert (refund["amount"], refund["reason_code"]) == (30_000, "exemption-granted")
    treasury.balanced()


def test_a_relief_of_a_bill_paid_in_part_carries_the_money_over(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    treasury.counter(bill, amount=30_000)
    decided(hand, asked(hand, bill, amount=60_000).json)
    new = hand.shown({"id": hand.shown(bill)["replaced_by"]})
    assert (new["total"], new["carried_total"], new["outstanding"]) == (40_000, 30_000, 10_000)
    treasury.counter(new, amount=10_000)
    assert hand.shown(new)["status"] == "paid"
    treasury.balanced()


@pytest.mark.parametrize("who", [("petugas",), ("wakil", "petugas")])
def test_who_asked_does_not_decide_nor_their_deputy(hand: Any, who: tuple[str, ...]) -> None:
    waiver = asked(hand, hand.a_bill(), amount=1).json
    assert decided(hand, waiver, hand.head(*who)).json["type"] == "/problems/same-person-twice"
    assert decided(hand, waiver, hand.officer()).status_code == 403


@pytest.mark.parametrize("who", [("budi",), ("wakil", "budi")])
def test_nobody_decides_on_a_bill_of_their_own_nor_does_their_deputy(hand: Any, who: tuple[str, ...]) -> None:
    """Budi is its payer: he, or who acts for him, neither issues it nor gives up anything of it, whoever asked."""
    draft, own = hand.prepare().json, hand.head(*who)
    assert hand.issue(draft, own).json["type"] == "/problems/own-case"
    waiver = asked(hand, hand.issue(draft).json, amount=1).json
    assert decided(hand, waiver, own).json["type"] == "/problems/own-case"
    assert decided(hand, waiver).json["status"] == "granted"


def test_a_refused_relief_changes_nothing_and_is_decided_once(hand: Any) -> None:
    bill = hand.a_bill()
    waiver = asked(hand, bill, amount=1).json
    assert asked(hand, bill).json["type"] == "/problems/waiver-waiting"
    assert decided(hand, waiver, body={"refusal_code": "no"}).status_code == 422
    assert decided(hand, waiver, body={**GRANT, "refusal_code": "other"}).status_code == 422
    refused = decided(hand, waiver, body={"refusal_code": "not-eligible"}).json
    assert (refused["status"], refused["refusal_code"]) == ("refused", "not-eligible")
    assert hand.shown(bill)["status"] == "issued"
    assert decided(hand, waiver).json["type"] == "/problems/waiver-not-decidable"
    assert [one["status"] for one in hand.client.get(f"/v1/bills/{bill['id']}/waivers", headers=hand.officer()).json["items"]] == [
        "refused"
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [({"amount": 100_000}, 409), ({"amount": 0}, 422), ({"percent": "0"}, 422), ({"percent": "100"}, 422), ({"amount": 5, "percent": "5"}, 422),
     ({"reason_code": "because"}, 422)],
)  # fmt: skip
def test_a_relief_leaves_something_and_says_why(hand: Any, body: dict[str, Any], code: int) -> None:
    assert asked(hand, hand.a_bill(), **body).status_code == code


def test_a_relief_that_no_longer_fits_what_is_owed_is_not_granted(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    waiver = asked(hand, bill, amount=60_000).json
    treasury.counter(bill, amount=50_000)
    assert decided(hand, waiver).json["type"] == "/problems/relief-exceeds-owed"
    treasury.counter(bill, amount=50_000)
    assert decided(hand, waiver).json["type"] == "/problems/bill-not-open"


def test_what_another_service_charges_is_given_up_there_and_not_here(hand: Any, treasury: Any) -> None:
    bill = treasury.a_bill()
    for answer in (asked(hand, bill), asked(hand, bill, amount=1), proposed(hand, bill)):
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/bill-charged-elsewhere")
        assert "licensing" in answer.json["detail"]


def test_a_write_off_needs_the_limitation_or_a_decree_and_the_head_of_the_treasury(
    hand: Any, treasury: Any, clock: Any, run_due: Any
) -> None:
    clock.set(START)
    bill = hand.a_bill()
    treasury.counter(bill, amount=30_000)
    assert proposed(hand, bill, "limitation").json["type"] == "/problems/bill-not-time-barred"
    clock.advance(days=3 * 366)
    run_due()
    waiver = proposed(hand, bill, "limitation").json
    assert written_off(hand, waiver, hand.head()).status_code == 403
    assert written_off(hand, waiver).json["status"] == "granted"
    shown = hand.shown(bill)
    assert (shown["status"], shown["outstanding"], shown["paid_total"]) == ("written_off", 0, 30_000)
    (told,) = treasury.told("finance-sts.bill.written_off.v1")
    assert (told["data"]["amount"], told["data"]["reason_code"], told["data"]["decision_no"]) == (
        70_000,
        "limitation",
        GRANT["decision_no"],
    )
    assert treasury.client.get(f"/v1/verify/{bill['verify_code']}").json["standing"] == "cancelled"


@pytest.mark.parametrize("who", [("petugas",), ("wakil", "petugas")])
def test_who_proposed_a_write_off_does_not_decide_it_nor_their_deputy(hand: Any, who: tuple[str, ...]) -> None:
    bill = hand.a_bill()
    waiver = proposed(hand, bill).json
    assert written_off(hand, waiver, hand.head(*who, office="BKAD")).json["type"] == "/problems/same-person-twice"
    assert hand.shown(bill)["status"] == "issued"
    assert written_off(hand, waiver).json["status"] == "granted"


def test_money_for_a_bill_that_was_written_off_is_kept_and_owed_back(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    written_off(hand, proposed(hand, bill).json)
    assert treasury.pay(bill).status_code == 200
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert (refund["amount"], refund["reason_code"], hand.shown(bill)["status"]) == (100_000, "bill-written-off", "written_off")
    treasury.balanced()


def test_what_waits_is_a_queue_of_the_office_and_of_the_treasury_oldest_first(hand: Any, treasury: Any) -> None:
    waivers = [asked(hand, hand.a_bill(), amount=1).json["id"] for _ in range(2)]

    def queue(who: dict[str, str]) -> list[str]:
        return [one["id"] for one in hand.client.get("/v1/work-queues/finance-sts/waivers", headers=who).json["items"]]

    assert queue(hand.head()) == queue(treasury.head()) == waivers
    assert queue(hand.head(office="DISHUB")) == []
    assert hand.client.get("/v1/work-queues/finance-sts/waivers", headers=hand.officer()).status_code == 403


def test_a_decision_is_taken_on_the_bill_as_it_was_read(hand: Any, treasury: Any) -> None:
    waiver = asked(hand, hand.a_bill(), amount=1).json
    path = f"/v1/bills/{waiver['bill_id']}/reliefs/{waiver['id']}/decision"
    assert hand.client.post(path, json=GRANT, headers=hand.head()).status_code == 428
    assert hand.client.post(path, json=GRANT, headers={**hand.head(), "If-Match": '"99"'}).status_code == 412


def test_an_strd_is_given_up_whole_and_neither_made_smaller_nor_corrected(hand: Any, treasury: Any, clock: Any, run_due: Any) -> None:
    late = treasury.a_bill(1_000_000)
    for days in (23, 8, 7, 7):
        clock.advance(days=days)
        run_due()
    (demand,) = treasury.bills(late["id"])
    assert asked(hand, demand, amount=1).json["type"] == "/problems/demand-not-changeable"
    assert hand.prepare(replaces=demand["id"], reason_code="wrong-amount").json["type"] == "/problems/demand-not-changeable"
    assert decided(hand, asked(hand, demand).json).json["status"] == "granted"
    assert (hand.shown(demand)["status"], hand.shown(late)["status"]) == ("cancelled", "issued")
