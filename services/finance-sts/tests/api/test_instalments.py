"""A bill is paid in parts by agreement; while that is kept nothing is done to collect it, and the first part missed ends it."""

from datetime import timedelta
from typing import Any

import pytest

from smartcity import clock as city_clock
from smartcity.calendar import day_of

AGREED, ENDED = (f"finance-sts.bill.instalments_{word}.v1" for word in ("agreed", "ended"))


class Asking:
    """The payer asks, the head of the office decides."""

    def __init__(self, treasury: Any, issuer: Any) -> None:
        self.treasury, self.client, self.issuer = treasury, treasury.client, issuer
        self.payer = treasury.as_("budi", "citizen")

    def ask(self, bill: dict[str, Any], *parts: tuple[int, int], who: dict[str, str] | None = None) -> Any:
        today = day_of(city_clock.now())
        rows = [{"due_on": str(today + timedelta(days=days)), "amount": amount} for days, amount in parts]
        who = who or self.payer
        etag = self.client.get(f"/v1/bills/{bill['id']}", headers=who).headers.get("ETag", "")
        return self.client.post(
            f"/v1/bills/{bill['id']}/instalments", json={"parts": rows}, headers={**who, **self.treasury.key(), "If-Match": etag}
        )

    def head(self, sub: str = "kepala", *deputy_of: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.token(sub, 'head', office='DPMPTSP', acting_for=list(deputy_of))}"}

    def decide(self, agreement: dict[str, Any], granted: bool = True, who: dict[str, str] | None = None) -> Any:
        path, who = f"/v1/bills/instalments/{agreement['id']}", who or self.head()
        etag = self.client.get(path, headers=who).headers["ETag"]
        return self.client.post(f"{path}/decision", json={"granted": granted}, headers={**who, "If-Match": etag})

    def status(self, agreement: dict[str, Any]) -> str:
        return str(self.client.get(f"/v1/bills/instalments/{agreement['id']}", headers=self.payer).json["status"])


@pytest.fixture
def asking(treasury: Any, issuer: Any) -> Asking:
    return Asking(treasury, issuer)


def test_parts_paid_in_time_keep_the_agreement_and_nobody_is_reminded(asking: Asking, treasury: Any, clock: Any, run_due: Any) -> None:
    bill = treasury.a_bill(100)
    agreement = asking.decide(asking.ask(bill, (20, 30), (40, 30), (60, 40)).json).json
    assert agreement["status"] == "in_force"
    for amount in (30, 30, 40):
        clock.advance(days=19)
        assert treasury.counter(bill, amount=amount).status_code == 201
        clock.advance(days=1)
        run_due()
    clock.advance(days=1)
    run_due()
    assert asking.status(agreement) == "kept"
    assert [event["data"]["parts"] for event in treasury.told(AGREED)] == [3]
    assert treasury.told(ENDED) == treasury.told("finance-sts.bill.reminded.v1") == []


def test_a_missed_part_ends_the_agreement_is_told_once_and_collecting_goes_on(
    asking: Asking, treasury: Any, clock: Any, run_due: Any
) -> None:
    bill = treasury.a_bill(100)
    agreement = asking.decide(asking.ask(bill, (20, 50), (40, 50)).json).json
    treasury.counter(bill, amount=49)
    clock.advance(days=20)
    run_due()
    assert asking.status(agreement) == "in_force"
    clock.advance(days=1)
    run_due()
    assert asking.status(agreement) == "ended"
    assert [event["data"]["outstanding"] for event in treasury.told(ENDED)] == [51]
    clock.advance(days=3)
    run_due()
    assert len(treasury.told("finance-sts.bill.reminded.v1")) == 1
    assert asking.ask(bill, (20, 26), (40, 25)).status_code == 201


def test_what_is_paid_ahead_fills_the_parts_in_their_order(asking: Asking, treasury: Any, clock: Any, run_due: Any) -> None:
    bill = treasury.a_bill(100)
    agreement = asking.decide(asking.ask(bill, (10, 30), (20, 30), (40, 40)).json).json
    treasury.counter(bill, amount=60)
    clock.advance(days=30)
    run_due()
    assert asking.status(agreement) == "in_force"
    clock.advance(days=11)
    run_due()
    assert asking.status(agreement) == "ended"


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        (((10, 50), (20, 49)), "instalments-not-what-is-owed"),
        (((10, 50), (20, 51)), "instalments-not-what-is-owed"),
        (((0, 50), (20, 50)), "validation"),
        (((20, 50), (20, 50)), "validation"),
        (((10, 100),), "validation"),
        (((10, 101), (20, -1)), "validation"),
    ],
)
def test_parts_are_exactly_what_is_owed_on_days_that_follow_each_other(
    asking: Asking, treasury: Any, parts: tuple[tuple[int, int], ...], problem: str
) -> None:
    answer = asking.ask(treasury.a_bill(100), *parts)
    assert answer.status_code == (422 if problem == "validation" else 409)
    assert problem == "validation" or answer.json["type"] == f"/problems/{problem}"


def test_one_runs_at_a_time_and_on_a_bill_that_is_owed(asking: Asking, treasury: Any) -> None:
    bill = treasury.a_bill(100)
    first = asking.ask(bill, (10, 50), (20, 50)).json
    assert asking.ask(bill, (10, 50), (20, 50)).json["type"] == "/problems/instalments-running"
    assert asking.decide(first, granted=False).json["status"] == "refused"
    assert asking.decide(first).json["type"] == "/problems/instalments-decided"
    treasury.pay(bill)
    assert asking.ask(bill, (10, 50), (20, 50)).json["type"] == "/problems/nothing-owed"


def test_who_asked_does_not_agree_nor_their_deputy_and_nobody_else_asks(asking: Asking, treasury: Any) -> None:
    bill = treasury.a_bill(100)
    assert asking.ask(bill, (10, 50), (20, 50), who=treasury.as_("siti", "citizen")).status_code == 404
    agreement = asking.ask(bill, (10, 50), (20, 50), who=treasury.treasurer()).json
    for head in (asking.head("bendahara"), asking.head("wakil", "bendahara")):
        assert asking.decide(agreement, who=head).json["type"] == "/problems/same-person-twice"
    assert asking.decide(agreement).json["status"] == "in_force"


def test_paid_in_part_since_it_was_asked_it_is_not_agreed_as_it_stands(asking: Asking, treasury: Any) -> None:
    bill = treasury.a_bill(100)
    agreement = asking.ask(bill, (10, 50), (20, 50)).json
    treasury.counter(bill, amount=10)
    assert asking.decide(agreement).json["type"] == "/problems/instalments-not-what-is-owed"
    assert asking.status(agreement) == "requested"
