"""The bill (SKRD)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from finance_sts.model import facts
from finance_sts.model.charge import Charge
from finance_sts.rules.apportion import apportion
from smartcity.errors import NotFound, RuleBroken
from smartcity.money import terbilang
from smartcity.storage import Aggregate, Base, Encrypted, states

OPEN = "status IN ('issued', 'part_paid')"


class BillStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    PART_PAID = "part_paid"
    PAID = "paid"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written_off"


class BillHead(Base):
    """One revenue head of a bill: kode rekening and whole rupiah."""

    __tablename__ = "bill_head"

    bill_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bill.id"), primary_key=True, init=False)
    line: Mapped[int] = mapped_column(primary_key=True)
    account_code: Mapped[str]
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class Bill(Aggregate):
    """What somebody owes: issued → (part_paid) → paid | cancelled. `draft` and `written_off` are kept for steps to come.

    `number` is gapless per office and year and stays in the register for ever. Overdue is a date, not a state.
    `carried_total` is money that came in on the bill this one replaces; it counts in `paid_total`.
    """

    __tablename__ = "bill"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("virtual_account_no"),
        sa.CheckConstraint("total > 0 AND paid_total >= 0 AND paid_total <= total", name="amounts"),
        sa.CheckConstraint("(status = 'paid') = (paid_total = total AND status <> 'cancelled')", name="paid_in_full"),
        sa.CheckConstraint("carried_total >= 0 AND carried_total <= paid_total", name="carried"),
        sa.Index("ix_bill_owner_sub", "owner_sub", "id"),
        sa.Index("ix_bill_office", "office", "id"),
        sa.Index("ix_bill_office_status", "office", "status", "id"),
        sa.Index("ix_bill_owner_status", "owner_sub", "status", "id"),
        sa.Index("ix_bill_reference", "ref_service", "ref_kind", "ref_id"),
        sa.Index("uq_bill_open", "ref_service", "ref_kind", "ref_id", unique=True, postgresql_where=sa.text(OPEN)),
    )

    number: Mapped[str]
    office: Mapped[str]
    owner_sub: Mapped[str]
    payer_name: Mapped[str] = mapped_column(Encrypted)
    payer_address: Mapped[str] = mapped_column(Encrypted)
    ref_service: Mapped[str]
    ref_kind: Mapped[str]
    ref_id: Mapped[UUID]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    due_on: Mapped[date]
    issued_at: Mapped[datetime]
    virtual_account_no: Mapped[str]
    qris_payload: Mapped[str]
    verify_code: Mapped[str]
    updated_at: Mapped[datetime]
    heads: Mapped[list[BillHead]] = relationship(lazy="selectin", order_by=BillHead.line, default_factory=list)
    paid_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    carried_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    status: Mapped[BillStatus] = mapped_column(states(BillStatus), default=BillStatus.ISSUED)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    cancel_reason: Mapped[str | None] = mapped_column(default=None)
    replaced_by: Mapped[UUID | None] = mapped_column(default=None)

    @property
    def reference(self) -> facts.Reference:
        return facts.Reference(self.ref_service, self.ref_kind, self.ref_id)

    @property
    def outstanding(self) -> int:
        """Whole rupiah still owed; 0 for what is cancelled."""
        return self.total - self.paid_total if self.is_open else 0

    @property
    def total_in_words(self) -> str:
        """The amount in Indonesian words."""
        return f"{terbilang(self.total)} rupiah"

    @property
    def is_open(self) -> bool:
        """Does it still wait for money?"""
        return self.status in (BillStatus.ISSUED, BillStatus.PART_PAID)

    @property
    def standing(self) -> str:
        """How the paper stands when somebody verifies it."""
        shown = {BillStatus.PAID: "paid", BillStatus.CANCELLED: "superseded" if self.replaced_by else "cancelled"}
        return shown.get(self.status, "valid")

    def tell_issue(self) -> None:
        self.note(
            facts.BillIssued(
                self.id, self.number, self.reference, self.total, self.due_on, self.issued_at, self.virtual_account_no, self.qris_payload
            )
        )

    def shares(self, amount: int) -> list[tuple[str, int]]:
        """How `amount` would fall on the revenue heads, in their order: (account code, whole rupiah), nothing left out or over."""
        filled = apportion(self.paid_total, [head.amount for head in self.heads])
        parts = apportion(amount, [head.amount - full for head, full in zip(self.heads, filled, strict=True)])
        return [(head.account_code, part) for head, part in zip(self.heads, parts, strict=True) if part]

    def credit(self, amount: int, receipt: facts.Receipt, reference_total: int, now: datetime) -> None:
        """Money came in on it; told, in part or covered. `amount` is at most what is outstanding."""
        if amount > self.outstanding:
            raise RuleBroken("payment-amount-differs", outstanding=self.outstanding)
        self.paid_total, self.updated_at = self.paid_total + amount, now
        self.status = BillStatus.PAID if self.paid_total == self.total else BillStatus.PART_PAID
        fact = facts.BillPaid if self.status is BillStatus.PAID else facts.BillPartPaid
        about = (self.id, self.number, self.reference, self.total, self.paid_total, reference_total)
        self.note(fact(*about, receipt.paid_at, receipt.number, receipt.channel))

    def carry(self, amount: int, receipt: facts.Receipt, reference_total: int, now: datetime) -> None:
        """Money that had come in on the bill this one replaces."""
        self.carried_total = amount
        self.credit(amount, receipt, reference_total, now)

    def must_be_unpaid(self) -> None:
        """Raises where money has come in on it: a person may not cancel that away."""
        if self.status not in (BillStatus.ISSUED, BillStatus.CANCELLED):
            raise RuleBroken("bill-not-cancellable", status=self.status)

    def cancel(self, reason_code: str, now: datetime, replaced_by: UUID | None = None) -> None:
        """It is no longer owed; the number stays. Twice is once. A paid bill is not cancelled: its money is refunded."""
        if self.status is BillStatus.CANCELLED:
            return
        if not self.is_open:
            raise RuleBroken("bill-not-cancellable", status=self.status)
        self.updated_at = now
        self.status, self.cancelled_at, self.cancel_reason, self.replaced_by = BillStatus.CANCELLED, now, reason_code, replaced_by
        self.note(facts.BillCancelled(self.id, self.number, self.reference, now, reason_code, replaced_by))

    def fall_overdue(self) -> None:
        """Its due date has passed and it is not covered."""
        if self.is_open:
            self.note(facts.BillOverdue(self.id, self.number, self.reference, self.total, self.due_on))


def open_of(session: Session, charge: Charge) -> Bill | None:
    """The bill of this charge that still waits for money; the charge is locked."""
    query = sa.select(Bill).where(
        Bill.ref_service == charge.service, Bill.ref_kind == charge.kind, Bill.ref_id == charge.reference_id,
        Bill.status.in_((BillStatus.ISSUED, BillStatus.PART_PAID)),
    )  # fmt: skip
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def by_virtual_account(session: Session, virtual_account_no: str) -> Bill:
    """The bill of a virtual account, padded or not; raises `NotFound`."""
    bill = session.scalar(sa.select(Bill).where(Bill.virtual_account_no == virtual_account_no.strip()))
    if bill is None:
        raise NotFound("virtual-account-unknown")
    return bill
