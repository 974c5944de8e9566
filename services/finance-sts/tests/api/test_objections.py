"""An objection (keberatan): filed in time by the payer, decided by another head than who issued the bill, granted when time runs out."""

from datetime import UTC, datetime
from typing import Any

import pytest

START = datetime(2026, 2, 12, 3, tzinfo=UTC)
WHY = "Luas tempat usaha saya 60 m2, bukan 100 m2 seperti dalam ketetapan."
FIELDS = {
    "required": "required",
    "objection-amount-wrong": "Dikabulkan sebagian berada di antara jumlah menurut wajib retribusi dan tagihan; ditambah lebih dari tagihan.",
    "amount-not-asked": "Jumlah hanya disebut untuk `partly_granted` dan `increased`.",
}
GROUNDS = "Hasil ukur ulang tanggal 20 Februari 2026 menunjukkan luas 60 m2."


def payer(hand: Any, sub: str = "budi") -> dict[str, str]:
    return hand.treasury.as_(sub, "citizen")  # type: ignore[no-any-return]


def filed(hand: Any, bill: dict[str, Any], amount_right: int = 60_000, who: dict[str, str] | None = None, **other: Any) -> Any:
    body = {"amount_right": amount_right, "reasons": WHY} | other
    return hand.treasury.act(f"/v1/bills/{bill['id']}/objections", who or payer(hand), body)


def other_head(hand: Any) -> dict[str, str]:
    return hand.head("kepala-lain")  # type: ignore[no-any-return]


def decided(hand: Any, objection: dict[str, Any], outcome: str, amount: int | None = None, who: dict[str, str] | None = None) -> Any:
    who, path = who or other_head(hand), f"/v1/bills/objections/{objection['id']}"
    tag = {"If-Match": hand.client.get(path, headers=who).headers.get("ETag", "")}
    body: dict[str, Any] = {"outcome": outcome, "grounds": GROUNDS} | ({} if amount is None else {"amount": amount})
    return hand.client.post(f"{path}/decision", json=body, headers={**who, **tag})


def shown(hand: Any, objection: dict[str, Any]) -> dict[str, Any]:
    return hand.client.get(f"/v1/bills/objections/{objection['id']}", headers=payer(hand)).json  # type: ignore[no-any-return]


def refunds(hand: Any) -> list[dict[str, Any]]:
    return hand.client.get("/v1/refunds", headers=hand.treasury.treasurer()).json["items"]  # type: ignore[no-any-return]


def test_an_objection_is_told_has_its_term_and_suspends_nothing(hand: Any, treasury: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    answer = filed(hand, bill)
    assert answer.status_code == 201, answer.json
    objection = answer.json
    assert (objection["status"], objection["decide_by"], objection["reasons"]) == ("filed", "2026-08-12", WHY)
    (told,) = treasury.told("finance-sts.objection.filed.v1")
    assert (told["data"]["amount_right"], told["data"]["total"], told["data"]["decide_by"]) == (60_000, 100_000, "2026-08-12")
    assert WHY not in str(told)
    for days in (60, 8):
        clock.advance(days=days)
        run_due()
    steps = hand.client.get(f"/v1/bills/{bill['id']}/collection-steps", headers=hand.officer()).json["items"]
    assert {"warning_letter", "demand"} <= {step["kind"] for step in steps}
    assert treasury.counter(bill).status_code == 201


def test_a_granted_objection_replaces_an_open_bill_that_falls_due_on_the_same_day(hand: Any, treasury: Any, clock: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    treasury.counter(bill, amount=30_000)
    clock.advance(days=5)
    answer = decided(hand, filed(hand, bill).json, "granted")
    assert (answer.json["status"], answer.json["amount_decided"]) == ("granted", 60_000)
    assert answer.json["in_force_at"] == answer.json["decided_at"]
    old = hand.shown(bill)
    new = hand.shown({"id": old["replaced_by"]})
    assert (old["status"], old["cancel_reason"], new["replaces"]) == ("cancelled", "objection-granted", bill["id"])
    assert (new["total"], new["carried_total"], new["outstanding"], new["due_on"]) == (60_000, 30_000, 30_000, bill["due_on"])
    assert sum(head["amount"] for head in new["heads"]) == 60_000
    (told,) = treasury.told("finance-sts.objection.decided.v1")
    assert (told["data"]["outcome"], told["data"]["amount"], told["data"]["decision_no"]) == (
        "granted",
        60_000,
        answer.json["decision_no"],
    )
    assert filed(hand, new, 10).json["type"] == "/problems/objection-decided"
    treasury.balanced()


def test_what_was_paid_too_much_goes_back_when_the_payer_is_right(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    treasury.counter(bill)
    objection = filed(hand, bill).json
    assert decided(hand, objection, "partly_granted", 70_000).json["amount_decided"] == 70_000
    (refund,) = refunds(hand)
    assert (refund["amount"], refund["reason_code"]) == (30_000, "objection-granted")
    assert hand.shown(bill)["status"] == "paid"
    treasury.balanced()


def test_nothing_is_owed_when_the_payer_is_right_about_that(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    treasury.counter(bill, amount=30_000)
    decided(hand, filed(hand, bill, 0).json, "granted")
    assert (hand.shown(bill)["status"], hand.shown(bill)["replaced_by"]) == ("cancelled", None)
    assert [one["amount"] for one in refunds(hand)] == [30_000]
    treasury.balanced()


@pytest.mark.parametrize("paid", [True, False])
def test_more_may_be_owed_too_and_falls_due_anew(hand: Any, treasury: Any, clock: Any, paid: bool) -> None:
    clock.set(START)
    bill = hand.a_bill()
    if paid:
        treasury.counter(bill)
    clock.advance(days=10)
    assert decided(hand, filed(hand, bill).json, "increased", 120_000).json["status"] == "increased"
    extra = next(one for one in hand.register() if one["bill_id"] != bill["id"])
    new = hand.shown({"id": extra["bill_id"]})
    assert (new["total"], new["status"], hand.shown(bill)["status"]) == (
        (20_000, "issued", "paid") if paid else (120_000, "issued", "cancelled")
    )
    assert new["due_on"] > bill["due_on"] and refunds(hand) == []


def test_what_an_increase_has_billed_beside_a_paid_bill_is_corrected_alone(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    treasury.pay(bill)
    decided(hand, filed(hand, bill).json, "increased", 150_000)
    beside = hand.register()[-1]
    heads = [{"account_code": "4.1.02.01.02.0001", "amount": 30_000}]
    new = hand.a_bill(replaces=beside["bill_id"], reason_code="wrong-amount", heads=heads)
    assert (new["status"], new["total"], hand.shown(bill)["status"]) == ("issued", 30_000, "paid")
    assert hand.shown({"id": beside["bill_id"]})["replaced_by"] == new["id"]
    assert refunds(hand) == [], "what was paid stays paid"
    treasury.pay(new)
    assert treasury.told("finance-sts.bill.paid.v1")[-1]["data"]["reference_paid_total"] == 130_000
    treasury.balanced()


def test_a_refused_objection_changes_nothing_and_has_its_paper(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    objection = filed(hand, bill).json
    path = f"/v1/bills/objections/{objection['id']}/document"
    assert hand.client.get(path, headers=payer(hand)).status_code == 404
    answer = decided(hand, objection, "refused").json
    assert (answer["status"], answer["amount_decided"], answer["grounds"]) == ("refused", 100_000, GROUNDS)
    assert hand.shown(bill)["status"] == "issued"
    paper = hand.client.get(path, headers=payer(hand))
    assert paper.data.startswith(b"%PDF")
    verified = hand.client.get(f"/v1/verify/{answer['verify_code']}").json
    assert (verified["standing"], verified["statement"]["number"], verified["statement"]["outcome"]) == (
        "valid",
        answer["decision_no"],
        "refused",
    )
    assert decided(hand, answer, "granted").json["type"] == "/problems/objection-decided"
    assert filed(hand, bill).json["type"] == "/problems/objection-decided"


def test_the_numbers_of_decisions_have_no_gap(hand: Any) -> None:
    numbers = [decided(hand, filed(hand, hand.a_bill()).json, "refused").json["decision_no"] for _ in range(3)]
    assert [int(number.rsplit("/", 1)[1]) for number in numbers] == list(range(int(numbers[0][-6:]), int(numbers[0][-6:]) + 3))


def test_who_is_not_answered_within_six_months_is_right(hand: Any, treasury: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    treasury.counter(bill)
    objection = filed(hand, bill).json
    clock.set(datetime(2026, 8, 12, 16, 59, tzinfo=UTC))  # the last minute of the last day, in Medan
    run_due()
    assert shown(hand, objection)["status"] == "filed"
    clock.advance(minutes=1)
    assert decided(hand, objection, "refused").json["type"] == "/problems/objection-term-over"
    run_due()
    run_due()
    found = shown(hand, objection)
    assert (found["status"], found["amount_decided"], found["grounds"]) == ("deemed_granted", 60_000, None)
    assert hand.client.get(f"/v1/bills/objections/{objection['id']}/document", headers=payer(hand)).data.startswith(b"%PDF")
    assert [(one["amount"], one["reason_code"]) for one in refunds(hand)] == [(40_000, "objection-granted")]
    assert len(treasury.told("finance-sts.objection.decided.v1")) == 1


def test_a_decision_in_time_is_not_overtaken_by_the_term(hand: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    objection = filed(hand, hand.a_bill()).json
    decided(hand, objection, "refused")
    clock.advance(days=200)
    run_due()
    assert shown(hand, objection)["status"] == "refused"


def test_it_is_filed_on_the_last_day_and_not_after(hand: Any, clock: Any) -> None:
    clock.set(START)
    one, other = hand.a_bill(), hand.a_bill()
    clock.set(datetime(2026, 5, 12, 16, 59, tzinfo=UTC))
    assert filed(hand, one).status_code == 201
    clock.advance(minutes=1)
    late = filed(hand, other)
    assert (late.status_code, late.json["type"]) == (409, "/problems/objection-late") and "2026-05-12" in late.json["detail"]


def test_only_the_payer_objects_once_at_a_time_and_to_a_bill_that_asks_for_money(hand: Any, treasury: Any) -> None:
    bill, gone = hand.a_bill(), hand.a_bill()
    assert filed(hand, bill, who=payer(hand, "siti")).status_code == 404
    assert filed(hand, bill, who=hand.officer()).status_code == 403
    assert filed(hand, bill, 100_000).json["type"] == "/problems/objection-not-less"
    assert filed(hand, bill, reasons="pendek").status_code == 422
    assert filed(hand, bill).status_code == 201
    assert filed(hand, bill).json["type"] == "/problems/objection-filed"
    treasury.act(f"/v1/bills/{gone['id']}/cancellation", hand.officer(), {"reason_code": "issued-by-mistake"})
    refused = filed(hand, gone)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/bill-not-objectable")


def test_filing_it_twice_with_one_key_files_it_once(hand: Any) -> None:
    bill, headers = hand.a_bill(), {**payer(hand), **hand.treasury.key()}
    body = {"amount_right": 1, "reasons": WHY}
    first, again = (hand.client.post(f"/v1/bills/{bill['id']}/objections", json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201 and first.json == again.json
    nothing = hand.client.post(f"/v1/bills/{bill['id']}/objections", json=body, headers=payer(hand))
    assert nothing.status_code in (400, 428)


@pytest.mark.parametrize("who", [("kepala",), ("wakil", "kepala"), ("wakil", "petugas")])
def test_who_prepared_or_issued_the_bill_does_not_decide_nor_their_deputy(hand: Any, who: tuple[str, ...]) -> None:
    objection = filed(hand, hand.a_bill()).json
    assert decided(hand, objection, "refused", who=hand.head(*who)).json["type"] == "/problems/same-person-twice"
    assert decided(hand, objection, "refused", who=hand.officer()).status_code == 403
    assert decided(hand, objection, "refused", who=hand.head("lain", office="DLH")).status_code in (403, 404)
    assert decided(hand, objection, "refused", who=hand.treasury.head()).status_code == 200


@pytest.mark.parametrize(
    ("outcome", "amount", "wrong"),
    [("partly_granted", None, "required"), ("partly_granted", 60_000, "objection-amount-wrong"), ("partly_granted", 100_000, "objection-amount-wrong"),
     ("increased", 100_000, "objection-amount-wrong"), ("increased", None, "required"), ("granted", 60_000, "amount-not-asked")],
)  # fmt: skip
def test_a_decision_says_what_is_owed_and_that_fits_its_name(hand: Any, outcome: str, amount: int | None, wrong: str) -> None:
    objection = filed(hand, hand.a_bill()).json
    answer = decided(hand, objection, outcome, amount)
    assert (answer.status_code, answer.json["errors"]) == (422, {"amount": [FIELDS[wrong]]})
    assert shown(hand, objection)["status"] == "filed"


def test_an_objection_lapses_with_its_bill(hand: Any, treasury: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    objection = filed(hand, bill).json
    treasury.act(f"/v1/bills/{bill['id']}/cancellation", hand.officer(), {"reason_code": "wrong-payer"})
    assert shown(hand, objection)["status"] == "lapsed"
    clock.advance(days=250)
    run_due()
    assert shown(hand, objection)["status"] == "lapsed"


def test_an_objection_acknowledges_the_debt_so_its_limitation_starts_anew(hand: Any, clock: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    clock.advance(days=40)
    filed(hand, bill)
    assert (bill["limitation_on"], hand.shown(bill)["limitation_on"]) == ("2029-02-12", "2029-03-24")


def test_payer_office_and_auditor_find_it_where_they_look(hand: Any, treasury: Any, clock: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    objection = filed(hand, bill).json
    lines = hand.client.get("/v1/me/cases", headers=payer(hand)).json["cases"]
    mine = next(one for one in lines if one["kind"] == "objection")
    assert (mine["id"], mine["status"], mine["deadline"][:10]) == (objection["id"], "filed", "2026-08-12")
    for path, who in (
        ("/v1/bills/objections", payer(hand)), ("/v1/bills/objections?status=filed", hand.officer()), (f"/v1/bills/{bill['id']}/objections", payer(hand)),
        ("/v1/work-queues/finance-sts/objections", hand.head()), ("/v1/work-queues/finance-sts/objections", treasury.as_("pemeriksa", "auditor")),
    ):  # fmt: skip
        (line,) = hand.client.get(path, headers=who).json["items"]
        assert line["id"] == objection["id"] and "reasons" not in line
    assert hand.client.get("/v1/bills/objections", headers=payer(hand, "siti")).json["items"] == []
    assert hand.client.get(f"/v1/bills/objections/{objection['id']}", headers=payer(hand, "siti")).status_code == 404
    hand.client.get(f"/v1/bills/objections/{objection['id']}", headers=hand.officer())
    seen = hand.client.get("/v1/me/data-access", headers=payer(hand)).json["items"]
    assert [row["purpose"] for row in seen if "objection" in row["purpose"]] == ["objection read"]
