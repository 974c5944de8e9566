"""What the treasury has told of a bill: kept in any order, issued and paid may come the wrong way round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


@dataclass(frozen=True)
class IssuedBill:
    """A bill as it was issued: where and until when it can be paid."""

    bill_id: UUID
    bill_no: str
    total: int
    due_on: date
    issued_at: datetime
    virtual_account_no: str | None
    qris_payload: str | None


@dataclass(frozen=True)
class Payment:
    """A bill as it was paid. `reference_total`: usable money received for the application over all its bills, as of `told_at`."""

    bill_id: UUID
    bill_no: str
    total: int
    paid_total: int
    reference_total: int
    paid_at: datetime
    receipt_no: str
    told_at: datetime


class BillNotice(Base):
    """One bill of an application. `refused_total`: how much of what was paid on it we have told back as not usable."""

    __tablename__ = "bill_notice"
    __table_args__ = (sa.Index("ix_bill_notice_application_id", "application_id", "bill_id"),)

    bill_id: Mapped[UUID] = mapped_column(primary_key=True)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    bill_no: Mapped[str]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    due_on: Mapped[date | None] = mapped_column(default=None)
    issued_at: Mapped[datetime | None] = mapped_column(default=None)
    virtual_account_no: Mapped[str | None] = mapped_column(default=None)
    qris_payload: Mapped[str | None] = mapped_column(default=None)
    paid_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    paid_at: Mapped[datetime | None] = mapped_column(default=None)
    receipt_no: Mapped[str | None] = mapped_column(default=None)
    refused_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    overdue: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    def issued(self, bill: IssuedBill) -> None:
        """The treasury issued it."""
        self.due_on, self.issued_at = bill.due_on, bill.issued_at
        self.virtual_account_no, self.qris_payload = bill.virtual_account_no, bill.qris_payload

    def paid(self, payment: Payment) -> None:
        """Money came on it; an older word about it changes nothing."""
        if payment.paid_total > self.paid_total:
            self.paid_total, self.paid_at, self.receipt_no = payment.paid_total, payment.paid_at, payment.receipt_no


def heard_of(bills: Sequence[BillNotice], bill_id: UUID) -> BillNotice | None:
    """The bill, if it is among those heard of."""
    return next((bill for bill in bills if bill.bill_id == bill_id), None)


def notice_of(bills: list[BillNotice], bill_id: UUID, bill_no: str, total: int) -> BillNotice:
    """The bill among those heard of; a new one is added to them."""
    found = heard_of(bills, bill_id)
    if found is None:
        found = BillNotice(bill_id=bill_id, bill_no=bill_no, total=total)
        bills.append(found)
    return found


def newest_issued(bills: Sequence[BillNotice], owed: int | None) -> BillNotice | None:
    """The bill issued last and not cancelled. While `owed` is awaited an unpaid one over another amount no longer holds: `None`."""
    issued = [bill for bill in bills if bill.issued_at is not None and bill.cancelled_at is None]
    newest = max(issued, key=lambda bill: (bill.issued_at, bill.bill_id)) if issued else None
    if newest and owed is not None and newest.paid_at is None:
        return newest if newest.total == owed else None
    return newest


def newest_receipt_no(bills: Sequence[BillNotice]) -> str | None:
    """The receipt of the newest payment, if any money came."""
    paid = [bill for bill in bills if bill.paid_at is not None]
    return max(paid, key=lambda bill: (bill.paid_at, bill.bill_id)).receipt_no if paid else None
