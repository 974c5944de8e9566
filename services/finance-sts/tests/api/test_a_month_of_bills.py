"""A month of bills, paid three ways through a bank that misbehaves: it reconciles to no difference but those that were sown, each explained.

`SOAK_BILLS` (5,000) bounds it; the seed is printed, `SOAK_SEED` repeats another's choices.
"""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import httpx
import pytest
import sqlalchemy as sa

from finance_sts.model.bill import Bill
from finance_sts.use_cases.book_checks import INVARIANTS

BILLS, SEED = int(os.environ.get("SOAK_BILLS", "5000")), int(os.environ.get("SOAK_SEED", "20260601"))
FIRST, DAYS, AFTERWARDS = date(2026, 6, 1), 30, 6
RECEIPTS, CITY, NOTICE = "1270100000002", "1270100000001", "/snap/v1.0/qr/qr-mpm-notify"
CHANNELS = ("counter", "virtual_account", "qris")
SOWN = {
    "twice": "duplicate",
    "one rupiah less": "amount_differs",
    "never told by the bank": "book_only",
    "never told to the city": "bank_only",
}
"""What is wrong between bank and books, and how comparing must name it."""
REASONS = {"duplicate": "bank-error", "amount_differs": "bank-error", "book_only": "bank-error", "bank_only": "bank-charge"}
Line = tuple[int, str]


@dataclass
class Month:
    """The month as its people live it. `lines` of a day are what the bank will say of it; `sown` what it will say wrongly, by (outcome, bank, book)."""

    treasury: Any
    bank: Any
    session: Any
    clock: Any
    simulator: ModuleType
    wire: Any
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    lines: list[Line] = field(default_factory=list)
    late: list[Line] = field(default_factory=list)
    city: list[Line] = field(default_factory=list)
    sown: Counter[tuple[str, int | None, int | None]] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    misbehaved: Counter[str] = field(default_factory=Counter)
    received: int = 0
    given_back: int = 0
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def live(self, day: date, bills: int) -> None:
        """A day from its first bill to its closing; the next morning the bank tells it."""
        self.clock.set(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
        self.lines, self.late, self.city = self.late, [], []
        before = self.received
        for _ in range(bills):
            getattr(self, self.chance.choice(CHANNELS))(self.a_bill())
        self.clock.advance(minutes=10)
        assert set(self.bank.run_due()) <= {"done"}  # what the bank did not tell is asked for
        self.give_back()
        if self.received > before:
            self.deposit(day, self.received - before)
        who = {**self.treasury.as_("ppk", "cashbook-closer", office="DPMPTSP"), **self.treasury.key()}
        assert self.treasury.client.post(f"/v1/days/{day}/closing", headers=who).status_code == 200
        self.tell(day)

    def tell(self, day: date) -> None:
        """In the morning: charges, what nobody told the city, and everything in another order."""
        if self.chance.random() < 0.2:
            self.wrong("never told to the city", -6_500, None)
            self.lines.append((-6_500, "Biaya administrasi"))
        self.clock.set(datetime(day.year, day.month, day.day, 1, tzinfo=UTC) + timedelta(days=1))
        self.chance.shuffle(self.lines)
        self.bank.tells(day, self.lines)
        self.bank.tells(day, self.city, account=CITY)

    def a_bill(self) -> dict[str, Any]:
        total = self.chance.randrange(10_000, 3_000_000, 500)
        application = self.treasury.assess(total)
        found = sa.select(Bill.id, Bill.number, Bill.virtual_account_no, Bill.total).where(Bill.ref_id == UUID(application))
        row = self.session.execute(found).one()
        self.session.rollback()
        return dict(row._mapping)

    def counter(self, bill: dict[str, Any]) -> None:
        """Cash or card, in one or two parts; what it comes to is banked with the slip."""
        first = bill["total"] // 3 if self.chance.random() < 0.1 else bill["total"]
        for part in (first, bill["total"] - first):
            if part:
                channel = self.chance.choice(["counter_cash", "counter_card"])
                body = {"bill_id": str(bill["id"]), "amount": part, "channel": channel, "bank_reference": f"KUITANSI-{next(self.numbers)}"}
                who = {**self.treasury.treasurer(), **self.treasury.key()}
                answers = [
                    self.treasury.client.post("/v1/payments", json=body, headers=who) for _ in range(1 + (self.chance.random() < 0.1))
                ]
                assert {answer.status_code for answer in answers} == {201}
        self.came("counter", bill["total"])

    def virtual_account(self, bill: dict[str, Any]) -> None:
        """As often as not something goes wrong on the way; at last the bank does what is right."""
        how = self.chance.choice([*self.simulator.MISBEHAVIOUR, *["well"] * len(self.simulator.MISBEHAVIOUR)])
        paid = self.simulator.Paid(
            bill["virtual_account_no"], bill["total"], f"VA{next(self.numbers):012}", self.simulator.new_external_id()
        )
        if how == "well":
            answers = [self.wire.send(paid.told, paid.external_id)]
        else:
            answers = self.simulator.MISBEHAVIOUR[how](self.wire, paid)
            self.misbehaved[how] += 1
        assert answers[-1].json()["responseCode"] in ("2002500", "2002600", "2002400")  # the last: its call was lost, we shall ask
        self.came("virtual_account", bill["total"])
        self.on_the_statement(bill["total"], bill["virtual_account_no"])

    def qris(self, bill: dict[str, Any]) -> None:
        """Told at once, thrice, or announced first; one payer in fifty pays too much."""
        over = 500 if self.chance.random() < 0.02 else 0
        reference, amount = f"QR{next(self.numbers):012}", bill["total"] + over
        how = self.chance.choice([["00"], ["00"], ["00"] * 3, ["03", "00"], ["00", "03"]])
        for status in how:
            told = {
                "originalReferenceNo": reference, "originalPartnerReferenceNo": bill["number"], "latestTransactionStatus": status,
                "amount": {"value": f"{amount}.00", "currency": "IDR"},
            }  # fmt: skip
            answer = self.wire.send(json.dumps(told).encode(), self.simulator.new_external_id(), path=NOTICE)
            assert answer.json()["responseCode"] == "2005200"
        if len(how) > 1:
            self.misbehaved["qris " + " ".join(how)] += 1
        self.given_back += over
        self.came("qris", amount)
        self.on_the_statement(amount, reference)

    def came(self, channel: str, amount: int) -> None:
        self.by_channel[channel] += amount
        self.received += amount

    def on_the_statement(self, amount: int, named: str) -> None:
        """What the bank will say of a payment: usually the truth, at times a day late, rarely something else."""
        chosen = self.chance.random()
        if chosen < 0.01:
            wrong = self.chance.choice(["twice", "one rupiah less", "never told by the bank"])
            self.wrong(wrong, *{"twice": (amount, amount), "one rupiah less": (amount - 1, amount)}.get(wrong, (None, amount)))
            self.lines += {"twice": [(amount, named)] * 2, "one rupiah less": [(amount - 1, named)]}.get(wrong, [])
        else:
            (self.late if chosen < 0.03 else self.lines).append((amount, named))

    def wrong(self, what: str, bank: int | None, book: int | None) -> None:
        self.sown[SOWN[what], bank, book] += 1

    def give_back(self) -> None:
        """What was paid too much goes back from the city's account, by two people."""
        rows = self.treasury.client.get("/v1/refunds?status=requested&limit=200", headers=self.treasury.head()).json["items"]
        for refund in rows:
            order, path = f"SP2D-{next(self.numbers):06}", f"/v1/refunds/{refund['id']}"
            assert self.treasury.act(f"{path}/approval", self.treasury.head()).status_code == 200
            assert self.treasury.act(f"{path}/payment", self.treasury.treasurer(), {"bank_reference": order}).status_code == 200
            self.city.append((-refund["amount"], order))

    def deposit(self, day: date, total: int) -> None:
        """The day's receipts become a slip, banked and validated the same evening; the bank sweeps the receiving account."""
        who = {**self.treasury.treasurer(), **self.treasury.key()}
        slip = self.treasury.client.post("/v1/deposit-slips", json={"day": day.isoformat()}, headers=who).json
        assert slip["total"] == total
        path, reference = f"/v1/deposit-slips/{slip['id']}", f"SETOR-{day:%Y%m%d}"
        slip = self.treasury.act(f"{path}/deposit", self.treasury.treasurer(), {"bank_reference": reference}).json
        note = {"credit_note": f"NK-{day:%Y%m%d}", "amount": total}
        assert self.treasury.act(f"{path}/validation", self.treasury.head(), note).status_code == 200
        counted = self.treasury.client.get(f"/v1/days/{day}", headers=self.treasury.treasurer()).json["channels"]
        cash = sum(row["amount"] for row in counted if row["channel"].startswith("counter"))
        self.lines += [(cash, slip["number"])] * bool(cash) + [(-total, slip["number"])]
        self.city.append((total, reference))

    def days(self) -> list[dict[str, Any]]:
        return list(self.bank.get("reconciliations?limit=200").json["items"])

    def open(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Every difference that waits for a person, with its day."""
        waiting = [day for day in self.days() if day["status"] == "open"]
        asked = [(day, self.bank.get(f"reconciliations/{day['id']}/findings?open=true&limit=200").json["items"]) for day in waiting]
        return [(day, one) for day, found in asked for one in found]


@pytest.fixture
def month(treasury: Any, bank: Any, session: Any, clock: Any, simulator: ModuleType, app: Any, desk: Any) -> Iterator[Month]:
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        wire = simulator.Bank(http, "test-snap_client_secret", treasury.token("bank", "bank"), desk.book)
        bank.balances.update({RECEIPTS: 10**10, CITY: 10**10})  # what comes a day late is swept a day early
        yield Month(treasury, bank, session, clock, simulator, wire)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_month_reconciles_to_what_was_sown_and_each_of_it_is_explained(month: Month) -> None:
    print(f"SOAK_SEED={SEED} SOAK_BILLS={BILLS}")
    for n in range(DAYS):
        month.wire.token = month.treasury.token("bank", "bank")  # a token lives for minutes, this month for longer
        month.live(FIRST + timedelta(days=n), BILLS // DAYS + (n < BILLS % DAYS))
    for n in range(DAYS, DAYS + AFTERWARDS):
        month.clock.advance(days=1)
        month.lines, month.late = month.late, []
        month.bank.tells(FIRST + timedelta(days=n), month.lines)
        month.bank.tells(FIRST + timedelta(days=n), [], account=CITY)
    found = month.open()
    assert Counter((one["outcome"], one["bank_amount"], one["book_amount"]) for _, one in found) == month.sown
    for day, one in found:
        why = {"finding": one["id"], "reason_code": REASONS[one["outcome"]], "note": "Dijelaskan oleh bank"}
        path = f"/v1/reconciliations/{day['id']}/resolution"
        assert month.treasury.act(path, month.treasury.head(), why).status_code == 200
    assert month.open() == [] and {day["status"] for day in month.days()} == {"reconciled"}
    check(month)
    print(f"{BILLS} bills, {month.received:,} rupiah {dict(month.by_channel)}, {month.given_back:,} given back; {dict(month.misbehaved)}; "
          f"{month.sown.total()} differences, each explained: {dict(Counter(outcome for outcome, *_ in month.sown.elements()))}")  # fmt: skip


def check(month: Month) -> None:
    """Every bill is paid once and every rupiah is at the city; what must hold at rest holds."""
    paid = [event["data"]["bill_id"] for event in month.treasury.told("finance-sts.bill.paid.v1")]
    assert len(paid) == len(set(paid)) == BILLS
    assert month.treasury.balanced()["1.1.01.01.01.0001"] == month.received - month.given_back
    assert {name: wrong for name, look in INVARIANTS.items() if (wrong := look(month.session)[1])} == {}
