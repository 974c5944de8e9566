"""The money of an application: fixed, billed, paid, or told back."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from licensing.model import facts
from licensing.model.application_status import BEFORE_ASSESSMENT, CLOSED_WITHOUT_PERMIT, Status
from licensing.model.application_way import OnItsWay
from licensing.model.assessment import Assessment
from licensing.model.bill_notice import BillNotice, IssuedBill, Payment, heard_of, newest_issued, newest_receipt_no, notice_of
from smartcity.errors import InputWrong, NotYet, RuleBroken


class Charged(OnItsWay):
    """Owns the rule that money comes before the permit. Amounts in whole rupiah; `paid_total` as of `paid_told_at`."""

    __abstract__ = True

    retribution: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    assessment_id: Mapped[UUID | None] = mapped_column(default=None)
    paid_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    paid_told_at: Mapped[datetime | None] = mapped_column(default=None)
    permit_id: Mapped[UUID | None] = mapped_column(default=None)

    @declared_attr
    def assessments(self) -> Mapped[list[Assessment]]:
        return relationship(order_by=Assessment.position, init=False, default_factory=list)

    @declared_attr
    def bills(self) -> Mapped[list[BillNotice]]:
        return relationship(order_by=BillNotice.bill_id, init=False, default_factory=list)

    def assess(self, assessment: Assessment, debt: facts.Debt, now: datetime) -> None:
        """Fix the retribution, or fix it anew with a reason; then money is awaited unless nothing more is owed."""
        if self.status not in (Status.APPROVED, Status.AWAITING_PAYMENT):
            raise RuleBroken("application-not-assessable", status=self.status)
        previous = self.assessments[-1] if self.assessments else None
        if previous and not assessment.reason:
            raise InputWrong({"reason": ["required"]})
        assessment.position = len(self.assessments) + 1
        self.assessments.append(assessment)
        self.assessment_id, self.retribution, self.updated_at = assessment.id, assessment.total, now
        self.note(assessment.told(self.id, self._number, debt, previous))
        if assessment.total and self.status is Status.APPROVED:
            self._move(Status.AWAITING_PAYMENT, "assessable", assessment.assessor_sub, now)
        self._pay_if_covered(now)

    def hear_bill(self, bill: IssuedBill, now: datetime) -> None:
        """The treasury has issued a bill: show it."""
        notice_of(self.bills, bill.bill_id, bill.bill_no, bill.total).issued(bill)
        self.updated_at = now

    def hear_cancelled(self, bill_id: UUID, at: datetime) -> None:
        """A bill no longer asks for payment. Raises `NotYet` while it was not heard of."""
        self._heard_of(bill_id).cancelled_at = at

    def hear_overdue(self, bill_id: UUID) -> None:
        """The last day to pay a bill in time has passed. Raises `NotYet` while it was not heard of."""
        self._heard_of(bill_id).overdue = True

    def _heard_of(self, bill_id: UUID) -> BillNotice:
        notice = heard_of(self.bills, bill_id)
        if notice is None:
            raise NotYet("the bill was not heard of")
        return notice

    def settle(self, payment: Payment, now: datetime) -> None:
        """Money came. Paid once it covers the assessment in force; told back where it can no longer be used.

        Raises `NotYet` while nothing was assessed.
        """
        if self.status in BEFORE_ASSESSMENT:
            raise NotYet(f"application is {self.status}, no assessment is in force")
        notice = notice_of(self.bills, payment.bill_id, payment.bill_no, payment.total)
        notice.paid(payment)
        self.updated_at = now
        if self.status in CLOSED_WITHOUT_PERMIT:
            self._tell_back(notice)
        elif self.status is Status.AWAITING_PAYMENT:
            self._count(payment)
            self._pay_if_covered(now)

    def _count(self, payment: Payment) -> None:
        if self.paid_told_at is None or payment.told_at >= self.paid_told_at:
            self.paid_total, self.paid_told_at = payment.reference_total, payment.told_at

    def _pay_if_covered(self, now: datetime) -> None:
        if self.status is Status.AWAITING_PAYMENT and self.retribution and self.paid_total >= self.retribution:
            self._move(Status.PAID, "payable", None, now)

    @property
    def can_be_issued(self) -> bool:
        """Is everything there that the permit needs: approved, and paid or nothing to pay?"""
        unpaid = self.status in (Status.APPROVED, Status.AWAITING_PAYMENT)
        return self.status is Status.PAID or (unpaid and self.retribution == 0)

    def issue(self, permit_id: UUID, now: datetime) -> None:
        """The permit is born: the application has reached its end."""
        self.permit_id = permit_id
        self._move(Status.ISSUED, "issuable", None, now)

    @property
    def assessment_in_force(self) -> Assessment | None:
        """The assessment that holds, if the retribution was fixed."""
        return self.assessments[-1] if self.assessments else None

    @property
    def newest_bill(self) -> BillNotice | None:
        """The bill issued last; `None` while it is one of an assessment that no longer holds and the next is on its way."""
        owed = (self.retribution or 0) - self.paid_total if self.status is Status.AWAITING_PAYMENT else None
        return newest_issued(self.bills, owed)

    @property
    def receipt_no(self) -> str | None:
        """The receipt of the newest payment, if any money came."""
        return newest_receipt_no(self.bills)

    def _tell_back(self, notice: BillNotice) -> None:
        amount = notice.paid_total - notice.refused_total
        if amount > 0:
            notice.refused_total = notice.paid_total
            self.note(facts.PaymentNotUsable(self.id, notice.bill_id, notice.receipt_no or "", amount, f"application-{self.status}"))
