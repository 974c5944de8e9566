"""The application, from draft to permit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model import facts
from licensing.model.application_document import ApplicationDocument, must_be_there
from licensing.model.application_money import Charged
from licensing.model.application_status import EDITABLE, EXAMINABLE, Status
from licensing.model.application_way import Reason
from licensing.model.clearance import Clearance, must_be_clear
from licensing.model.examination import MOST_ROUNDS, Examination, Result, Round
from licensing.model.finding import Finding, must_be_new, still_open, take_up
from licensing.model.permit import Permit
from licensing.model.step_clock import Clock, StepClock, running
from licensing.model.succession import SuccessionRequest
from licensing.model.visit import Visit, must_have_conformed
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.storage import Encrypted

__all__ = ["Needs", "PermitApplication", "Reason"]

MOST_DOCUMENTS = 40
EXHAUSTED = "examinations-exhausted"
WAITING = "status IN ('submitted', 'complete', 'in_examination', 'approved')"
NUMBERED = "number IS NOT NULL OR status IN ('draft', 'withdrawn')"
COVERED = "status <> 'issued' OR (permit_id IS NOT NULL AND assessment_id IS NOT NULL AND paid_total >= retribution)"
LAPSING = "lapses_on IS NULL OR status IN ('returned', 'awaiting_payment')"
ASSESSED = "status <> 'awaiting_payment' OR assessment_id IS NOT NULL"


@dataclass(frozen=True)
class Needs:
    """What the permit type asks for before the approval: codes of clearances, and a visit to the site."""

    clearances: frozenset[str] = frozenset()
    visit: bool = False


NOTHING = Needs()


class PermitApplication(Charged):
    """From draft to permit: what is asked, shown and examined. Its ways: `OnItsWay`; its money: `Charged`.

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
        sa.CheckConstraint(LAPSING, name="lapsing"),
        sa.Index("ix_permit_application_owner_sub", "owner_sub", "id"),
        sa.Index("ix_permit_application_owner_status", "owner_sub", "status", "id"),
        sa.Index("ix_permit_application_office", "office", "id"),
        sa.Index("ix_permit_application_office_status", "office", "status", "id"),
        sa.Index("ix_permit_application_status", "status", "id"),
        sa.Index("ix_permit_application_waiting", "office", "status_since", "id", postgresql_where=sa.text(WAITING)),
        sa.Index("ix_permit_application_waiting_status", "office", "status", "status_since", "id", postgresql_where=sa.text(WAITING)),
        sa.Index("ix_permit_application_continues_id", "continues_id", postgresql_where=sa.text("continues_id IS NOT NULL")),
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
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    continues_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    continues: Mapped["PermitApplication | None"] = relationship(remote_side="PermitApplication.id", init=False)
    succession: Mapped[SuccessionRequest | None] = relationship(init=False, default=None)
    documents: Mapped[list[ApplicationDocument]] = relationship(order_by=ApplicationDocument.id, init=False, default_factory=list)
    examinations: Mapped[list[Examination]] = relationship(order_by=Examination.round, init=False, default_factory=list)
    findings: Mapped[list[Finding]] = relationship(order_by=Finding.number, init=False, default_factory=list)
    clearances: Mapped[list[Clearance]] = relationship(
        order_by=Clearance.turn, back_populates="application", init=False, default_factory=list
    )
    permit: Mapped[Permit | None] = relationship(
        primaryjoin=lambda: orm.foreign(PermitApplication.permit_id) == Permit.id, viewonly=True, init=False
    )
    visits: Mapped[list[Visit]] = relationship(order_by=Visit.position, init=False, default_factory=list)
    clocks: Mapped[list[StepClock]] = relationship(order_by=StepClock.step, init=False, default_factory=list)

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

    def submit(self, number: str, now: datetime, person: str | None = None) -> None:
        """Into the office's hands; the day of the first submission is the application's date. `person`: who acts for a company."""
        self._move(Status.SUBMITTED, "submittable", person or self.owner_sub, now)
        self.tell_company()
        self.number = self.number or number
        self.submitted_at = self.submitted_at or now
        self.note(facts.ApplicationSubmitted(self.id, self.number, self.permit_type, now))

    def tell_company(self) -> None:
        """The newest step was the applicant's: where a person took it for a company, the history says so."""
        step = self.history[-1]
        step.company_sub = self.owner_sub if step.actor_sub != self.owner_sub else None

    def find_complete(self, officer: str, now: datetime) -> None:
        """An officer has checked the papers: all are there."""
        self._move(Status.COMPLETE, "completable", officer, now)

    def give_back(self, officer: str, reason: Reason, now: datetime) -> None:
        """Back to the applicant for repair, saying why; not after the last round, which nobody could look at again."""
        if self.status is Status.IN_EXAMINATION and len(self.examinations) >= MOST_ROUNDS:
            raise RuleBroken("examinations-exhausted", most=MOST_ROUNDS)
        self._move(Status.RETURNED, "returnable", officer, now, reason)
        self.note(facts.ApplicationReturned(self.id, self._number, self.permit_type, now, reason.code))

    def examine(self, examiner: str, held: Round, now: datetime) -> None:
        """One round of the technical examination. A fifth that finds something wanting is the last: to be registered anew (Pasal 255(10), 256)."""
        self.must_be_examinable()
        if len(self.examinations) >= MOST_ROUNDS:
            raise RuleBroken("examinations-exhausted", most=MOST_ROUNDS)
        turn, last = len(self.examinations) + 1, self.last_examination
        must_be_new(held.raised, (last.seen or {}) if last else None, self.shown_to_examiners)
        held.check(frozenset(finding.number for finding in still_open(self.findings)))
        take_up(self.findings, held.raised, held.resolved, turn)
        if self.status is Status.COMPLETE:
            self._move(Status.IN_EXAMINATION, "examinable", examiner, now)
        self.examinations.append(
            Examination(
                round=turn, result=held.result, minutes=held.minutes, examiner_sub=examiner, examined_at=now, seen=self.shown_to_examiners
            )
        )
        self.updated_at = now
        self.note(facts.ApplicationExamined(self.id, self._number, self.permit_type, now, turn, held.result.value))
        if turn == MOST_ROUNDS and held.result is not Result.CONFORMS:
            self.reject(examiner, Reason(EXHAUSTED, tuple(finding.sentence for finding in still_open(self.findings))), now)

    def must_be_examinable(self) -> None:
        """Raises unless the application is before the examiners."""
        if self.status not in EXAMINABLE:
            raise RuleBroken("application-not-examinable", status=self.status)

    def schedule(self, visit: Visit, now: datetime) -> None:
        """A visit to the site; one at a time."""
        self.must_be_examinable()
        if any(one.carried_out_at is None for one in self.visits):
            raise RuleBroken("visit-scheduled-already")
        self.visits.append(visit)
        self.updated_at = now

    @property
    def shown_to_examiners(self) -> dict[str, Any]:
        """What a finding can concern, as it is now."""
        answers = {f"answers.{name}": value for name, value in self.answers.items()}
        documents = {f"documents.{document.kind}": str(document.file_id) for document in self.documents}
        return {**answers, **documents, "site_address": self.site_address, "kelurahan_code": self.kelurahan_code}

    @property
    def last_examination(self) -> Examination | None:
        """The newest minutes, also of the application that this one continues."""
        return next(reversed([*self.earlier_examinations, *self.examinations]), None)

    @property
    def earlier_examinations(self) -> list[Examination]:
        """The minutes of the applications that this one continues."""
        return [*self.continues.earlier_examinations, *self.continues.examinations] if self.continues else []

    @property
    def re_registration_recommended(self) -> bool:
        """Did the examinations end without conformity? Then a new application may continue from the minutes of this one."""
        return self.status is Status.REJECTED and self.history[-1].reason_code == EXHAUSTED

    def take_over(self, earlier: "PermitApplication") -> None:
        """Continue where `earlier` ended: its documents, and what is still wanting. Raises `InputWrong` unless that was recommended."""
        if not earlier.re_registration_recommended or earlier.permit_type != self.permit_type:
            raise InputWrong({"continues_id": ["not-continuable"]})
        self.continues = earlier
        self.documents = [document.copied() for document in earlier.documents]
        take_up(self.findings, [finding.again() for finding in still_open(earlier.findings)], frozenset(), 0)

    @property
    def examiners(self) -> frozenset[str]:
        """Who examined it or went to the site."""
        held = {examination.examiner_sub for examination in self.examinations}
        return frozenset(held | {visit.examiner_sub for visit in self.visits if visit.examiner_sub})

    def approve(self, approver: str, now: datetime, needs: Needs = NOTHING) -> None:
        """The technical side conforms and all that it needs is there; nobody approves what they examined."""
        if self.status is Status.IN_EXAMINATION:
            if self.examinations[-1].result is not Result.CONFORMS:
                raise RuleBroken("examination-not-conforming", round=self.examinations[-1].round)
            if approver in self.examiners:
                raise RuleBroken("approver-has-examined")
            if needs.visit:
                must_have_conformed(self.visits)
            must_be_clear(self.clearances, needs.clearances)
        self._move(Status.APPROVED, "approvable", approver, now)
        self.note(facts.ApplicationApproved(self.id, self._number, self.permit_type, now))

    def withdraw(self, reason: Reason, now: datetime, person: str | None = None) -> None:
        """The applicant takes it back; money that came already is told back. Twice is once. `person`: who acts for a company."""
        if self.status is Status.WITHDRAWN:
            return
        self._move(Status.WITHDRAWN, "withdrawable", person or self.owner_sub, now, reason)
        self.tell_company()
        if self.number is not None:
            self.note(facts.ApplicationWithdrawn(self.id, self.number, self.permit_type, now, reason.code))
        for notice in self.bills:
            self._tell_back(notice)

    def reject(self, approver: str, reason: Reason, now: datetime) -> None:
        """The office says no, and why."""
        self._move(Status.REJECTED, "rejectable", approver, now, reason)
        self.note(facts.ApplicationRejected(self.id, self._number, self.permit_type, now, reason.code))

    def wait_until(self, day: date) -> None:
        """The applicant has until the end of that day."""
        if day != self.lapses_on:
            self.lapses_on, self.reminded = day, False

    def remind(self, now: datetime) -> None:
        """Say that it will lapse if nothing is done."""
        assert self.lapses_on is not None
        self.reminded = True
        self.note(facts.ApplicationReminded(self.id, self._number, self.permit_type, now, self.lapses_on))

    def lapse(self, reason_code: str, now: datetime) -> None:
        """Nothing was done in time; money that came already is told back."""
        self._move(Status.LAPSED, "lapsable", None, now, Reason(reason_code))
        self.note(facts.ApplicationLapsed(self.id, self._number, self.permit_type, now, reason_code))
        for notice in self.bills:
            self._tell_back(notice)

    @property
    def running_clock(self) -> StepClock | None:
        """The clock of the office's step in hand; `None` while the applicant acts, and at the end."""
        return running(self.clocks)

    def escalate(self, clock: Clock, percent: int, step: str, role: str, office: str) -> None:
        """Somebody above must know that a step has used so much of its time."""
        clock.escalated = percent
        assert clock.due_on is not None
        self.note(facts.ClockEscalated(self.id, self._number, self.permit_type, step, role, percent, clock.due_on, office))

    @property
    def applied_on(self) -> date | None:
        """The application's date in Medan, by which rules and tariff are chosen; `None` before the first submission."""
        return day_of(self.submitted_at) if self.submitted_at else None
