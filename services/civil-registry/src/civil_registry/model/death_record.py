"""The register of deaths: one entry a death, added and never changed."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.register_entry import RegisterEntry
from smartcity.storage import Encrypted


class DeathRecord(RegisterEntry):
    """One entry of the register of deaths; a chain of its own."""

    __tablename__ = "death_record"
    __table_args__ = (
        sa.UniqueConstraint("position"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("registration_id"),
        sa.UniqueConstraint("hash"),
        sa.CheckConstraint("kind IN ('in_time', 'late')", name="kind"),
        sa.CheckConstraint("octet_length(hash) = 32 AND octet_length(previous_hash) = 32 AND position >= 1", name="chained"),
    )

    position: Mapped[int] = mapped_column(sa.BigInteger)
    number: Mapped[str]
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("death_registration.id"))
    office: Mapped[str]
    kind: Mapped[str]
    kelurahan_code: Mapped[str]
    registered_on: Mapped[date]
    registered_at: Mapped[datetime]
    registrar_sub: Mapped[str]
    content: Mapped[str] = mapped_column(Encrypted("deaths"))
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    registration: Mapped[DeathRegistration] = relationship(viewonly=True, init=False)
