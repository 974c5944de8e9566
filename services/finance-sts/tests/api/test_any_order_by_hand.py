"""Whatever is done to a bill by hand in whatever order: the books balance, every rupiah is somewhere, the register has no gap."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_sts.model.bill import Bill
from finance_sts.model.charge import Charge
from finance_sts.model.payment import Payment
from finance_sts.model.refund import Refund

STEPS = st.lists(
    st.tuples(st.sampled_from(["pay", "part", "late", "correct", "relieve", "exempt", "write_off", "cancel"]), st.integers(1, 120_000)),
    min_size=2,
    max_size=7,
)


@dataclass
class Story:
    """One bill by hand, all that follow it, and everybody who does something about them."""

    hand: Any
    newest: dict[str, Any]

    def bill(self) -> dict[str, Any]:
        """The newest, as it stands."""
        self.newest = self.hand.shown(self.newest)
        while self.newest["replaced_by"]:
            self.newest = self.hand.shown({"id": self.newest["replaced_by"]})
        return self.newest

    def pay(self, _: int) -> None:
        self.hand.treasury.pay(self.bill(), paidAmount={"value": f"{self.bill()['outstanding'] or 1}.00", "currency": "IDR"})

    def part(self, amount: int) -> None:
        self.hand.treasury.counter(self.bill(), amount=amount)

    def late(self, _: int) -> None:
        gone = [line for line in self.hand.register() if line["status"] in ("cancelled", "written_off")]
        if gone:
            self.hand.treasury.pay(self.hand.shown({"id": gone[0]["bill_id"]}))

    def correct(self, amount: int) -> None:
        heads = [{"account_code": "4.1.02.01.02.0001", "amount": amount}]
        draft = self.hand.prepare(heads=heads, replaces=self.bill()["id"], reason_code="wrong-amount")
        if draft.status_code == 201:
            assert self.hand.issue(draft.json).status_code == 200

    def relieve(self, amount: int) -> None:
        self._waive("reliefs", {"reason_code": "disaster", "amount": amount}, self.hand.head())

    def exempt(self, _: int) -> None:
        self._waive("reliefs", {"reason_code": "disaster"}, self.hand.head())

    def write_off(self, _: int) -> None:
        self._waive("write-offs", {"reason_code": "decree"}, self.hand.treasury.head())

    def _waive(self, what: str, body: dict[str, Any], who: dict[str, str]) -> None:
        path = f"/v1/bills/{self.bill()['id']}/{what}"
        asked = self.hand.treasury.act(path, self.hand.officer(), body)
        assert asked.status_code in (201, 409)
        if asked.status_code == 201:
            assert self.hand.treasury.act(f"{path}/{asked.json['id']}/decision", who, {"decision_no": "SK/1"}).status_code == 200

    def cancel(self, _: int) -> None:
        path = f"/v1/bills/{self.bill()['id']}/cancellation"
        assert self.hand.treasury.act(path, self.hand.officer(), {"reason_code": "other"}).status_code in (200, 409)


def check(session: Any, story: Story) -> None:
    """What always holds."""
    story.hand.treasury.balanced()
    numbers = [int(line["number"].rsplit("/", 1)[1]) for line in story.hand.register()]
    assert numbers == list(range(1, len(numbers) + 1))
    bills, payments, refunds = (list(session.scalars(sa.select(kind))) for kind in (Bill, Payment, Refund))
    assert all(bill.paid_total <= bill.total == sum(head.amount for head in bill.heads) for bill in bills)
    assert all(sum(one.amount for one in refunds if one.payment_id == payment.id) == payment.refund_total for payment in payments)
    for charge in session.scalars(sa.select(Charge)):
        mine = [bill for bill in bills if bill.ref_id == charge.reference_id]
        assert sum(bill.is_open for bill in mine) <= 1
        assert charge.received == sum(payment.refundable for payment in payments if payment.bill_id in {bill.id for bill in mine})
        in_force = [bill for bill in mine if bill.status in ("issued", "part_paid", "paid", "written_off")]
        assert sum(bill.paid_total for bill in in_force) == charge.received
    session.rollback()
    session.expire_all()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_every_rupiah_of_a_bill_by_hand_is_somewhere(hand: Any, session: Any, steps: list[tuple[str, int]]) -> None:
    story = Story(hand, hand.a_bill())
    for step, amount in steps:
        getattr(story, step)(amount)
    check(session, story)
