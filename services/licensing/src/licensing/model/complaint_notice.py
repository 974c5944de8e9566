"""What complaints has told of a complaint about a building: its number and how it stands; nobody's name, nothing that was typed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, states


class ComplaintStanding(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class ComplaintWord:
    """One thing that was told. `sequence` orders what is told of one complaint; `original_no`: of which it is a duplicate."""

    complaint_id: UUID
    number: str
    category: str
    kelurahan_code: str
    standing: ComplaintStanding
    sequence: int
    at: datetime
    original_no: str | None = None


class ComplaintNotice(Base):
    """One complaint as it stands by the newest word; words may come in any order."""

    __tablename__ = "complaint_notice"
    __table_args__ = (sa.CheckConstraint("original_no IS NULL OR standing = 'duplicate'", name="original"),)

    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    kelurahan_code: Mapped[str]
    standing: Mapped[ComplaintStanding] = mapped_column(states(ComplaintStanding, "standing"))
    standing_since: Mapped[datetime]
    sequence: Mapped[int]
    original_no: Mapped[str | None] = mapped_column(default=None)

    def hear(self, word: ComplaintWord) -> bool:
        """Take over a newer word; an older one, or the same again, says nothing: `False`."""
        if word.sequence <= self.sequence:
            return False
        if word.standing is not self.standing:
            self.standing, self.standing_since = word.standing, word.at
        self.sequence, self.original_no = word.sequence, word.original_no
        return True


def first_heard(word: ComplaintWord) -> ComplaintNotice:
    """A complaint that was not heard of before."""
    return ComplaintNotice(
        complaint_id=word.complaint_id, number=word.number, kelurahan_code=word.kelurahan_code, standing=word.standing,
        standing_since=word.at, sequence=word.sequence, original_no=word.original_no,
    )  # fmt: skip
