"""A message to a person, from the commit that wrote it until `work` has handed it to the channel."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, Encrypted, uuid7


class Letter(Base):
    """Kept encrypted and erased once it is sent, or when nobody could use it any more."""

    __tablename__ = "letter"
    __table_args__ = (sa.Index("ix_letter_expires_at", "expires_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    recipient: Mapped[str] = mapped_column(Encrypted)
    subject: Mapped[str] = mapped_column(Encrypted)
    text: Mapped[str] = mapped_column(Encrypted)
    expires_at: Mapped[datetime]
