"""A document the applicant has uploaded."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.errors import RuleBroken
from smartcity.storage import Base, uuid7


class ApplicationDocument(Base):
    """One file of one kind (`land_title`, …). Several of a kind may stand side by side; the newest counts.

    `expires_on`: its last day, where its kind has one.
    """

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
    expires_on: Mapped[date | None] = mapped_column(default=None)

    def copied(self) -> "ApplicationDocument":
        """The same file for another application of the same person."""
        return ApplicationDocument(
            kind=self.kind, file_id=self.file_id, name=self.name, uploaded_at=self.uploaded_at, expires_on=self.expires_on
        )


def must_be_there(documents: Sequence[ApplicationDocument], required: frozenset[str], today: date) -> None:
    """Raises naming the kinds that are missing, or whose newest document has expired."""
    newest = {document.kind: document for document in documents}
    if missing := required - set(newest):
        raise RuleBroken("documents-missing", kinds=", ".join(sorted(missing)))
    if expired := sorted(kind for kind, document in newest.items() if document.expires_on and document.expires_on < today):
        raise RuleBroken("documents-expired", kinds=", ".join(expired))
