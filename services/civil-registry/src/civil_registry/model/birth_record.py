"""The register: one entry a birth, added and never changed."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.register_entry import RegisterEntry
from smartcity.storage import Encrypted


class BirthRecord(RegisterEntry):
    """One entry of the register of births. `child_nik_index` keeps a NIK from being given twice; `None` where it came later."""

    __tablename__ = "birth_record"
    __table_args__ = (
        sa.UniqueConstraint("position"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("registration_id"),
        sa.UniqueConstraint("child_nik_index"),
        sa.UniqueConstraint("hash"),
        sa.Index("ix_birth_record_registered_on", "registered_on"),
        sa.CheckConstraint("kind IN ('in_time', 'late')", name="kind"),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )

    position: Mapped[int] = mapped_column(sa.BigInteger)
    number: Mapped[str]
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"))
    office: Mapped[str]
    first_owner_sub: Mapped[str] = mapped_column("owner_sub")
    kind: Mapped[str]
    kelurahan_code: Mapped[str]
    registered_on: Mapped[date]
    registered_at: Mapped[datetime]
    registrar_sub: Mapped[str]
    child_nik_index: Mapped[bytes | None]
    content: Mapped[str] = mapped_column(Encrypted("births"))
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    registration: Mapped[BirthRegistration] = relationship(viewonly=True, init=False)
