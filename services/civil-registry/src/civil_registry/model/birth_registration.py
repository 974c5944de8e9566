"""The registration of a birth, from draft to the certificate in the parent's hands."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model import facts
from civil_registry.model.birth_status import EDITABLE, TRANSITIONS, Status, Step
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.model.registration_history import HistoryLine
from civil_registry.model.registration_person import Part, RegistrationPerson
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Encrypted, states

MOST_DOCUMENTS = 30
RETURNING = (Step.VERIFICATION, Step.REGISTRATION)
WAITING = "waits_for IS NOT NULL"
FILED = "status NOT IN ('draft', 'rejected', 'cancelled')"
REGISTERED = "status NOT IN ('registered', 'signed', 'issued', 'collected') OR "
REGISTERED_WHOLE = (
    REGISTERED + "(record_no IS NOT NULL AND verifier_sub IS NOT NULL AND registrar_sub IS NOT NULL AND (NOT late OR head_sub IS NOT NULL))"
)
ISSUED_WHOLE = "status NOT IN ('issued', 'collected') OR (certificate_id IS NOT NULL AND signer_sub IS NOT NULL)"
DIFFERENT_PEOPLE = (
    "verifier_sub <> head_sub AND verifier_sub <> registrar_sub AND verifier_sub <> signer_sub "
    "AND head_sub <> registrar_sub AND head_sub <> signer_sub AND registrar_sub <> signer_sub"
)
FILER_STANDS_ASIDE = (
    "filed_by_sub <> verifier_sub AND filed_by_sub <> head_sub AND filed_by_sub <> registrar_sub AND filed_by_sub <> signer_sub"
)


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class Decision(StrEnum):
    """Of the head about a late report."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Reason:
    """Why: a code of the service's reasons, and sentences for the parent."""

    code: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filing:
    """What the calendar says at the submission: lateness by its first day, clocks from now."""

    number: str
    days_after_birth: int
    late: bool
    deadline: datetime
    legal_deadline: datetime


class BirthRegistration(Aggregate):
    """A parent's report of a birth; owns the rule that verifier, head, registrar and signer are different people.

    draft → submitted → in_check → registered → (signed) → issued → collected; in_check → returned → submitted;
    late: in_check → awaiting_late_decision → in_check, or rejected. All ways: `birth_status.TRANSITIONS`; the picture: README.
    `in_check` waits for the verifier until `verified_at`, then (late: after the head's approval) for the registrar.
    """

    __tablename__ = "birth_registration"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("claim_index"),
        sa.CheckConstraint(REGISTERED_WHOLE, name="registered_whole"),
        sa.CheckConstraint(ISSUED_WHOLE, name="issued_whole"),
        sa.CheckConstraint(DIFFERENT_PEOPLE, name="different_people"),
        sa.CheckConstraint(FILER_STANDS_ASIDE, name="filer_stands_aside"),
        sa.CheckConstraint("number IS NOT NULL OR status = 'draft'", name="numbered"),
        sa.Index(
            "uq_birth_registration_child", "mother_nik_index", "born_on", "child_name_index", "twin_order",
            unique=True, postgresql_where=sa.text(FILED),
        ),
        sa.Index("ix_birth_registration_owner_sub", "owner_sub", "id"),
        sa.Index("ix_birth_registration_filing_id", "filing_id", "id", postgresql_where=sa.text("filing_id IS NOT NULL")),
        sa.Index("ix_birth_registration_office", "office", "id"),
        sa.Index("ix_birth_registration_office_status", "office", "status", "id"),
        sa.Index("ix_birth_registration_waiting", "office", "status_since", "id", postgresql_where=sa.text(WAITING)),
        sa.Index("ix_birth_registration_waiting_step", "office", "waits_for", "status_since", "id", postgresql_where=sa.text(WAITING)),
    )  # fmt: skip

    office: Mapped[str]
    owner_sub: Mapped[str]
    filed_by_sub: Mapped[str | None]
    filing_id: Mapped[UUID | None]
    path: Mapped[str]
    circumstances: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String))
    kelurahan_code: Mapped[str]
    family_card_no: Mapped[str | None] = mapped_column(Encrypted)
    child_name: Mapped[str] = mapped_column(Encrypted)
    child_name_index: Mapped[bytes]
    child_sex: Mapped[Sex] = mapped_column(states(Sex, "child_sex"))
    born_on: Mapped[date]
    born_at: Mapped[str] = mapped_column(sa.String(5))
    birth_place_kind: Mapped[str]
    birth_place_name: Mapped[str] = mapped_column(Encrypted)
    birth_city: Mapped[str]
    birth_country: Mapped[str | None]
    child_order: Mapped[int | None]
    twin_order: Mapped[int]
    weight_g: Mapped[int | None]
    length_cm: Mapped[int | None]
    helper: Mapped[str]
    mother_nik_index: Mapped[bytes | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    status_since: Mapped[datetime]
    status: Mapped[Status] = mapped_column(states(Status), default=Status.DRAFT)
    waits_for: Mapped[Step | None] = mapped_column(states(Step, "waits_for"), default=None)
    number: Mapped[str | None] = mapped_column(default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    days_after_birth: Mapped[int | None] = mapped_column(default=None)
    late: Mapped[bool] = mapped_column(default=False)
    deadline: Mapped[datetime | None] = mapped_column(default=None)
    legal_deadline: Mapped[datetime | None] = mapped_column(default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    verifier_sub: Mapped[str | None] = mapped_column(default=None)
    late_decision: Mapped[Decision | None] = mapped_column(states(Decision, "late_decision"), default=None)
    head_sub: Mapped[str | None] = mapped_column(default=None)
    registrar_sub: Mapped[str | None] = mapped_column(default=None)
    signer_sub: Mapped[str | None] = mapped_column(default=None)
    record_no: Mapped[str | None] = mapped_column(default=None)
    certificate_id: Mapped[UUID | None] = mapped_column(default=None)
    claim_index: Mapped[bytes | None] = mapped_column(default=None)
    people: Mapped[list[RegistrationPerson]] = relationship(
        order_by=(RegistrationPerson.part, RegistrationPerson.position), cascade="all, delete-orphan", init=False, default_factory=list
    )
    documents: Mapped[list[RegistrationDocument]] = relationship(order_by=RegistrationDocument.id, init=False, default_factory=list)
    history: Mapped[list[HistoryLine]] = relationship(order_by=HistoryLine.position, init=False, default_factory=list)

    def person(self, part: Part, position: int = 1) -> RegistrationPerson | None:
        """Who is named in this part."""
        return next((person for person in self.people if (person.part, person.position) == (part, position)), None)

    def must_be_editable(self) -> None:
        """Raises unless the registration is in the parent's hands."""
        if self.status not in EDITABLE:
            raise RuleBroken("registration-not-editable", status=self.status)

    def must_be_submittable(self) -> None:
        """Raises unless the registration can be handed in now."""
        if self.status not in EDITABLE:
            raise RuleBroken("registration-not-submittable", status=self.status)

    def attach(self, document: RegistrationDocument, now: datetime) -> None:
        """Another document of the parent; only while the registration is in their hands."""
        self.must_be_editable()
        if len(self.documents) >= MOST_DOCUMENTS:
            raise RuleBroken("too-many-documents", most=MOST_DOCUMENTS)
        self.documents.append(document)
        self.updated_at = now

    def submit(self, filing: Filing, by: str, now: datetime) -> None:
        """Into the office's hands, first or again. What was decided about an earlier version is decided anew."""
        self._move(Status.SUBMITTED, "submittable", HistoryLine(position=0, status=Status.SUBMITTED, at=now, actor_sub=by))
        self.number, self.submitted_at = self.number or filing.number, self.submitted_at or now
        self.days_after_birth, self.late = filing.days_after_birth, filing.late
        self.deadline, self.legal_deadline = filing.deadline, filing.legal_deadline
        self.verified_at = self.verifier_sub = self.late_decision = self.head_sub = None
        self.waits_for = Step.VERIFICATION
        self.note(facts.BirthSubmitted(self.id, now))

    def begin_check(self, officer: str, now: datetime) -> None:
        """An officer takes it into their hands, or takes it over. Again by the same is once."""
        self.must_await(Step.VERIFICATION, "checkable")
        self._must_be_another(Step.VERIFICATION, officer)
        if self.status is Status.SUBMITTED:
            self._step(Status.IN_CHECK, "checkable", Step.VERIFICATION, officer, now)

    def verify(self, officer: str, now: datetime) -> None:
        """Papers and data agree. On time it waits for the registrar, late for the head."""
        self.begin_check(officer, now)
        self.verified_at, self.verifier_sub, self.updated_at = now, officer, now
        self.waits_for = Step.REGISTRATION
        if self.late:
            self._step(Status.AWAITING_LATE_DECISION, "checkable", Step.VERIFICATION, officer, now)
            self.waits_for = Step.LATE_DECISION

    def give_back(self, officer: str, reason: Reason, now: datetime) -> None:
        """Back to the parent for repair, saying why; the office's clocks stop."""
        step = self.waits_for
        if step not in RETURNING:
            raise RuleBroken("registration-not-returnable", status=self.status)
        if step is Step.VERIFICATION:
            self.begin_check(officer, now)
        self._step(Status.RETURNED, "returnable", step, officer, now, reason)
        self.deadline = self.legal_deadline = self.waits_for = None
        self.note(facts.BirthReturned(self.id, now, reason.code))

    def decide_late(self, head: str, decision: Decision, reason: Reason | None, now: datetime) -> None:
        """The head of the office decides about a report after more than 60 days."""
        to = Status.IN_CHECK if decision is Decision.APPROVED else Status.REJECTED
        self.must_await(Step.LATE_DECISION, "decidable")
        self._step(to, "decidable", Step.LATE_DECISION, head, now, reason)
        self.late_decision, self.head_sub = decision, head
        self.waits_for = Step.REGISTRATION if decision is Decision.APPROVED else None
        if decision is Decision.REJECTED:
            self.deadline = self.legal_deadline = None
        self.note(facts.LateDecided(self.id, now, decision.value))

    def must_await(self, step: Step, may: str) -> None:
        """Raises unless the registration waits for this very step."""
        if self.waits_for is not step:
            raise RuleBroken(f"registration-not-{may}", status=self.status)

    def must_be_registrable(self, registrar: str) -> None:
        """Raises unless it was verified, approved where late, and this registrar took no other step."""
        self.must_await(Step.REGISTRATION, "registrable")
        self._must_be_another(Step.REGISTRATION, registrar)

    def register(self, record_no: str, registrar: str, registered_on: date, now: datetime) -> None:
        """The birth stands in the register."""
        self.must_be_registrable(registrar)
        self._step(Status.REGISTERED, "registrable", Step.REGISTRATION, registrar, now)
        self.record_no, self.registrar_sub, self.waits_for = record_no, registrar, Step.SIGNATURE
        self.note(facts.BirthRegistered(self.id, self.kelurahan_code, registered_on, self.kind))

    def must_be_signable(self, signer: str) -> None:
        """Raises unless it is registered, and this signer took no other step."""
        self.must_await(Step.SIGNATURE, "signable")
        self._must_be_another(Step.SIGNATURE, signer)

    def sign(self, certificate_id: UUID, signer: str, now: datetime) -> None:
        """Signed, and with that issued."""
        self.must_be_signable(signer)
        self._step(Status.SIGNED, "signable", Step.SIGNATURE, signer, now)
        self._step(Status.ISSUED, "signable", Step.SIGNATURE, signer, now)
        self.certificate_id, self.signer_sub, self.waits_for = certificate_id, signer, None

    def collect(self, by: str, now: datetime) -> None:
        """The parent has it. Twice is once."""
        if self.status is not Status.COLLECTED:
            self._move(Status.COLLECTED, "collectable", HistoryLine(position=0, status=Status.COLLECTED, at=now, actor_sub=by))

    def must_be_amendable(self) -> None:
        """Raises unless a certificate was issued of an entry that holds."""
        if Status.CANCELLED not in TRANSITIONS[self.status]:
            raise RuleBroken("registration-not-amendable", status=self.status)

    def reissue(self, certificate_id: UUID, by: str, now: datetime, corrected_on: date | None = None) -> None:
        """Another certificate stands in the place of the last: of a corrected entry, or a further copy."""
        self._move(Status.ISSUED, "amendable", HistoryLine(position=0, status=Status.ISSUED, at=now, actor_sub=by))
        self.certificate_id = certificate_id
        if corrected_on:
            self.note(facts.BirthCorrected(self.id, self.kelurahan_code, corrected_on))

    def cancel(self, by: str, now: datetime, cancelled_on: date) -> None:
        """A court has ruled that the entry does not hold."""
        self._move(Status.CANCELLED, "amendable", HistoryLine(position=0, status=Status.CANCELLED, at=now, actor_sub=by))
        self.note(facts.BirthCancelled(self.id, self.kelurahan_code, cancelled_on))

    @property
    def kind(self) -> str:
        """`in_time` or `late`."""
        return "late" if self.late else "in_time"

    def _must_be_another(self, step: Step, actor: str) -> None:
        """Nobody takes two different steps of one registration, nor any step of a report of their own or that they filed for a parent."""
        if actor in (self.owner_sub, self.filed_by_sub):
            raise RuleBroken("own-registration")
        earlier = {line.step for line in self.history if line.step is not None and line.actor_sub == actor}
        if earlier - {step}:
            raise RuleBroken("another-person-must", step=step)

    def _step(self, to: Status, may: str, step: Step, actor: str, now: datetime, reason: Reason | None = None) -> None:
        line = HistoryLine(position=0, status=to, at=now, actor_sub=actor, step=step)
        if reason:
            line.reason_code, line.said = reason.code, "\n".join(reason.sentences) or None
        self._must_be_another(step, actor)
        self._move(to, may, line)

    def _move(self, to: Status, may: str, line: HistoryLine) -> None:
        if to not in TRANSITIONS[self.status]:
            raise RuleBroken(f"registration-not-{may}", status=self.status)
        line.position = len(self.history) + 1  # read before anything changes: reading may flush, and a half-moved row breaks its checks
        self.status, self.status_since, self.updated_at = to, line.at, line.at
        self.history.append(line)
