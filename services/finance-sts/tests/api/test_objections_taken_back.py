"""An objection is taken back by its payer until it is decided; another may be filed while there is time."""

from datetime import UTC, datetime
from typing import Any

START = datetime(2026, 2, 12, 3, tzinfo=UTC)
WHY = "Luas tempat usaha saya 60 m2, bukan 100 m2 seperti dalam ketetapan."


def payer(hand: Any, sub: str = "budi") -> dict[str, str]:
    return hand.treasury.as_(sub, "citizen")  # type: ignore[no-any-return]


def filed(hand: Any, bill: dict[str, Any], amount_right: int = 60_000) -> dict[str, Any]:
    answer = hand.treasury.act(f"/v1/bills/{bill['id']}/objections", payer(hand), {"amount_right": amount_right, "reasons": WHY})
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def refused(hand: Any, objection: dict[str, Any]) -> Any:
    who, path = hand.head("kepala-lain"), f"/v1/bills/objections/{objection['id']}"
    tag = {"If-Match": hand.client.get(path, headers=who).headers["ETag"]}
    return hand.client.post(f"{path}/decision", json={"outcome": "refused", "grounds": "Luasnya 100 m2."}, headers={**who, **tag})


def shown(hand: Any, objection: dict[str, Any]) -> dict[str, Any]:
    return hand.client.get(f"/v1/bills/objections/{objection['id']}", headers=payer(hand)).json  # type: ignore[no-any-return]


def taken_back(hand: Any, objection: dict[str, Any], who: dict[str, str] | None = None, code: str = "mistaken") -> Any:
    path = f"/v1/bills/objections/{objection['id']}/withdrawal"
    return hand.client.post(path, json={"reason_code": code}, headers=who or payer(hand))


def offered(hand: Any, objection: dict[str, Any]) -> Any:
    lines = hand.client.get("/v1/me/cases", headers=payer(hand)).json["cases"]
    return next(line["withdrawal"] for line in lines if line["id"] == objection["id"])


def test_until_it_is_decided_its_payer_takes_it_back_and_may_file_another(hand: Any, treasury: Any, clock: Any, run_due: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    objection = filed(hand, bill)
    assert offered(hand, objection) == {
        "path": f"/v1/bills/objections/{objection['id']}/withdrawal", "reason_codes": ["mistaken", "settled", "other"],
    }  # fmt: skip
    assert taken_back(hand, objection, payer(hand, "siti")).status_code == 404
    assert taken_back(hand, objection, hand.officer()).status_code == 403
    assert taken_back(hand, objection, code="low-income").status_code == 422
    answer = taken_back(hand, objection).json
    assert (answer["status"], answer["decision_no"], answer["withdrawn_at"][:10]) == ("withdrawn", None, "2026-02-12")
    assert taken_back(hand, objection).json["status"] == "withdrawn" and offered(hand, objection) is None
    (told,) = treasury.told("finance-sts.objection.withdrawn.v1")
    assert (told["subject"], told["data"]["bill_id"], told["data"]["reason_code"]) == (objection["id"], bill["id"], "mistaken")
    clock.advance(days=20)
    other = filed(hand, bill, 70_000)
    assert other["status"] == "filed"
    clock.set(datetime(2026, 8, 13, 3, tzinfo=UTC))
    run_due()
    assert (shown(hand, objection)["status"], hand.shown(bill)["status"]) == ("withdrawn", "issued"), "its term grants nothing"


def test_what_is_decided_or_over_is_not_taken_back_and_says_why(hand: Any, clock: Any) -> None:
    clock.set(START)
    decision, over = filed(hand, hand.a_bill()), filed(hand, hand.a_bill())
    assert refused(hand, decision).status_code == 200
    answer = taken_back(hand, decision)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/objection-decided")
    assert offered(hand, decision) is None
    clock.set(datetime(2026, 8, 13, 3, tzinfo=UTC))
    assert taken_back(hand, over).json["type"] == "/problems/objection-term-over"
