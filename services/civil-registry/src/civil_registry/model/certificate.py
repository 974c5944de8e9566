"""The certificate: the extract of a register entry that a person holds in their hands."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civil_registry.model.facts import CertificateIssued
from smartcity.storage import Aggregate, states


class CertificateStatus(StrEnum):
    VALID = "valid"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Certificate(Aggregate):
    """Kutipan Akta Kelahiran. valid → superseded (a correction, another copy) | cancelled (a court's ruling). Free of charge: it has no price.

    Holds nothing of the people: the paper is printed from the register entry, read with its marginal notes up to position `noted`.
    `edition`: the first extract of the entry is 1; one of them is valid at a time.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.UniqueConstraint("number", "edition"),
        sa.UniqueConstraint("verify_code"),
        sa.Index("ix_certificate_registration_id", "registration_id"),
        sa.Index("ix_certificate_record_id", "record_id"),
        sa.Index("uq_certificate_valid", "record_id", unique=True, postgresql_where=sa.text("status = 'valid'")),
    )

    number: Mapped[str]
    edition: Mapped[int]
    noted: Mapped[int] = mapped_column(sa.BigInteger)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"))
    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_record.id"))
    office: Mapped[str]
    owner_sub: Mapped[str]
    signer_sub: Mapped[str]
    issued_at: Mapped[datetime]
    verify_code: Mapped[str]
    status: Mapped[CertificateStatus] = mapped_column(states(CertificateStatus), default=CertificateStatus.VALID)

    def tell_issue(self) -> None:
        """Note that it was issued."""
        self.note(CertificateIssued(self.id, self.number, self.registration_id, "birth", self.issued_at, self.verify_code))
