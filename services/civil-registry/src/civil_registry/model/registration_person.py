"""A person named in a registration: parent, reporter, witness."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, Encrypted, states, uuid7


class Part(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    REPORTER = "reporter"
    WITNESS = "witness"


class RegistrationPerson(Base):
    """One person in one part; witnesses have positions 1 and 2. Name and NIK are encrypted; `nik_index` finds an equal NIK.

    Only a father may have none.
    """

    __tablename__ = "registration_person"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "part", "position"),
        sa.CheckConstraint("position >= 1", name="position"),
        sa.Index("ix_registration_person_nik_index", "nik_index", "registration_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"), init=False)
    part: Mapped[Part] = mapped_column(states(Part, "part"))
    position: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(Encrypted("birth-applications"))
    nik: Mapped[str | None] = mapped_column(Encrypted("birth-applications"))
    nik_index: Mapped[bytes | None]
    born_on: Mapped[date | None] = mapped_column(default=None)
    relation: Mapped[str | None] = mapped_column(default=None)
