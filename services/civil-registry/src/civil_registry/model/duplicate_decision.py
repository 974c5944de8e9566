"""A person has decided whether two reports are of one child."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, Encrypted, states, uuid7


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"


class DuplicateDecision(Base):
    """About the pair `one_id` < `other_id`; the newest counts, as long as neither was handed in again since. Append-only.

    `points` is what the comparison said at that moment, `why` the person's own sentence.
    """

    __tablename__ = "duplicate_decision"
    __table_args__ = (
        sa.CheckConstraint("one_id < other_id", name="ordered"),
        sa.Index("ix_duplicate_decision_one_id", "one_id", "other_id"),
        sa.Index("ix_duplicate_decision_other_id", "other_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    one_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"))
    other_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"))
    verdict: Mapped[Verdict] = mapped_column(states(Verdict, "verdict"))
    points: Mapped[int]
    why: Mapped[str] = mapped_column(Encrypted("birth-applications"))
    decided_by: Mapped[str]
    decided_at: Mapped[datetime]
