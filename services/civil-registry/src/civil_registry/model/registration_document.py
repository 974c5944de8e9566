"""A document the parent has uploaded."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, uuid7


class RegistrationDocument(Base):
    """One file of one kind (`birth_letter`, …). Several of a kind may stand side by side; the newest counts.

    The sender's file name is not kept: people write names and NIKs into it.
    """

    __tablename__ = "registration_document"
    __table_args__ = (
        sa.Index("ix_registration_document_registration_id", "registration_id", "id"),
        sa.Index("ix_registration_document_file_id", "file_id"),
        sa.Index("ix_registration_document_uploaded_at", "uploaded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"), init=False)
    kind: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]
