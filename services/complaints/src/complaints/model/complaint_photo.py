"""A photo: of what is wrong, from the reporter; of what was done, from the office."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smartcity.files.entity import StoredFile
from smartcity.storage import Base, states, uuid7


class PhotoKind(StrEnum):
    REPORT = "report"
    PROOF = "proof"


class Review(StrEnum):
    """Has somebody of the city looked: only `shown` ones are public (faces, number plates, what nobody should see)."""

    UNREAD = "unread"
    SHOWN = "shown"
    HIDDEN = "hidden"


class ComplaintPhoto(Base):
    """One picture; it is shown only after `work` has re-encoded it. The office's own proof needs no other look."""

    __tablename__ = "complaint_photo"
    __table_args__ = (
        sa.Index("ix_complaint_photo_complaint_id", "complaint_id", "id"),
        sa.Index("ix_complaint_photo_file_id", "file_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"), init=False)
    kind: Mapped[PhotoKind] = mapped_column(states(PhotoKind, "kind"))
    file_id: Mapped[UUID] = mapped_column(sa.ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]
    review: Mapped[Review] = mapped_column(states(Review, "review"), default=Review.UNREAD)
    stored: Mapped[StoredFile] = relationship(viewonly=True, init=False, lazy="joined", innerjoin=True)

    @property
    def position(self) -> dict[str, float] | None:
        """Where the reporter's camera says it was (WGS 84 degrees); read before the picture was made anew without it, `None` until then."""
        found = self.stored.detail.get("position") if self.kind is PhotoKind.REPORT and self.stored is not None else None
        return {"latitude": found["lat"], "longitude": found["lon"]} if found else None
