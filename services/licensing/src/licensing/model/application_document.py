"""A document the applicant has uploaded."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, uuid7


class ApplicationDocument(Base):
    """One file of one kind (`land_title`, …). Several of a kind may stand side by side; the newest counts."""

    __tablename__ = "application_document"
    __table_args__ = (
        sa.Index("ix_application_document_application_id", "application_id", "id"),
        sa.Index("ix_application_document_file_id", "file_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    kind: Mapped[str]
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"))
    name: Mapped[str]
    uploaded_at: Mapped[datetime]
