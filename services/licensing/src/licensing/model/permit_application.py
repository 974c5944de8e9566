"""The application, from draft to permit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model import facts
from licensing.model.application_document import ApplicationDocument, must_be_there
from licensing.model.application_history import HistoryLine
from licensing.model.application_status import BEFORE_ASSESSMENT, CLOSED_WITHOUT_PERMIT, EDITABLE, TRANSITIONS, Status
from licensing.model.assessment import Assessment
from licensing.model.bill_notice import BillNotice, IssuedBill, Payment, newest_issued, newest_receipt_no, notice_of
from licensing.model.examination import MOST_ROUNDS, Examination, Result
from licensing.model.step_clock import StepClock, running
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotYet, RuleBroken
from smartcity.storage import Aggregate, Encrypted, states

MOST_DOCUMENTS = 40
WAITING = "status IN ('submitted', 'complete', 'in_examination', 'approved')"
NUMBERED = "number IS NOT NULL OR status IN ('draft', 'withdrawn')"
COVERED = "status <> 'issued' OR (permit_id IS NOT NULL AND assessment_id IS NOT NULL AND paid_total >= retribution)"
ASSESSED = "status <> 'awaiting_payment' OR assessment_id IS NOT NULL"


@dataclass(frozen=True)
class Reason:
    """Why: a code of the service's reasons, and sentences for the applicant."""

    code: str
    sentences: tuple[str, ...] = ()


class PermitApplication(Aggregate):
    """From draft to permit; owns the rule that money comes before the permit.

    draft → submitted → complete → in_examination → approved → awaiting_payment → (paid) → issued; returned and back;
    rejected, withdrawn, lapsed. All ways: `application_status.TRANSITIONS`; the picture: README.
    """

    __tablename__ = "permit_application"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.CheckConstraint("retribution >= 0 AND paid_total >= 0", name="money"),
        sa.CheckConstraint(NUMBERED, name="numbered"),
        sa.CheckConstraint(COVERED, name="covered"),
        sa.CheckConstraint(ASSESSED, name="assessed"),
        sa.Index("ix_permit_application_owner_sub", "owner_sub", "id"),
        sa.Index("ix_permit_application_office", "office", "id"),
        sa.Index("ix_permit_application_office_status", "office", "status", "id"),
        sa.Index("ix_permit_application_waiting", "office", "status_since", "id", postgresql_where=sa.text(WAITING)),
        sa.Index("ix_permit_application_waiting_status", "office", "status", "status_since", "id", postgresql_where=sa.text(WAITING)),
    )

    office: Mapped[str]
    owner_sub: Mapped[str]
    permit_type: Mapped[str]
    applicant_name: Mapped[str] = mapped_column(Encrypted)
    applicant_address: Mapped[str] = mapped_column(Encrypted)
    site_address: Mapped[str]
    kelurahan_code: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    nib: Mapped[str | None] = mapped_column(Encrypted, default=None, kw_only=True)
    position: Mapped[dict[str, float] | None] = mapped_column(JSONB, default=None, kw_only=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    status_since: Mapped[datetime]
    status: Mapped[Status] = mapped_column(states(Status), default=Status.DRAFT)
    number: Mapped[str | None] = mapped_column(default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    retribution: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    assessment_id: Mapped[UUID | None] = mapped_column(default=None)
    paid_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    paid_told_at: Mapped[datetime | None] = mapped_column(default=None)
    permit_id: Mapped[UUID | None] = mapped_column(default=None)
    history: Mapped[list[HistoryLine]] = relationship(order_by=HistoryLine.position, init=False, default_factory=list)
    documents: Mapped[list[ApplicationDocument]] = relationship(order_by=ApplicationDocument.id, init=False, default_factory=list)
    examinations: Mapped[list[Examination]] = relationship(order_by=Examination.round, init=False, default_factory=list)
    assessments: Mapped[list[Assessment]] = relationship(order_by=Assessment.position, init=False, default_factory=list)
    clocks: Mapped[list[StepClock]] = relationship(order_by=StepClock.step, init=False, default_factory=list)
    bills: Mapped[list[BillNotice]] = relationship(order_by=BillNotice.bill_id, init=False, default_factory=list)

    def attach(self, document: ApplicationDocument, now: datetime) -> None:
        """Another document of the applicant; only while the application is in their hands."""
        self.must_be_editable()
        if len(self.documents) >= MOST_DOCUMENTS:
            raise RuleBroken("too-many-documents", most=MOST_DOCUMENTS)
        self.documents.append(document)
        self.updated_at = now

    def must_be_editable(self) -> None:
        """Raises unless the application is in the applicant's hands."""
        if self.status not in EDITABLE:
            raise RuleBroken("application-not-editable", status=self.status)

    def check_submittable(self, required: frozenset[str], today: date) -> None:
        """Raises where it cannot be submitted now, naming the documents that are missing or have expired."""
        if self.status not in EDITABLE:
            raise RuleBroken("application-not-submittable", status=self.status)
        must_be_there(self.documents, required, today)

    def submit(self, number: str, now: datetime) -> None:
        """Into the office's hands; the day of the first submission is the application's date."""
        self._move(Status.SUBMITTED, "submittable", self.owner_sub, now)
        self.number = self.number or number
        self.submitted_at = self.submitted_at or now
        self.note(facts.ApplicationSubmitted(self.id, self.number, self.permit_type, now))

    def find_complete(self, officer: str, now: datetime) -> None:
        """An officer has checked the papers: all are there."""
        self._move(Status.COMPLETE, "completable", officer, now)

    def give_back(self, officer: str, reason: Reason, now: datetime) -> None:
        """Back to the applicant for repair, saying why."""
        self._move(Status.RETURNED, "returnable", officer, now, reason)
        self.note(facts.ApplicationReturned(self.id, self._number, self.permit_type, now, reason.code))

    def examine(self, examiner: str, result: Result, minutes: str, now: datetime) -> None:
        """One round of the technical examination, with its minutes."""
        if self.status is Status.COMPLETE:
            self._move(Status.IN_EXAMINATION, "examinable", examiner, now)
        elif self.status is not Status.IN_EXAMINATION:
            raise RuleBroken("application-not-examinable", status=self.status)
        if len(self.examinations) >= MOST_ROUNDS:
            raise RuleBroken("examinations-exhausted", most=MOST_ROUNDS)
        turn = len(self.examinations) + 1
        self.examinations.append(Examination(round=turn, result=result, minutes=minutes, examiner_sub=examiner, examined_at=now))
        self.updated_at = now

    def approve(self, approver: str, now: datetime) -> None:
        """The technical side conforms; nobody approves what they examined."""
        if self.status is Status.IN_EXAMINATION:
            if self.examinations[-1].result is not Result.CONFORMS:
                raise RuleBroken("examination-not-conforming", round=self.examinations[-1].round)
            if approver in {examination.examiner_sub for examination in self.examinations}:
                raise RuleBroken("approver-has-examined")
        self._move(Status.APPROVED, "approvable", approver, now)

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
        notice = next((bill for bill in self.bills if bill.bill_id == bill_id), None)
        if notice is None:
            raise NotYet("the bill was not heard of")
        notice.cancelled_at = at

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

    def withdraw(self, reason: Reason, now: datetime) -> None:
        """The applicant takes it back; money that came already is told back. Twice is once."""
        if self.status is Status.WITHDRAWN:
            return
        self._move(Status.WITHDRAWN, "withdrawable", self.owner_sub, now, reason)
        if self.number is not None:
            self.note(facts.ApplicationWithdrawn(self.id, self.number, self.permit_type, now, reason.code))
        for notice in self.bills:
            self._tell_back(notice)

    def reject(self, approver: str, reason: Reason, now: datetime) -> None:
        """The office says no, and why."""
        self._move(Status.REJECTED, "rejectable", approver, now, reason)
        self.note(facts.ApplicationRejected(self.id, self._number, self.permit_type, now, reason.code))

    def _tell_back(self, notice: BillNotice) -> None:
        amount = notice.paid_total - notice.refused_total
        if amount > 0:
            notice.refused_total = notice.paid_total
            self.note(facts.PaymentNotUsable(self.id, notice.bill_id, notice.receipt_no or "", amount, f"application-{self.status}"))

    @property
    def _number(self) -> str:
        assert self.number is not None, "an application in the office's hands has its number"
        return self.number

    def _move(self, to: Status, may: str, actor: str | None, now: datetime, reason: Reason | None = None) -> None:
        if to not in TRANSITIONS[self.status]:
            raise RuleBroken(f"application-not-{may}", status=self.status)
        position = len(self.history) + 1  # read before anything changes: reading may flush, and a half-moved row breaks its checks
        self.status, self.status_since, self.updated_at = to, now, now
        line = HistoryLine(position=position, status=to, at=now, actor_sub=actor)
        if reason:
            line.reason_code, line.reasons = reason.code, list(reason.sentences)
        self.history.append(line)

    @property
    def running_clock(self) -> StepClock | None:
        """The clock of the office's step in hand; `None` while the applicant acts, and at the end."""
        return running(self.clocks)

    def escalate(self, clock: StepClock, percent: int) -> None:
        """Somebody above must know that a step has used so much of its time."""
        clock.escalated = percent
        assert clock.due_on is not None
        self.note(facts.ClockEscalated(self.id, self._number, self.permit_type, clock.step.value, clock.role, percent, clock.due_on))

    @property
    def applied_on(self) -> date | None:
        """The application's date in Medan, by which rules and tariff are chosen; `None` before the first submission."""
        return day_of(self.submitted_at) if self.submitted_at else None
