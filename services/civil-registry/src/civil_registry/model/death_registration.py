"""The registration of a death, from report to certificate."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model import facts
from civil_registry.model.birth_registration import NUMBERED, UNKEPT, WAITING
from civil_registry.model.birth_status import Status, Step
from civil_registry.model.office_way import Filing, OfficeWay
from smartcity.storage import Base, Encrypted, states, uuid7

_S = Status
DEATH_TRANSITIONS: Mapping[Status, Mapping[Status, str]] = {
    _S.DRAFT: {_S.SUBMITTED: "papers complete", _S.WITHDRAWN: ""},
    _S.SUBMITTED: {_S.IN_CHECK: "officer", _S.WITHDRAWN: ""},
    _S.IN_CHECK: {_S.RETURNED: "with reasons", _S.REGISTERED: "registrar", _S.WITHDRAWN: "before it is registered"},
    _S.RETURNED: {_S.SUBMITTED: "mended, same number", _S.WITHDRAWN: ""},
    _S.REGISTERED: {_S.SIGNED: "signer"},
    _S.SIGNED: {_S.ISSUED: "electronic signature made"},
    _S.ISSUED: {_S.COLLECTED: "downloaded or handed over", _S.SIGNED: "corrected, or another copy", _S.CANCELLED: "court's ruling"},
    _S.COLLECTED: {_S.SIGNED: "corrected, or another copy", _S.CANCELLED: "court's ruling"},
    _S.CANCELLED: {},
    _S.WITHDRAWN: {},
}
FILED = "status NOT IN ('draft', 'cancelled', 'withdrawn')"
DIFFERENT_PEOPLE = (
    "verifier_sub <> registrar_sub AND verifier_sub <> signer_sub AND registrar_sub <> signer_sub "
    "AND owner_sub <> verifier_sub AND owner_sub <> registrar_sub AND owner_sub <> signer_sub"
)
FILER_STANDS_ASIDE = "filed_by_sub <> verifier_sub AND filed_by_sub <> registrar_sub AND filed_by_sub <> signer_sub"


class DeathHistoryLine(Base):
    """To which state, when, by whom, as which step of the office, and why; as `registration_history`, append-only too."""

    __tablename__ = "death_history"
    __table_args__ = (sa.UniqueConstraint("registration_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("death_registration.id"), init=False)
    position: Mapped[int]
    status: Mapped[Status] = mapped_column(states(Status))
    at: Mapped[datetime]
    actor_sub: Mapped[str]
    step: Mapped[Step | None] = mapped_column(states(Step, "step"), default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    said: Mapped[str | None] = mapped_column(Encrypted("death-applications"), default=None)

    @property
    def reasons(self) -> list[str]:
        """The sentences."""
        return self.said.split("\n") if self.said else []


class DeathDocument(Base):
    """One file of one kind (`death_letter`, …); the sender's file name is not kept."""

    __tablename__ = "death_document"
    __table_args__ = (
        sa.Index("ix_death_document_registration_id", "registration_id", "id"),
        sa.Index("ix_death_document_file_id", "file_id"),
        sa.Index("ix_death_document_uploaded_at", "uploaded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("death_registration.id"), init=False)
    kind: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]


class DeathRegistration(OfficeWay):
    """A report of a death (UU 24/2013 Pasal 44). draft → submitted → in_check → registered → (signed) → issued → collected; in_check → returned → submitted;
    withdrawn before it is registered.

    `said` is everything that was reported, as JSON; the columns beside it only find it. Verifier, registrar and signer are different people.
    """

    __tablename__ = "death_registration"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("claim_index"),
        sa.CheckConstraint(DIFFERENT_PEOPLE, name="different_people"),
        sa.CheckConstraint(FILER_STANDS_ASIDE, name="filer_stands_aside"),
        sa.CheckConstraint(NUMBERED, name="numbered"),
        sa.Index("uq_death_registration_deceased", "deceased_nik_index", unique=True, postgresql_where=sa.text(FILED)),
        sa.Index("ix_death_registration_owner_sub", "owner_sub", "id"),
        sa.Index("ix_death_registration_office", "office", "id"),
        sa.Index("ix_death_registration_unkept", "updated_at", postgresql_where=sa.text(UNKEPT)),
        sa.Index("ix_death_registration_waiting", "office", "status_since", "id", postgresql_where=sa.text(WAITING)),
    )
    ways: ClassVar[Mapping[Status, Mapping[Status, str]]] = DEATH_TRANSITIONS
    line: ClassVar[type[Any]] = DeathHistoryLine

    office: Mapped[str]
    owner_sub: Mapped[str]
    path: Mapped[str]
    kelurahan_code: Mapped[str]
    said: Mapped[str] = mapped_column(Encrypted("death-applications"))
    deceased_nik_index: Mapped[bytes | None]
    died_on: Mapped[date]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    status_since: Mapped[datetime]
    status: Mapped[Status] = mapped_column(states(Status), default=Status.DRAFT)
    waits_for: Mapped[Step | None] = mapped_column(states(Step, "waits_for"), default=None)
    number: Mapped[str | None] = mapped_column(default=None)
    submitted_at: Mapped[datetime | None] = mapped_column(default=None)
    days_after_death: Mapped[int | None] = mapped_column(default=None)
    late: Mapped[bool] = mapped_column(default=False)
    deadline: Mapped[datetime | None] = mapped_column(default=None)
    legal_deadline: Mapped[datetime | None] = mapped_column(default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    verifier_sub: Mapped[str | None] = mapped_column(default=None)
    registrar_sub: Mapped[str | None] = mapped_column(default=None)
    signer_sub: Mapped[str | None] = mapped_column(default=None)
    record_no: Mapped[str | None] = mapped_column(default=None)
    certificate_id: Mapped[UUID | None] = mapped_column(default=None)
    filed_by_sub: Mapped[str | None] = mapped_column(default=None)
    claim_index: Mapped[bytes | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    documents: Mapped[list[DeathDocument]] = relationship(order_by=DeathDocument.id, init=False, default_factory=list)
    history: Mapped[list[DeathHistoryLine]] = relationship(order_by=DeathHistoryLine.position, init=False, default_factory=list)

    @property
    def details(self) -> dict[str, Any]:
        """Everything that was reported, dates written out."""
        return json.loads(self.said)  # type: ignore[no-any-return]

    def submit(self, filing: Filing, by: str, now: datetime) -> None:
        """Into the office's hands, first or again."""
        self.hand_in(filing, by, now)
        self.days_after_death = filing.days

    def tell_registered(self, registered_on: date) -> None:
        """Note that the death stands in the register."""
        self.note(facts.DeathRegistered(self.id, self.kelurahan_code, registered_on, self.kind))
