"""A hospital's word that a child was born."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, Encrypted, uuid7


class BirthNotification(Base):
    """What an agency has told of a birth, once for each `reference` of its own; the draft of the registration was made of it.

    `said` is the notification as canonical JSON; it stays as it was told, whatever the parent changes in the draft.
    """

    __tablename__ = "birth_notification"
    __table_args__ = (
        sa.UniqueConstraint("agency_sub", "reference"),
        sa.Index("ix_birth_notification_registration_id", "registration_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    agency_sub: Mapped[str]
    reference: Mapped[str]
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"))
    notified_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(Encrypted("birth-notifications"))
