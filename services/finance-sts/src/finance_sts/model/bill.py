"""The bill (SKRD)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from finance_sts.model import facts
from finance_sts.rules.apportion import apportion
from smartcity.errors import RuleBroken
from smartcity.money import terbilang
from smartcity.storage import Aggregate, Base, Encrypted, states

OPEN = "status IN ('issued', 'part_paid')"
ISSUED_WHOLE = "status IN ('draft', 'cancelled') OR num_nulls(number, due_on, issued_at, virtual_account_no, qris_payload, verify_code) = 0"
SERIES, SERIAL = "regexp_replace(number, '/[^/]*$', '')", "(substring(number FROM '([0-9]{1,15})$'))::bigint"
DEMAND = ("finance-sts", "bill")
"""What an STRD charges for: a late bill of ours."""
NOBODY = ""
"""The `owner_sub` of what is of nobody with an account: a payer at the counter, and every draft."""


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


def heads_of(parts: Sequence[tuple[str, int]]) -> list[BillHead]:
    """The heads of a bill, in their declared order: (account code, whole rupiah)."""
    return [BillHead(line=n, account_code=code, amount=amount) for n, (code, amount) in enumerate(parts, 1)]


@dataclass(frozen=True)
class Terms:
    """What a bill is given when it is issued: its number, until when and how it can be paid, the code on its paper."""

    number: str
    due_on: date
    virtual_account_no: str
    qris_payload: str
    verify_code: str


class Bill(Aggregate):
    """What somebody owes: draft → issued → (part_paid) → paid | cancelled | written_off.

    `number` (the database reads `series` and `serial` from it) is gapless per office and year, given at issue, and stays in the register for ever. Overdue is
    a date, not a state. `carried_total` is money that came in on the bill this one replaces; it counts in `paid_total`.
    A draft lacks its `Terms` (so the database allows null) and is nobody's: `payer_sub` owns it once it is issued. It may name the
    bill it `replaces`, with the reason.
    """

    __tablename__ = "bill"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("virtual_account_no"),
        sa.CheckConstraint("total > 0 AND paid_total >= 0 AND paid_total <= total", name="amounts"),
        sa.CheckConstraint("(status = 'paid') = (paid_total = total AND status <> 'cancelled')", name="paid_in_full"),
        sa.CheckConstraint(ISSUED_WHOLE, name="issued_whole"),
        sa.CheckConstraint("(period_from IS NULL) = (period_to IS NULL) AND period_from <= period_to", name="period"),
        sa.CheckConstraint("carried_total >= 0 AND carried_total <= paid_total", name="carried"),
        sa.Index("ix_bill_owner_sub", "owner_sub", "id"),
        sa.Index("ix_bill_office", "office", "id"),
        sa.Index("ix_bill_office_status", "office", "status", "id"),
        sa.Index("ix_bill_owner_status", "owner_sub", "status", "id"),
        sa.Index("ix_bill_series", "series", "serial"),
        sa.Index("ix_bill_reference", "ref_service", "ref_kind", "ref_id"),
        sa.Index("ix_bill_due_on", "office", "due_on", postgresql_where=sa.text(OPEN)),
        sa.Index("ix_bill_issued_at", "issued_at"),
        sa.Index("uq_bill_open", "ref_service", "ref_kind", "ref_id", unique=True, postgresql_where=sa.text(OPEN)),
    )

    office: Mapped[str]
    payer_name: Mapped[str] = mapped_column(Encrypted)
    payer_address: Mapped[str] = mapped_column(Encrypted)
    ref_service: Mapped[str]
    ref_kind: Mapped[str]
    ref_id: Mapped[UUID]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    updated_at: Mapped[datetime]
    due_rule: Mapped[str | None] = mapped_column(default=None)
    payer_sub: Mapped[str] = mapped_column(default=NOBODY)
    payer_no: Mapped[str | None] = mapped_column(Encrypted, default=None)
    period_from: Mapped[date | None] = mapped_column(default=None)
    period_to: Mapped[date | None] = mapped_column(default=None)
    replaces: Mapped[UUID | None] = mapped_column(default=None)
    replace_reason: Mapped[str | None] = mapped_column(default=None)
    owner_sub: Mapped[str] = mapped_column(default=NOBODY, init=False)
    number: Mapped[str] = mapped_column(nullable=True, default=None, init=False)
    series: Mapped[str | None] = mapped_column(sa.Computed(SERIES, persisted=True), init=False)
    serial: Mapped[int | None] = mapped_column(sa.BigInteger, sa.Computed(SERIAL, persisted=True), init=False)
    due_on: Mapped[date] = mapped_column(nullable=True, default=None, init=False)
    issued_at: Mapped[datetime] = mapped_column(nullable=True, default=None, init=False)
    virtual_account_no: Mapped[str] = mapped_column(nullable=True, default=None, init=False)
    qris_payload: Mapped[str] = mapped_column(nullable=True, default=None, init=False)
    verify_code: Mapped[str] = mapped_column(nullable=True, default=None, init=False)
    arose_on: Mapped[date | None] = mapped_column(default=None, init=False)
    limitation_on: Mapped[date | None] = mapped_column(default=None, init=False)
    barred_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    written_off_at: Mapped[datetime | None] = mapped_column(default=None, init=False)
    heads: Mapped[list[BillHead]] = relationship(lazy="selectin", order_by=BillHead.line, default_factory=list)
    paid_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    carried_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    status: Mapped[BillStatus] = mapped_column(states(BillStatus), default=BillStatus.DRAFT)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    cancel_reason: Mapped[str | None] = mapped_column(default=None)
    replaced_by: Mapped[UUID | None] = mapped_column(default=None)
    kecamatan_code: Mapped[str | None] = mapped_column(default=None)

    @property
    def parties(self) -> frozenset[str]:
        """Its payer, of a draft too."""
        return frozenset({self.owner_sub, self.payer_sub} - {NOBODY})

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
        gone = "superseded" if self.replaced_by else "cancelled"
        shown = {BillStatus.PAID: "paid", BillStatus.CANCELLED: gone, BillStatus.WRITTEN_OFF: "cancelled"}
        return shown.get(self.status, "valid")

    @property
    def is_demand(self) -> bool:
        """Is it an STRD, which claims the interest of the late bill it refers to?"""
        return (self.ref_service, self.ref_kind) == DEMAND

    @property
    def paper(self) -> str:
        """The kind of its document."""
        return "demand" if self.is_demand else "bill"

    @property
    def was_issued(self) -> bool:
        """Has it ever asked anybody for money?"""
        return self.number is not None

    def must_be_draft(self) -> None:
        """Raises where it was issued or discarded already."""
        if self.status is not BillStatus.DRAFT:
            raise RuleBroken("bill-not-issuable", status=self.status)

    def issue(self, terms: Terms, now: datetime) -> None:
        """From now on it asks its payer for money; told."""
        self.must_be_draft()
        self.number, self.due_on, self.virtual_account_no = terms.number, terms.due_on, terms.virtual_account_no
        self.qris_payload, self.verify_code = terms.qris_payload, terms.verify_code
        self.status, self.owner_sub, self.issued_at, self.updated_at = BillStatus.ISSUED, self.payer_sub, now, now
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

    def must_be_open(self) -> None:
        """Raises where it no longer waits for money, or not yet."""
        if not self.is_open:
            raise RuleBroken("bill-not-open", status=self.status)

    def must_be_unpaid(self) -> None:
        """Raises where money has come in on it: a person may not cancel that away."""
        if self.status not in (BillStatus.DRAFT, BillStatus.ISSUED, BillStatus.CANCELLED):
            raise RuleBroken("bill-not-cancellable", status=self.status)

    def cancel(self, reason_code: str, now: datetime, replaced_by: UUID | None = None) -> None:
        """It is no longer owed; the number stays. Twice is once. A paid bill is not cancelled: its money is refunded.

        A draft is discarded: nobody was told of it, so nobody is told.
        """
        if self.status is BillStatus.CANCELLED:
            return
        if not self.is_open and self.status is not BillStatus.DRAFT:
            raise RuleBroken("bill-not-cancellable", status=self.status)
        self.updated_at = now
        self.status, self.cancelled_at, self.cancel_reason, self.replaced_by = BillStatus.CANCELLED, now, reason_code, replaced_by
        if self.was_issued:
            self.note(facts.BillCancelled(self.id, self.number, self.reference, now, reason_code, replaced_by))

    def remind(self, now: datetime) -> None:
        """Its payer is reminded that it is to be paid; told."""
        self.note(facts.BillReminded(self.id, self.number, self.reference, self.outstanding, self.due_on, now))

    def warn(self, letter_no: str, now: datetime) -> None:
        """Its payer is warned by Surat Teguran; told."""
        self.note(facts.BillWarned(self.id, self.number, self.reference, self.outstanding, self.due_on, letter_no, now))

    def agree_instalments(self, agreement_id: UUID, parts: int, last_day: date, now: datetime) -> None:
        """What is owed may be paid in parts until that day; told."""
        self.note(facts.BillInstalmentsAgreed(self.id, self.number, self.reference, agreement_id, self.outstanding, parts, last_day, now))

    def end_instalments(self, agreement_id: UUID, now: datetime) -> None:
        """A part was missed: all of it is owed at once again; told."""
        self.note(facts.BillInstalmentsEnded(self.id, self.number, self.reference, agreement_id, self.outstanding, now))

    def bar(self, now: datetime) -> None:
        """Its limitation has run: the city may no longer collect it. It may still be paid, until it is written off."""
        if self.is_open and self.barred_at is None:
            self.barred_at, self.updated_at = now, now

    def must_be_barred(self) -> None:
        """Raises while it may still be collected."""
        if self.barred_at is None:
            raise RuleBroken("bill-not-time-barred", limitation_on=str(self.limitation_on))

    def write_off(self, basis: facts.Basis, now: datetime) -> None:
        """What is still owed on it is given up; told. What came in stays."""
        self.must_be_open()
        amount = self.outstanding
        self.status, self.written_off_at, self.updated_at = BillStatus.WRITTEN_OFF, now, now
        self.note(facts.BillWrittenOff(self.id, self.number, self.reference, amount, now, basis.reason_code, basis.decision_no))

    def fall_overdue(self) -> None:
        """Its due date has passed and it is not covered."""
        if self.is_open:
            self.note(facts.BillOverdue(self.id, self.number, self.reference, self.total, self.due_on))
