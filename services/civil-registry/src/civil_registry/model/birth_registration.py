"""The registration of a birth, from draft to the certificate in the parent's hands."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model import facts
from civil_registry.model.birth_status import TRANSITIONS, Status, Step
from civil_registry.model.office_way import Filing, OfficeWay, Reason
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.model.registration_history import HistoryLine
from civil_registry.model.registration_person import Part, RegistrationPerson
from smartcity.storage import Encrypted, states

WAITING = "waits_for IS NOT NULL"
FILED = "status NOT IN ('draft', 'rejected', 'cancelled', 'withdrawn')"
NUMBERED = "number IS NOT NULL OR status IN ('draft', 'withdrawn')"
UNKEPT = "erased_at IS NULL AND status IN ('draft', 'returned', 'withdrawn', 'rejected')"
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


class BirthRegistration(OfficeWay):
    """A parent's report of a birth; owns the rule that verifier, head, registrar and signer are different people.

    draft → submitted → in_check → registered → (signed) → issued → collected; in_check → returned → submitted;
    late: in_check → awaiting_late_decision → in_check, or rejected; withdrawn before it is registered. All ways: `birth_status.TRANSITIONS`; the picture: README.
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
        sa.CheckConstraint(NUMBERED, name="numbered"),
        sa.Index(
            "uq_birth_registration_child", "mother_nik_index", "born_on", "child_name_index", "twin_order",
            unique=True, postgresql_where=sa.text(FILED),
        ),
        sa.Index("ix_birth_registration_owner_sub", "owner_sub", "id"),
        sa.Index("ix_birth_registration_filing_id", "filing_id", "id", postgresql_where=sa.text("filing_id IS NOT NULL")),
        sa.Index("ix_birth_registration_office", "office", "id"),
        sa.Index("ix_birth_registration_office_status", "office", "status", "id"),
        sa.Index("ix_birth_registration_unkept", "updated_at", postgresql_where=sa.text(UNKEPT)),
        sa.Index("ix_birth_registration_waiting", "office", "status_since", "id", postgresql_where=sa.text(WAITING)),
        sa.Index("ix_birth_registration_waiting_step", "office", "waits_for", "status_since", "id", postgresql_where=sa.text(WAITING)),
    )  # fmt: skip

    ways: ClassVar[Mapping[Status, Mapping[Status, str]]] = TRANSITIONS
    line: ClassVar[type[Any]] = HistoryLine

    office: Mapped[str]
    owner_sub: Mapped[str]
    filed_by_sub: Mapped[str | None]
    filing_id: Mapped[UUID | None]
    path: Mapped[str]
    circumstances: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String))
    kelurahan_code: Mapped[str]
    family_card_no: Mapped[str | None] = mapped_column(Encrypted("birth-applications"))
    child_name: Mapped[str] = mapped_column(Encrypted("birth-applications"))
    child_name_index: Mapped[bytes]
    child_sex: Mapped[Sex] = mapped_column(states(Sex, "child_sex"))
    born_on: Mapped[date]
    born_at: Mapped[str] = mapped_column(sa.String(5))
    birth_place_kind: Mapped[str]
    birth_place_name: Mapped[str] = mapped_column(Encrypted("birth-applications"))
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
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    bundle: Mapped[list[str]] = mapped_column(sa.ARRAY(sa.String), default_factory=list)
    people: Mapped[list[RegistrationPerson]] = relationship(
        order_by=(RegistrationPerson.part, RegistrationPerson.position), cascade="all, delete-orphan", init=False, default_factory=list
    )
    documents: Mapped[list[RegistrationDocument]] = relationship(order_by=RegistrationDocument.id, init=False, default_factory=list)
    history: Mapped[list[HistoryLine]] = relationship(order_by=HistoryLine.position, init=False, default_factory=list)

    def person(self, part: Part, position: int = 1) -> RegistrationPerson | None:
        """Who is named in this part."""
        return next((person for person in self.people if (person.part, person.position) == (part, position)), None)

    def submit(self, filing: Filing, by: str, now: datetime) -> None:
        """Into the office's hands, first or again. What was decided about an earlier version is decided anew."""
        self.hand_in(filing, by, now)
        self.days_after_birth = filing.days
        self.late_decision = self.head_sub = None
        self.note(facts.BirthSubmitted(self.id, now))

    def verify(self, officer: str, now: datetime) -> None:
        """Papers and data agree. On time it waits for the registrar, late for the head."""
        super().verify(officer, now)
        if self.late:
            self._step(Status.AWAITING_LATE_DECISION, "checkable", Step.VERIFICATION, officer, now)
            self.waits_for = Step.LATE_DECISION

    def tell_returned(self, reason: Reason, now: datetime) -> None:
        """Note that it was given back to the parent."""
        self.note(facts.BirthReturned(self.id, now, reason.code))

    def tell_withdrawn(self, reason: Reason, now: datetime) -> None:
        """Note that the parent took the report back."""
        self.note(facts.BirthWithdrawn(self.id, now, reason.code))

    def tell_registered(self, registered_on: date) -> None:
        """Note that the birth stands in the register."""
        self.note(facts.BirthRegistered(self.id, self.kelurahan_code, registered_on, self.kind))

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

    def issue(self, certificate_id: UUID, signer: str, now: datetime) -> None:
        """The certificate is there; what the parent asked for along with the first is told to whoever makes it."""
        first = self.certificate_id is None
        super().issue(certificate_id, signer, now)
        if self.bundle and first:
            self.note(facts.BundleRequested(self.id, self.kelurahan_code, tuple(self.bundle), now))

    def tell_corrected(self, corrected_on: date) -> None:
        """Note that the entry reads otherwise."""
        self.note(facts.BirthCorrected(self.id, self.kelurahan_code, corrected_on))

    def tell_cancelled(self, cancelled_on: date) -> None:
        """Note that the entry does not hold."""
        self.note(facts.BirthCancelled(self.id, self.kelurahan_code, cancelled_on))
