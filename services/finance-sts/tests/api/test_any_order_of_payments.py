"""Whatever is issued, paid three ways, repeated, cancelled, given back, deposited and closed in whatever order: the money is the model's, to the rupiah."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from finance_sts.use_cases.book_checks import INVARIANTS
from smartcity.calendar import day_of

VA, QRIS = "/snap/v1.0/transfer-va/payment", "/snap/v1.0/qr/qr-mpm-notify"
WITHDRAWN, NOT_USABLE = "licensing.application.withdrawn.v1", "licensing.payment.not_usable.v1"
WHICH, AMOUNT, SHARE = st.integers(0, 5), st.integers(1, 150), st.sampled_from(["all", "part", "more"])
ACCOUNTS = """
SELECT (SELECT coalesce(sum(amount), 0) FROM payment) AS received,
    (SELECT coalesce(sum(total), 0) FROM deposit_slip WHERE status <> 'draft') AS deposited,
    (SELECT coalesce(sum(amount), 0) FROM refund) AS asked_back, (SELECT coalesce(sum(amount), 0) FROM refund WHERE status = 'paid') AS given_back,
    coalesce(sum(debit - credit), 0) AS all, coalesce(sum(credit - debit) FILTER (WHERE account_code LIKE '4.%'), 0) AS revenue,
    coalesce(sum(credit - debit) FILTER (WHERE account_code = '2.1.06.02.01.0001'), 0) AS owed,
    coalesce(sum(debit - credit) FILTER (WHERE account_code = '1.1.01.02.01.0001'), 0) AS in_hand,
    coalesce(sum(debit - credit) FILTER (WHERE account_code = '1.1.01.01.01.0001'), 0) AS at_the_city
FROM ledger_line
"""
BOOKED = sa.text("SELECT DISTINCT day FROM ledger_entry WHERE day >= :first")
DAYS = """
SELECT day, sum(received)::bigint AS received, sum(gathered)::bigint AS gathered FROM (
    SELECT day, amount AS received, 0 AS gathered FROM payment UNION ALL
    SELECT p.day, 0, h.amount FROM payment p JOIN payment_head h ON h.payment_id = p.id WHERE p.slip_id IS NOT NULL
) moved WHERE day >= :first GROUP BY day
"""


def rupiah(amount: int) -> dict[str, str]:
    return {"value": f"{amount}.00", "currency": "IDR"}


class Money(RuleBasedStateMachine):
    """Bills and everybody who moves money for them; beside it what a rupiah-counting child would remember."""

    treasury: ClassVar[Any]
    clock: ClassVar[Any]
    database: ClassVar[Any]
    closings: ClassVar[Counter[str]] = Counter()
    """How often each came of closing a day, over all examples."""
    now: ClassVar[datetime] = datetime(2026, 2, 12, 3, tzinfo=UTC)

    @initialize()
    def morning(self) -> None:
        """A day that nothing was booked on; what earlier examples left is deposited and closed."""
        type(self).now += timedelta(days=3)
        self.clock.set(self.now)
        self.first = day_of(self.now)
        self.bills: list[dict[str, Any]] = [self.treasury.a_bill(total) for total in (100, 40)]
        self.credited: dict[str, int] = {}
        self.received: dict[date, int] = {}
        self.gathered: dict[date, int] = {}
        self.closed: set[date] = set()
        self.told: list[tuple[str, dict[str, Any]]] = []

    def teardown(self) -> None:
        """In the evening nothing is left in hand, and every day closes."""
        if not hasattr(self, "first"):
            return
        while self.undeposited():
            self.deposit()
        for day in sorted({self.first + timedelta(days=n) for n in range((day_of(self.now) - self.first).days + 2)} - self.closed):
            self.clock.set(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
            assert self._closing(day).status_code == 200
            self.closed.add(day)
        type(self).now = datetime.combine(max(self.closed), self.now.timetz())
        self.money_is_where_it_was_put()

    def today(self) -> date:
        """The cash day of what is booked now."""
        day = day_of(self.now)
        return day + timedelta(days=1) if day in self.closed else day

    def undeposited(self) -> list[date]:
        return sorted(day for day, amount in self.received.items() if amount > self.gathered.get(day, 0))

    def shown(self, which: int) -> dict[str, Any]:
        bill = self.bills[which % len(self.bills)]
        return dict(self.treasury.client.get(f"/v1/bills/{bill['id']}", headers=self.treasury.treasurer()).json)

    def asked(self, which: int, share: str) -> tuple[dict[str, Any], int]:
        """The bill, and all that is owed on it, half of it or more; where nothing is, of what it once was."""
        bill = self.shown(which)
        owed: int = bill["outstanding"] or bill["total"]
        return bill, {"all": owed, "part": max(1, owed // 2), "more": owed + 7}[share]

    def came(self, reference: str, amount: int) -> None:
        assert reference not in self.credited
        self.credited[reference] = amount
        self.received[self.today()] = self.received.get(self.today(), 0) + amount

    def tell(self, path: str, body: dict[str, Any]) -> str:
        """The bank's word; answers the code it gets."""
        raw = json.dumps(body).encode()
        return str(self.treasury.client.post(path, data=raw, headers=self.treasury.signed(raw, path=path)).json["responseCode"])

    @rule(total=AMOUNT)
    def issue(self, total: int) -> None:
        self.bills.append(self.treasury.a_bill(total))

    @rule(which=WHICH, off=st.sampled_from([0, 0, 0, 1, -1]))
    def pay_by_virtual_account(self, which: int, off: int) -> None:
        """Exactly what is owed, or one rupiah beside it."""
        bill = self.shown(which)
        asked = bill["total"] - bill["paid_total"]
        amount = max(1, asked + off)
        body = json.loads(self.treasury.callback(bill, paidAmount=rupiah(amount)))
        fits = "2002500" if amount == asked else "4042513"
        assert self.tell(VA, body) == ("4042514" if bill["status"] == "paid" else fits)
        if bill["status"] != "paid" and amount == asked:
            self.came(body["paymentRequestId"], amount)
            self.told.append((VA, body))

    @rule(which=WHICH, share=SHARE)
    def pay_by_qris(self, which: int, share: str) -> None:
        """Whatever has moved is kept."""
        (bill, amount), reference = self.asked(which, share), uuid4().hex
        body = {
            "originalReferenceNo": reference, "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": "00",
            "amount": rupiah(amount),
        }  # fmt: skip
        assert self.tell(QRIS, body) == "2005200"
        self.came(reference, amount)
        self.told.append((QRIS, body))

    @rule(which=WHICH, share=SHARE)
    def pay_at_the_counter(self, which: int, share: str) -> None:
        """All or a part of what is owed, and no more."""
        (bill, amount), reference = self.asked(which, share), uuid4().hex
        asked = bill["total"] - bill["paid_total"]
        answer = self.treasury.counter(bill, reference, amount)
        assert answer.status_code == (201 if bill["status"] != "paid" and amount <= asked else 409), answer.json
        if answer.status_code == 201:
            self.came(reference, amount)
            assert self.treasury.counter(bill, reference, amount).json["id"] == answer.json["id"]

    @rule(which=WHICH)
    def repeat(self, which: int) -> None:
        """Told again under another number, however much later."""
        if self.told:
            path, body = self.told[which % len(self.told)]
            assert self.tell(path, body) == {VA: "2002500", QRIS: "2005200"}[path]

    @rule(which=WHICH)
    def repeat_with_another_amount(self, which: int) -> None:
        if self.told:
            path, body = self.told[which % len(self.told)]
            name = "paidAmount" if path == VA else "amount"
            more = int(body[name]["value"].removesuffix(".00")) + 1
            assert self.tell(path, {**body, name: rupiah(more)}) == {VA: "4092501", QRIS: "4095201"}[path]

    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        bill = self.shown(which)
        answer = self.treasury.act(f"/v1/bills/{bill['id']}/cancellation", self.treasury.treasurer(), {"reason_code": "other"})
        assert answer.status_code == (200 if bill["status"] in ("issued", "cancelled") else 409)

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """The application is withdrawn: what came in on an open bill goes back."""
        application = self.bills[which % len(self.bills)]["reference"]["id"]
        heard = {**self.treasury.example(WITHDRAWN), "application_id": application}
        assert self.treasury.hear(WITHDRAWN, heard, subject=application, sequence=2) == "applied"

    @rule(which=WHICH)
    def refuse(self, which: int) -> None:
        """licensing cannot use what was paid."""
        if (bill := self.shown(which))["status"] == "paid":
            about = {"reference": bill["reference"], "bill_id": bill["id"], "amount": bill["total"], "reason_code": "application-withdrawn"}
            heard = {**self.treasury.example(NOT_USABLE), **about}
            assert self.treasury.hear(NOT_USABLE, heard, subject=bill["reference"]["id"], sequence=3) == "applied"

    @rule()
    def give_back(self) -> None:
        """One refund, a step further, whatever its payer owes."""
        steps = (("approved", "payment", self.treasury.treasurer()), ("requested", "approval", self.treasury.head()))
        for status, step, who in steps:
            rows = self.treasury.client.get(f"/v1/refunds?status={status}", headers=self.treasury.head()).json["items"]
            if rows:
                body = {"bank_reference": uuid4().hex} if step == "payment" else {"reason_code": "other"}
                assert self.treasury.act(f"/v1/refunds/{rows[0]['id']}/{step}", who, body).status_code == 200
                return

    @rule()
    def deposit(self) -> None:
        """The oldest day's receipts become a slip, which is deposited and validated."""
        day = next(iter(self.undeposited()), self.today())
        who = {**self.treasury.treasurer(), **self.treasury.key()}
        slip = self.treasury.client.post("/v1/deposit-slips", json={"day": day.isoformat()}, headers=who)
        left = self.received.get(day, 0) - self.gathered.get(day, 0)
        assert slip.status_code == (201 if left else 409), slip.json
        if left:
            path = f"/v1/deposit-slips/{slip.json['id']}"
            assert slip.json["total"] == left
            assert self.treasury.act(f"{path}/deposit", self.treasury.treasurer(), {"bank_reference": "SETOR"}).status_code == 200
            note = {"credit_note": uuid4().hex, "amount": left}
            assert self.treasury.act(f"{path}/validation", self.treasury.head(), note).status_code == 200
            self.gathered[day] = self.gathered.get(day, 0) + left

    @rule()
    def close(self) -> None:
        """Today is closed where nothing of it, nor a day before it that is open, is left."""
        day, told = day_of(self.now), ""
        with self.database.session() as session:
            booked = set(session.scalars(BOOKED, {"first": self.first}))
        if day not in self.closed:
            told = (
                "earlier-day-open"
                if any(one < day for one in booked - self.closed)
                else "day-not-balanced"
                if day in self.undeposited()
                else ""
            )
        answer = self._closing(day)
        assert (answer.status_code, answer.json.get("type")) == ((409, f"/problems/{told}") if told else (200, None))
        self.closings[told or ("again" if day in self.closed else "with money" if self.received.get(day) else "empty")] += 1
        if not told:
            self.closed |= {self.first + timedelta(days=n) for n in range((day - self.first).days + 1)}

    @rule(which=WHICH, left=st.booleans())
    def evening(self, which: int, left: bool) -> None:
        """Somebody pays late. What is in hand is deposited and the day closed; or it is left, and neither that day nor the next can be closed."""
        self.pay_by_qris(which, "all")
        while self.undeposited() and not left:
            self.deposit()
        self.close()
        self.sleep()
        if left:
            self.close()

    def _closing(self, day: date) -> Any:
        who = {**self.treasury.as_("ppk", "cashbook-closer", office="DPMPTSP"), **self.treasury.key()}
        return self.treasury.client.post(f"/v1/days/{day}/closing", headers=who)

    @rule()
    def sleep(self) -> None:
        """It is tomorrow."""
        type(self).now += timedelta(days=1)
        self.clock.set(self.now)

    @invariant()
    def money_is_where_it_was_put(self) -> None:
        """Every reference once, every day's receipts and slips as counted, every account what its movements make it, every bill within its due."""
        if not hasattr(self, "first"):
            return
        with self.database.session() as session:
            mine = sa.text("SELECT bank_reference, amount FROM payment WHERE day >= :first")
            kept = session.execute(mine, {"first": self.first}).all()
            assert sorted(tuple(row) for row in kept) == sorted(self.credited.items())
            days = session.execute(sa.text(DAYS), {"first": self.first}).all()
            assert {row.day: (row.received, row.gathered) for row in days} == {
                day: (amount, self.gathered.get(day, 0)) for day, amount in self.received.items()
            }
            books = session.execute(sa.text(ACCOUNTS)).one()
            assert (
                books.all == 0 and books.revenue == books.received - books.asked_back and books.owed == books.asked_back - books.given_back
            )
            assert (books.in_hand, books.at_the_city) == (books.received - books.deposited, books.deposited - books.given_back)
            assert {name: wrong for name, look in INVARIANTS.items() if (wrong := look(session)[1])} == {}


def test_any_sequence_leaves_the_money_where_it_was_put(treasury: Any, clock: Any, database: Any) -> None:
    Money.treasury, Money.clock, Money.database = treasury, clock, database
    bounds = settings(
        max_examples=30, stateful_step_count=18, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    run_state_machine_as_test(Money, settings=bounds)
    assert all(Money.closings[come] >= 3 for come in ("with money", "day-not-balanced", "earlier-day-open", "again")), Money.closings
