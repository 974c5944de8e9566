"""A payer who asked for relief or instalments sees that it waits and until when, takes it back, and nobody decides what is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smartcity import clock as city_clock
from smartcity.calendar import day_of

START = datetime(2026, 2, 12, 3, tzinfo=UTC)
ANSWERED_BY = "2026-02-23"
"""Five working days from the 12th: 17 February is Chinese New Year, and the 16th its joint leave."""


def payer(hand: Any, sub: str = "budi") -> dict[str, str]:
    return hand.treasury.as_(sub, "citizen")  # type: ignore[no-any-return]


def relief(hand: Any, bill: dict[str, Any], who: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
    answer = hand.treasury.act(f"/v1/bills/{bill['id']}/reliefs", who or payer(hand), {"reason_code": "low-income", **body})
    assert answer.status_code == 201, answer.json
    return {**answer.json, "path": f"/v1/bills/{bill['id']}/reliefs/{answer.json['id']}"}


def parts(hand: Any, bill: dict[str, Any], who: dict[str, str] | None = None) -> dict[str, Any]:
    today = day_of(city_clock.now())
    rows = [{"due_on": str(today + timedelta(days=days)), "amount": bill["total"] // 2} for days in (10, 20)]
    answer = hand.treasury.act(f"/v1/bills/{bill['id']}/instalments", who or payer(hand), {"parts": rows})
    assert answer.status_code == 201, answer.json
    return {**answer.json, "path": f"/v1/bills/instalments/{answer.json['id']}"}


ASK = {"relief": relief, "instalments": parts}
asks = pytest.mark.parametrize("kind", ASK)


def ask(hand: Any, kind: str, bill: dict[str, Any], **more: Any) -> dict[str, Any]:
    return relief(hand, bill, amount=10_000, **more) if kind == "relief" else parts(hand, bill, **more)


def line(hand: Any, asked: dict[str, Any]) -> dict[str, Any]:
    lines = hand.client.get("/v1/me/cases", headers=payer(hand)).json["cases"]
    return next(one for one in lines if one["id"] == asked["id"])


def taken_back(hand: Any, asked: dict[str, Any], who: dict[str, str] | None = None, code: str = "mistaken") -> Any:
    return hand.client.post(f"{asked['path']}/withdrawal", json={"reason_code": code}, headers=who or payer(hand))


def agreed(hand: Any, agreement: dict[str, Any], granted: bool = True) -> Any:
    tag = {"If-Match": hand.client.get(agreement["path"], headers=hand.head()).headers["ETag"]}
    return hand.client.post(f"{agreement['path']}/decision", json={"granted": granted}, headers={**hand.head(), **tag})


@asks
def test_it_waits_among_the_payer_s_cases_until_a_day_and_says_how_it_is_taken_back(hand: Any, clock: Any, kind: str) -> None:
    clock.set(START)
    asked = ask(hand, kind, hand.a_bill())
    shown = line(hand, asked)
    assert (shown["kind"], shown["status"], shown["label"]) == (kind, "requested", "Diminta")
    assert asked["decide_by"] == ANSWERED_BY and shown["deadline"].startswith(f"{ANSWERED_BY}T")
    assert hand.client.get(shown["path"], headers=payer(hand)).status_code == 200
    assert shown["withdrawal"] == {"path": f"{asked['path']}/withdrawal", "reason_codes": ["mistaken", "settled", "other"]}


@asks
def test_its_payer_alone_takes_it_back_while_it_waits_and_may_ask_anew(hand: Any, kind: str) -> None:
    bill = hand.a_bill()
    asked = ask(hand, kind, bill)
    assert taken_back(hand, asked, payer(hand, "siti")).status_code == 404
    assert taken_back(hand, asked, hand.officer()).status_code == 403
    assert taken_back(hand, asked, code="low-income").status_code == 422
    for _ in range(2):
        answer = taken_back(hand, asked)
        assert (answer.status_code, answer.json["status"]) == (200, "withdrawn") and answer.json["ended_at"]
    shown = line(hand, asked)
    assert (shown["deadline"], shown["withdrawal"], hand.shown(bill)["status"]) == (None, None, "issued")
    assert ask(hand, kind, bill)["status"] == "requested"


def test_what_was_decided_is_not_taken_back_and_what_was_taken_back_is_not_decided(hand: Any) -> None:
    refused, back = parts(hand, hand.a_bill()), parts(hand, hand.a_bill())
    assert agreed(hand, refused, granted=False).status_code == 200
    assert taken_back(hand, refused).json["type"] == "/problems/instalments-decided"
    taken_back(hand, back)
    assert agreed(hand, back).json["type"] == "/problems/instalments-decided"
    spared, kept = relief(hand, hand.a_bill(), amount=1), relief(hand, hand.a_bill(), amount=1)
    assert hand.treasury.act(f"{spared['path']}/decision", hand.head(), {"decision_no": "SK/1"}).status_code == 200
    assert taken_back(hand, spared).json["type"] == "/problems/waiver-not-decidable"
    taken_back(hand, kept)
    assert (
        hand.treasury.act(f"{kept['path']}/decision", hand.head(), {"decision_no": "SK/2"}).json["type"] == "/problems/waiver-not-decidable"
    )


@asks
@pytest.mark.parametrize("end", ["paid", "cancelled", "written off"])
def test_with_a_bill_that_waits_for_no_money_lapses_what_was_asked_for_it(hand: Any, treasury: Any, kind: str, end: str) -> None:
    bill = hand.a_bill()
    decree = None
    if end == "written off" and kind == "instalments":
        decree = treasury.act(f"/v1/bills/{bill['id']}/write-offs", hand.officer(), {"reason_code": "decree"}).json
    asked = ask(hand, kind, bill)
    if end == "paid":
        treasury.pay(bill)
    elif decree is not None:
        treasury.act(f"/v1/bills/{bill['id']}/write-offs/{decree['id']}/decision", treasury.head(), {"decision_no": "SK/1"})
    else:
        assert treasury.act(f"/v1/bills/{bill['id']}/cancellation", hand.officer(), {"reason_code": "duplicate"}).status_code == 200
    shown = line(hand, asked)
    assert (shown["status"], shown["deadline"], shown["withdrawal"]) == ("lapsed", None, None)
    assert queue(hand, "waivers") == queue(hand, "instalments") == []


def queue(hand: Any, what: str, who: dict[str, str] | None = None) -> list[str]:
    answer = hand.client.get(f"/v1/work-queues/finance-sts/{what}", headers=who or hand.head())
    return [one["id"] for one in answer.json["items"]]


def test_the_head_finds_what_waits_for_instalments_oldest_first(hand: Any, treasury: Any) -> None:
    asked = [parts(hand, hand.a_bill())["id"] for _ in range(2)]
    assert queue(hand, "instalments") == queue(hand, "instalments", treasury.head()) == asked
    assert queue(hand, "instalments", hand.head(office="DISHUB")) == []
    assert hand.client.get("/v1/work-queues/finance-sts/instalments", headers=hand.officer()).status_code == 403


def test_instalments_are_not_agreed_to_once_the_first_would_be_missed(hand: Any, clock: Any) -> None:
    clock.set(START)
    asked = parts(hand, hand.a_bill())
    clock.advance(days=11)
    answer = agreed(hand, asked)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/instalments-too-late")
    assert agreed(hand, asked, granted=False).json["status"] == "refused"


def test_of_instalments_agreed_to_the_payer_sees_until_when_the_next_is_to_be_paid(hand: Any, treasury: Any, clock: Any) -> None:
    clock.set(START)
    bill = hand.a_bill()
    asked = parts(hand, bill)
    agreed(hand, asked)
    first, second = (part["due_on"] for part in asked["parts"])
    assert line(hand, asked)["deadline"].startswith(f"{first}T") and line(hand, asked)["withdrawal"] is None
    treasury.counter(bill, amount=50_000)
    assert line(hand, asked)["deadline"].startswith(f"{second}T")


def test_a_write_off_is_the_office_s_own_and_no_case_of_the_payer(hand: Any, treasury: Any) -> None:
    bill = hand.a_bill()
    proposed = treasury.act(f"/v1/bills/{bill['id']}/write-offs", hand.officer(), {"reason_code": "decree"}).json
    lines = hand.client.get("/v1/me/cases", headers=payer(hand)).json["cases"]
    assert proposed["id"] not in [one["id"] for one in lines]
    path = f"/v1/bills/{bill['id']}/reliefs/{proposed['id']}/withdrawal"
    assert hand.client.post(path, json={"reason_code": "other"}, headers=payer(hand)).status_code == 404
