"""By which a child is found again however its name is written."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


class NameSound(Base):
    """One sound of a filed child's name, as a keyed hash (the half of one: they only propose), with its day of birth."""

    __tablename__ = "name_sound"
    __table_args__ = (sa.Index("ix_name_sound_sound", "sound", "born_on", "registration_id"),)

    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"), primary_key=True)
    sound: Mapped[bytes] = mapped_column(primary_key=True)
    born_on: Mapped[date]
