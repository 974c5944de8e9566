"""The certificate: the extract of a register entry that a person holds in their hands."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.facts import CertificateIssued
from smartcity.documents import ElectronicSignature
from smartcity.storage import Aggregate, states

OF_ONE_ENTRY = (
    "(record_id IS NULL) = (registration_id IS NULL) AND (death_record_id IS NULL) = (death_registration_id IS NULL) "
    "AND (record_id IS NULL) <> (death_record_id IS NULL)"
)


SIGNED_WHOLE = (
    "(electronic_by IS NULL) = (electronic_at IS NULL) AND (electronic_by IS NULL) = (electronic_issuer IS NULL) "
    "AND (electronic_by IS NULL) = (electronic_serial IS NULL) AND (status <> 'awaiting_signature' OR electronic_by IS NULL)"
)


class CertificateStatus(StrEnum):
    AWAITING_SIGNATURE = "awaiting_signature"
    VALID = "valid"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Certificate(Aggregate):
    """Kutipan Akta Kelahiran, Kutipan Akta Kematian. awaiting_signature → valid → superseded (a correction, another copy) | cancelled (a court's ruling). Free of charge: it has no price.

    Holds nothing of the people: the paper is printed from the register entry, read with its marginal notes up to position `noted`.
    `edition`: the first extract of the entry is 1; one of them is valid at a time. `issued_at`: until the electronic signature (`electronic_*`, as checked when it was made) stands, when
    the signer acted.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("number", "edition"),
        sa.UniqueConstraint("verify_code"),
        sa.Index("ix_certificate_registration_id", "registration_id"),
        sa.Index("ix_certificate_record_id", "record_id"),
        sa.Index("ix_certificate_death_registration_id", "death_registration_id"),
        sa.Index("ix_certificate_death_record_id", "death_record_id"),
        sa.CheckConstraint(OF_ONE_ENTRY, name="of_one_entry"),
        sa.Index("uq_certificate_valid", "record_id", unique=True, postgresql_where=sa.text("status = 'valid'")),
        sa.Index("uq_certificate_valid_death", "death_record_id", unique=True, postgresql_where=sa.text("status = 'valid'")),
        sa.Index("ix_certificate_awaiting", "issued_at", postgresql_where=sa.text("status = 'awaiting_signature'")),
        sa.CheckConstraint(SIGNED_WHOLE, name="signed_whole"),
    )

    number: Mapped[str]
    edition: Mapped[int]
    noted: Mapped[int] = mapped_column(sa.BigInteger)
    office: Mapped[str]
    owner_sub: Mapped[str]
    signer_sub: Mapped[str]
    issued_at: Mapped[datetime]
    verify_code: Mapped[str]
    registration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("birth_registration.id"), default=None)
    record_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("birth_record.id"), default=None)
    death_registration_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("death_registration.id"), default=None)
    death_record_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("death_record.id"), default=None)
    status: Mapped[CertificateStatus] = mapped_column(states(CertificateStatus), default=CertificateStatus.AWAITING_SIGNATURE)
    electronic_by: Mapped[str | None] = mapped_column(default=None)
    electronic_issuer: Mapped[str | None] = mapped_column(default=None)
    electronic_serial: Mapped[str | None] = mapped_column(default=None)
    electronic_at: Mapped[datetime | None] = mapped_column(default=None)

    def note_signature(self, made: ElectronicSignature) -> None:
        """Whose signature the paper bears."""
        self.electronic_by, self.electronic_issuer = made.by, made.issuer
        self.electronic_serial, self.electronic_at = made.serial, made.at
        self.status = CertificateStatus.VALID

    @property
    def signature(self) -> ElectronicSignature | None:
        """The same, where there is one; papers from before there were any have none."""
        if not (self.electronic_by and self.electronic_issuer and self.electronic_serial and self.electronic_at):
            return None
        return ElectronicSignature(self.electronic_by, self.electronic_issuer, self.electronic_serial, self.electronic_at)

    def tell_issue(self) -> None:
        """Note that it was issued."""
        registration_id = self.registration_id or self.death_registration_id
        assert registration_id is not None
        self.note(CertificateIssued(self.id, self.number, registration_id, self.certifies, self.issued_at, self.verify_code))

    @staticmethod
    def of(record: BirthRecord | DeathRecord) -> sa.ColumnElement[bool]:
        """Those of this entry."""
        return Certificate.death_record_id == record.id if isinstance(record, DeathRecord) else Certificate.record_id == record.id

    @property
    def certifies(self) -> str:
        """`birth` or `death`."""
        return "death" if self.death_record_id else "birth"
