"""A late bill is reminded, warned and its interest claimed, all by the clock; a late payment owes what is not claimed yet."""

from typing import Any

import pytest

CASH, REVENUE, FINES = "1.1.01.02.01.0001", "4.1.02.03.01.0001", "4.1.04.13.01.0001"
REMINDED, WARNED, ISSUED = (f"finance-sts.bill.{word}.v1" for word in ("reminded", "warned", "issued"))
WITHDRAWN = "licensing.application.withdrawn.v1"


@pytest.fixture
def pass_days(clock: Any, run_due: Any) -> Any:
    def passed(days: int) -> None:
        clock.advance(days=days)
        run_due()

    return passed


def steps(treasury: Any, bill: dict[str, Any]) -> list[dict[str, Any]]:
    return treasury.client.get(f"/v1/bills/{bill['id']}/collection-steps", headers=treasury.treasurer()).json["items"]  # type: ignore[no-any-return]


def demands(treasury: Any, bill: dict[str, Any], status: str | None = None) -> list[dict[str, Any]]:
    """The STRDs of a late bill, newest first."""
    return treasury.bills(bill["id"], status)  # type: ignore[no-any-return]


def test_a_bill_is_reminded_before_and_after_its_day_then_warned_then_its_interest_is_claimed(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    seen = []
    for days in (22, 1, 8, 6, 7, 200):  # day 22, 23, 31, 37, 44, 244: due on day 30
        pass_days(days)
        seen.append([step["kind"] for step in steps(treasury, bill)])
    assert [len(kinds) for kinds in seen] == [0, 1, 2, 3, 4, 4]
    assert seen[-1] == ["reminder", "reminder", "warning_letter", "demand"]
    assert [event["data"]["outstanding"] for event in treasury.told(REMINDED)] == [1_000_000, 1_000_000]
    (letter,) = treasury.told(WARNED)
    assert letter["data"]["letter_no"].startswith("ST/DPMPTSP/") and letter["data"]["letter_no"].endswith("/000001")


def test_an_strd_is_a_bill_of_its_own_series_on_the_fines_account_and_keeps_how_it_was_reckoned(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    for days in (23, 8, 7, 7):
        pass_days(days)
    (demand,) = demands(treasury, bill)
    assert demand["number"].startswith("STRD/DPMPTSP/") and demand["number"].endswith("/000001")
    assert demand["heads"] == [{"account_code": FINES, "amount": 10_000}]
    step = steps(treasury, bill)[-1]
    assert (step["principal"], step["months"], step["percent_per_month"], step["cap_months"]) == (1_000_000, 1, "1.00", 24)
    assert "PP 35/2023" in step["legal_basis"] and step["demand_id"] == demand["id"]
    assert treasury.pay(demand).status_code == 200
    assert treasury.balanced() == {CASH: 10_000, FINES: -10_000}
    paid = treasury.told("finance-sts.bill.paid.v1")[-1]["data"]
    assert paid["reference"] == {"service": "finance-sts", "kind": "bill", "id": bill["id"]}


def test_interest_bears_no_interest_and_is_not_reminded_of(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    for days in (23, 8, 7, 7, 400):
        pass_days(days)
    (demand,) = demands(treasury, bill)
    assert steps(treasury, demand) == []
    treasury.pay(demand)
    assert demands(treasury, demand) == []


def test_paid_in_time_nothing_follows(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    pass_days(30)
    treasury.pay(bill)
    pass_days(100)
    assert [step["kind"] for step in steps(treasury, bill)] == ["reminder"]
    assert demands(treasury, bill) == [] and treasury.told(WARNED) == []


def test_paid_late_before_any_strd_the_interest_up_to_that_day_is_claimed_and_the_principal_told_without_it(
    treasury: Any, clock: Any
) -> None:
    bill = treasury.a_bill(1_000_000)
    clock.advance(days=31)
    treasury.pay(bill)
    (demand,) = demands(treasury, bill)
    assert demand["total"] == 10_000
    told = treasury.told("finance-sts.bill.paid.v1")[-1]["data"]
    assert (told["bill_id"], told["reference_paid_total"]) == (bill["id"], 1_000_000)


def test_paid_after_the_strd_the_months_since_are_added_and_the_unpaid_strd_is_replaced(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    for days in (23, 8, 7, 7, 60):
        pass_days(days)
    treasury.pay(bill)
    new, old = demands(treasury, bill)
    assert (old["status"], old["cancel_reason"], old["replaced_by"]) == ("cancelled", "interest-grown", new["id"])
    assert (old["total"], new["total"]) == (10_000, 30_000)


def test_paid_after_a_paid_strd_only_the_months_since_are_asked(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    for days in (23, 8, 7, 7):
        pass_days(days)
    treasury.pay(demands(treasury, bill)[0])
    pass_days(60)
    treasury.pay(bill)
    new, old = demands(treasury, bill)
    assert (old["status"], old["total"], new["status"], new["total"]) == ("paid", 10_000, "issued", 20_000)


def test_each_late_part_bears_the_interest_of_its_own_delay(treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    clock.advance(days=31)
    treasury.counter(bill, amount=400_000)
    clock.advance(days=31)
    treasury.counter(bill, amount=600_000)
    assert [step["interest"] for step in steps(treasury, bill)] == [4_000, 12_000]
    (demand,) = demands(treasury, bill, "issued")
    assert demand["total"] == 16_000


def test_the_same_callback_again_claims_once(treasury: Any, clock: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    clock.advance(days=31)
    body = treasury.callback(bill)
    for _ in range(3):
        treasury.client.post("/snap/v1.0/transfer-va/payment", data=body, headers=treasury.signed(body))
    assert [step["interest"] for step in steps(treasury, bill)] == [10_000]


def test_what_is_no_longer_owed_bears_no_interest_what_was_paid_for_it_goes_back(treasury: Any, pass_days: Any) -> None:
    application = treasury.assess(1_000_000)
    bill = treasury.bills(application)[0]
    for days in (23, 8, 7, 7):
        pass_days(days)
    treasury.counter(demands(treasury, bill)[0], amount=4_000)
    treasury.hear(WITHDRAWN, {**treasury.example(WITHDRAWN), "application_id": application}, subject=application, sequence=2)
    assert [one["status"] for one in demands(treasury, bill)] == ["cancelled"]
    refunds = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert [(row["amount"], row["reason_code"]) for row in refunds] == [(4_000, "application-withdrawn")]
    pass_days(100)
    assert len(treasury.told(WARNED)) == 1
    treasury.balanced()


def test_the_letter_and_the_strd_are_papers_with_a_code(treasury: Any, pass_days: Any) -> None:
    bill = treasury.a_bill(1_000_000)
    for days in (23, 8, 7, 7):
        pass_days(days)
    reminder, _, letter, _ = steps(treasury, bill)
    mine, path = treasury.as_("budi", "citizen"), f"/v1/bills/{bill['id']}/collection-steps"
    assert treasury.client.get(f"{path}/{letter['id']}/document", headers=mine).data.startswith(b"%PDF")
    assert treasury.client.get(f"{path}/{reminder['id']}/document", headers=mine).status_code == 404
    other = treasury.as_("siti", "citizen")
    assert treasury.client.get(f"{path}/{letter['id']}/document", headers=other).status_code == 404
    assert treasury.client.get(path, headers=other).status_code == 404
    assert treasury.client.get(f"/v1/verify/{letter['verify_code']}").json["standing"] == "valid"
    (demand,) = demands(treasury, bill)
    assert treasury.client.get(f"/v1/bills/{demand['id']}/document", headers=mine).data.startswith(b"%PDF")
    treasury.pay(bill)
    assert treasury.client.get(f"/v1/verify/{letter['verify_code']}").json["standing"] == "superseded"
