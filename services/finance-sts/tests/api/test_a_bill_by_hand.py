"""An officer prepares a bill, the head of the office issues it; it can be corrected, and its number stays in the register."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from finance_sts.model.bill import Bill
from finance_sts.use_cases.issuing import issue
from smartcity import clock as city_clock
from smartcity.storage.transaction import Database


def test_a_draft_has_no_number_asks_nobody_and_is_seen_by_nobody_but_its_office(hand: Any, treasury: Any) -> None:
    draft = hand.prepare().json
    assert (draft["status"], draft["number"], draft["total"], draft["outstanding"]) == ("draft", None, 100_000, 0)
    assert draft["reference"] == {"service": "finance-sts", "kind": "retribution", "id": draft["id"]}
    budi = treasury.as_("budi", "citizen")
    assert treasury.client.get("/v1/bills", headers=budi).json["items"] == []
    assert treasury.client.get(f"/v1/bills/{draft['id']}", headers=budi).status_code == 404
    assert treasury.client.get(f"/v1/bills/{draft['id']}/document", headers=hand.officer()).status_code == 404
    assert treasury.counter(draft).json["type"] == "/problems/bill-not-issued"
    assert treasury.told() == []


def test_the_head_issues_what_an_officer_prepared_and_the_payer_pays_it_head_by_head(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    assert bill["status"] == "issued" and bill["number"].endswith("/000001") and bill["virtual_account_no"]
    assert [bill["id"]] == [one["id"] for one in treasury.client.get("/v1/bills", headers=treasury.as_("budi", "citizen")).json["items"]]
    assert treasury.pay(bill).status_code == 200
    assert (hand.shown(bill)["status"], treasury.balanced()["4.1.02.01.02.0001"], treasury.balanced()["4.1.02.02.01.0002"]) == (
        "paid",
        -60_000,
        -40_000,
    )
    (told,) = treasury.told("finance-sts.bill.paid.v1")
    assert told["data"]["reference_paid_total"] == 100_000


@pytest.mark.parametrize("who", [("petugas",), ("wakil", "petugas")])
def test_who_prepared_it_does_not_issue_it_nor_their_deputy(hand: Any, who: tuple[str, ...]) -> None:
    draft = hand.prepare().json
    answer = hand.issue(draft, hand.head(*who))
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/same-person-twice")
    assert hand.issue(draft, hand.head(office="DISHUB")).status_code in (404, 428)
    assert hand.issue(draft).status_code == 200
    assert hand.issue(draft).json["type"] == "/problems/bill-not-issuable"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"heads": [{"account_code": "4.1.99", "amount": 1}]}, "heads"),
        ({"heads": [{"account_code": "1.1.01.01.01.0001", "amount": 1}]}, "heads"),
        ({"heads": [{"account_code": "4.1.02.01.02.0001", "amount": -1}]}, "heads"),
        ({"heads": [{"account_code": "4.1.02.01.02.0001", "amount": 0}]}, "heads"),
        ({"heads": [{"account_code": "4.1.02.01.02.0001", "amount": 1.5}]}, "heads"),
        ({"heads": [{"account_code": "4.1.02.01.02.0001", "amount": "100"}]}, "heads"),
        ({"heads": []}, "heads"),
        ({"due_rule": "some-day"}, "due_rule"),
        ({"period_to": None}, "period_to"),
        ({"period_to": "2025-12-31"}, "period_to"),
        ({"kecamatan_code": "99.99.99"}, "kecamatan_code"),
        ({"payer": {"address": "Medan"}}, "payer"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(hand: Any, wrong: dict[str, Any], field: str) -> None:
    answer = hand.prepare(**wrong)
    assert answer.status_code == 422 and field in answer.json["errors"]
    assert hand.client.get("/v1/bills", headers=hand.officer()).json["items"] == []


def test_an_office_that_collects_nothing_bills_nothing(hand: Any) -> None:
    answer = hand.prepare(hand.officer("INSPEKTORAT"))
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/office-not-collecting")


def test_the_same_key_makes_one_draft_and_none_makes_none(hand: Any, treasury: Any) -> None:
    key = treasury.key()
    bodies = {"headers": {**hand.officer(), **key}, "json": hand.DRAFT}
    assert len({hand.client.post("/v1/bills", **bodies).json["id"] for _ in range(2)}) == 1
    assert hand.client.post("/v1/bills", json=hand.DRAFT, headers=hand.officer()).status_code == 400
    assert len(hand.client.get("/v1/bills", headers=hand.officer()).json["items"]) == 1


def test_a_discarded_draft_leaves_no_number_and_no_word(hand: Any, treasury: Any) -> None:
    draft = hand.prepare().json
    gone = treasury.act(f"/v1/bills/{draft['id']}/cancellation", hand.officer(), {"reason_code": "duplicate"}).json
    assert (gone["status"], gone["number"]) == ("cancelled", None)
    assert hand.issue(draft).json["type"] == "/problems/bill-not-issuable"
    assert treasury.told() == [] and hand.register() == []
    assert treasury.counter(draft).json["type"] == "/problems/bill-not-issued"


def test_a_corrected_bill_keeps_its_number_in_the_register_and_points_to_the_new_one(hand: Any, treasury: Any) -> None:
    old = hand.a_bill()
    assert treasury.counter(old, amount=30_000).status_code == 201
    right = [{"account_code": "4.1.02.01.02.0001", "amount": 50_000}]
    draft = hand.prepare(heads=right, replaces=old["id"], reason_code="wrong-amount").json
    assert hand.shown(old)["status"] == "part_paid"
    new = hand.issue(draft).json
    assert (new["status"], new["carried_total"], new["outstanding"], new["reference"]) == ("part_paid", 30_000, 20_000, old["reference"])
    first, second = hand.register()
    assert (first["number"], first["status"], first["cancel_reason"]) == (old["number"], "cancelled", "wrong-amount")
    assert (first["replaced_by"], second["number"]) == (new["id"], new["number"])
    (told,) = treasury.told("finance-sts.bill.cancelled.v1")
    assert told["data"]["replaced_by"] == new["id"]
    assert treasury.counter(new, amount=20_000).status_code == 201
    assert hand.shown(new)["status"] == "paid"


def test_a_correction_below_what_came_in_gives_the_rest_back(hand: Any, treasury: Any) -> None:
    old = hand.a_bill()
    treasury.counter(old, amount=30_000)
    small = [{"account_code": "4.1.02.01.02.0001", "amount": 20_000}]
    new = hand.a_bill(heads=small, replaces=old["id"], reason_code="wrong-amount")
    (refund,) = treasury.client.get("/v1/refunds", headers=treasury.treasurer()).json["items"]
    assert (new["status"], refund["amount"], refund["reason_code"]) == ("paid", 10_000, "wrong-amount")
    treasury.balanced()


def test_only_an_open_bill_of_one_s_own_office_and_charge_is_replaced(hand: Any, treasury: Any) -> None:
    theirs, mine = treasury.a_bill(), hand.a_bill()
    assert hand.prepare(replaces=theirs["id"], reason_code="wrong-amount").json["type"] == "/problems/bill-charged-elsewhere"
    assert "reason_code" in hand.prepare(replaces=mine["id"]).json["errors"]
    assert hand.prepare(hand.officer("DISHUB"), replaces=mine["id"], reason_code="wrong-amount").status_code == 404
    drafts = [hand.prepare(replaces=mine["id"], reason_code="wrong-amount").json for _ in range(2)]
    assert hand.issue(drafts[0]).status_code == 200
    assert hand.issue(drafts[1]).json["type"] == "/problems/bill-not-open"
    treasury.pay(hand.shown(drafts[0]))
    assert hand.prepare(replaces=drafts[0]["id"], reason_code="wrong-amount").json["type"] == "/problems/bill-not-open"


def test_numbers_have_no_gap_whatever_is_issued_at_once_or_taken_back(hand: Any, database: Database) -> None:
    drafts = [hand.prepare().json["id"] for _ in range(24)]

    def fix(n: int) -> None:
        with database.session() as opened:
            bill = opened.get_one(Bill, drafts[n], with_for_update=True)
            issue(opened, bill, city_clock.now())
            opened.flush()
            opened.rollback() if n % 3 == 0 else opened.commit()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(fix, range(24)))
    numbers = [line["number"] for line in hand.register()]
    assert [int(number.rsplit("/", 1)[1]) for number in numbers] == list(range(1, 17))


def test_each_office_and_each_year_counts_from_one_and_the_year_is_that_of_medan(hand: Any, clock: Any) -> None:
    clock.set(datetime(2026, 12, 31, 16, 59, tzinfo=UTC))  # the last minute of the year, in Medan
    here, other = hand.a_bill(), hand.prepare(hand.officer("DLH")).json
    there = hand.issue(other, hand.head(office="DLH")).json
    clock.advance(minutes=1)
    numbers = [bill["number"] for bill in (here, there, hand.a_bill(), hand.a_bill())]
    assert numbers == ["SKRD/DPMPTSP/2026/000001", "SKRD/DLH/2026/000001", "SKRD/DPMPTSP/2027/000001", "SKRD/DPMPTSP/2027/000002"]


@pytest.mark.parametrize(
    ("rule", "due_on"), [("skrd-30-days", "2026-03-14"), ("skrd-1-month", "2026-03-12"), ("skrd-20-working-days", "2026-03-16")]
)
def test_a_bill_falls_due_by_the_rule_that_it_names(hand: Any, clock: Any, rule: str, due_on: str) -> None:
    """The 16th and 17th of February 2026 are off, by joint leave and for Imlek."""
    clock.set(datetime(2026, 2, 12, 3, tzinfo=UTC))
    assert hand.a_bill(due_rule=rule)["due_on"] == due_on


def test_a_cancelled_bill_keeps_its_number_in_the_register_with_the_reason_and_none_goes_without(hand: Any, treasury: Any) -> None:
    bill, path = hand.a_bill(), "/v1/bills/{id}/cancellation"
    for body in ({}, {"reason_code": "because"}):
        assert treasury.act(path.format(**bill), hand.officer(), body).status_code == 422
    assert treasury.act(path.format(**bill), hand.officer(), {"reason_code": "wrong-payer"}).json["status"] == "cancelled"
    next_one = hand.a_bill()
    assert [(line["number"], line["status"], line["cancel_reason"]) for line in hand.register()] == [
        (bill["number"], "cancelled", "wrong-payer"), (next_one["number"], "issued", None),
    ]  # fmt: skip


def test_the_register_is_for_staff_of_the_office_and_who_oversees_all_names_it(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    path = f"/v1/bills/register?year={bill['number'].split('/')[2]}"
    assert treasury.client.get(path, headers=treasury.as_("budi", "citizen")).status_code == 403
    assert treasury.client.get(path, headers=hand.officer("DISHUB")).json["items"] == []
    assert "office" in treasury.client.get(path, headers=treasury.head()).json["errors"]
    assert len(treasury.client.get(f"{path}&office=DPMPTSP", headers=treasury.head()).json["items"]) == 1
