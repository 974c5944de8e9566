"""Whatever happens in whatever order: the books balance, no bill is credited over its due, every rupiah is somewhere."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance_sts.model.bill import Bill, BillStatus
from finance_sts.model.charge import Charge
from finance_sts.model.payment import Payment, PaymentHead
from finance_sts.model.refund import Refund

REASSESSED = "licensing.retribution.reassessed.v1"
WITHDRAWN = "licensing.application.withdrawn.v1"
NOT_USABLE = "licensing.payment.not_usable.v1"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["fix", "pay", "part", "repeat", "late", "cancel", "withdraw", "refuse", "late fact", "approve", "refund", "deposit"]
        ),
        st.integers(0, 300),
    ),
    min_size=3,
    max_size=16,
)


@dataclass
class Story:
    """One application and everybody who does something about its money."""

    treasury: Any
    application: str = ""
    sequence: int = 1
    told: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)

    def open_bill(self) -> dict[str, Any] | None:
        return next((bill for bill in self.treasury.bills(self.application) if bill["status"] in ("issued", "part_paid")), None)

    def heard(self, kind: str, data: dict[str, Any]) -> None:
        self.sequence += 1
        told = {**self.treasury.example(kind), **data}
        assert self.treasury.hear(kind, told, subject=self.application, sequence=self.sequence) == "applied"

    def fix(self, amount: int) -> None:
        self.sequence += 1
        self.treasury.assess(amount, application=self.application, sequence=self.sequence, kind=REASSESSED)

    def late_fact(self, amount: int) -> None:
        self.treasury.assess(amount, application=self.application, sequence=max(1, self.sequence - 1), kind=REASSESSED)

    def pay(self, _: int) -> None:
        if bill := self.open_bill():
            body = self.what_is_left(bill)
            assert self.send(body) == 200
            self.told.append((bill, body))

    def what_is_left(self, bill: dict[str, Any]) -> bytes:
        return bytes(self.treasury.callback(bill, paidAmount={"value": f"{bill['total'] - bill['paid_total']}.00", "currency": "IDR"}))

    def send(self, body: bytes) -> int:
        answer = self.treasury.client.post("/snap/v1.0/transfer-va/payment", data=body, headers=self.treasury.signed(body))
        return int(answer.status_code)

    def part(self, amount: int) -> None:
        if bill := self.open_bill():
            answer = self.treasury.counter(bill, amount=amount + 1)
            assert answer.status_code == (201 if amount + 1 <= bill["outstanding"] else 409)

    def repeat(self, _: int) -> None:
        if self.told:
            assert self.send(self.told[-1][1]) == 200

    def late(self, _: int) -> None:
        """Money for a bill that no longer waits for any: what it asked for when it ended."""
        gone = [bill for bill in self.treasury.bills(self.application) if bill["status"] == "cancelled"]
        if gone:
            assert self.send(self.what_is_left(gone[0])) == 200

    def cancel(self, _: int) -> None:
        if bill := self.open_bill():
            path = f"/v1/bills/{bill['id']}/cancellation"
            answer = self.treasury.act(path, self.treasury.treasurer(), {"reason_code": "other"})
            assert answer.status_code == (200 if bill["status"] == "issued" else 409)

    def withdraw(self, _: int) -> None:
        self.heard(WITHDRAWN, {"application_id": self.application})

    def refuse(self, _: int) -> None:
        """licensing tells back what it was told of its last covered bill."""
        paid = [event["data"] for event in self.treasury.told("finance-sts.bill.paid.v1")]
        mine = [data for data in paid if data["reference"]["id"] == self.application]
        if mine:
            last = mine[-1]
            about = {name: last[name] for name in ("reference", "bill_id", "receipt_no")}
            self.heard(NOT_USABLE, {**about, "amount": last["paid_total"], "reason_code": "application-withdrawn"})

    def approve(self, _: int) -> None:
        self._refund("requested", "approval", self.treasury.head(), None)

    def refund(self, _: int) -> None:
        self._refund("approved", "payment", self.treasury.treasurer(), {"bank_reference": uuid4().hex})

    def _refund(self, status: str, step: str, who: dict[str, str], body: dict[str, Any] | None) -> None:
        rows = self.treasury.client.get(f"/v1/refunds?status={status}", headers=self.treasury.head()).json["items"]
        if rows:
            assert self.treasury.act(f"/v1/refunds/{rows[0]['id']}/{step}", who, body).status_code == 200

    def deposit(self, _: int) -> None:
        payments = self.treasury.client.get("/v1/payments", headers=self.treasury.treasurer()).json["items"]
        if payments and payments[0]["slip_id"] is None:
            slip = self.treasury.client.post(
                "/v1/deposit-slips", json={"day": payments[0]["day"]}, headers={**self.treasury.treasurer(), **self.treasury.key()}
            ).json
            path = f"/v1/deposit-slips/{slip['id']}"
            assert self.treasury.act(f"{path}/deposit", self.treasury.treasurer(), {"bank_reference": "SETOR"}).status_code == 200
            lines = self.treasury.client.get(f"{path}/lines", headers=self.treasury.treasurer()).json["items"]
            assert sum(line["amount"] for line in lines) == slip["total"]


def check(session: Any, story: Story) -> None:
    """What always holds."""
    story.treasury.balanced()
    bills = list(session.scalars(sa.select(Bill)))
    assert all(bill.paid_total <= bill.total for bill in bills)
    assert sum(bill.is_open for bill in bills if str(bill.ref_id) == story.application) <= 1
    payments, refunds = list(session.scalars(sa.select(Payment))), list(session.scalars(sa.select(Refund)))
    for payment in payments:
        assert sum(head.amount for head in payment.heads) == payment.amount
        assert sum(refund.amount for refund in refunds if refund.payment_id == payment.id) == payment.refund_total <= payment.amount
    for charge in session.scalars(sa.select(Charge)):
        mine = {bill.id for bill in bills if bill.ref_id == charge.reference_id}
        assert charge.received == sum(payment.refundable for payment in payments if payment.bill_id in mine)
        covered = [bill for bill in bills if bill.id in mine and bill.status is BillStatus.PAID]
        assert all(bill.paid_total == bill.total for bill in covered)
    assert (session.scalar(sa.select(sa.func.sum(PaymentHead.amount))) or 0) == sum(payment.amount for payment in payments)
    session.rollback()
    session.expire_all()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_every_rupiah_is_somewhere_and_no_bill_is_credited_over_its_due(treasury: Any, session: Any, steps: list[tuple[str, int]]) -> None:
    story = Story(treasury)
    story.application = treasury.assess(100)
    for step, amount in steps:
        getattr(story, step.replace(" ", "_"))(amount)
    check(session, story)
