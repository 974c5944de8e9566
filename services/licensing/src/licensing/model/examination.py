"""One round of the technical examination (PP 16/2021 Pasal 254: at most five)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from licensing.model.finding import Raised
from smartcity.errors import InputWrong, RuleBroken
from smartcity.storage import Base, states, uuid7

MOST_ROUNDS = 5
EXAMINE = "examine"
"""The duty that is kept apart from the approval, also across deputies."""


class Result(StrEnum):
    CONFORMS = "conforms"
    NEEDS_REPAIR = "needs_repair"


@dataclass(frozen=True)
class Round:
    """What an examiner says after a round: the minutes, what is wanting, and the numbers of earlier findings that are mended."""

    result: Result
    minutes: str
    raised: tuple[Raised, ...] = ()
    resolved: frozenset[int] = frozenset()

    def check(self, open_numbers: frozenset[int]) -> None:
        """Raises where the conclusion contradicts the findings: what is wanting is told, and what conforms wants nothing."""
        left = sorted(open_numbers - self.resolved)
        if self.result is Result.CONFORMS and (left or self.raised):
            raise RuleBroken("findings-open", findings=", ".join(map(str, left)) or "baru")
        if self.result is Result.NEEDS_REPAIR and not left and not self.raised:
            raise InputWrong({"findings": ["required"]})


class Examination(Base):
    """The minutes of one round and what it concluded. `seen`: what it had before it, so that a later round can tell what was changed."""

    __tablename__ = "examination"
    __table_args__ = (sa.UniqueConstraint("application_id", "round"), sa.CheckConstraint("round BETWEEN 1 AND 5", name="round"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    round: Mapped[int]
    result: Mapped[Result] = mapped_column(states(Result, name="result"))
    minutes: Mapped[str]
    examiner_sub: Mapped[str]
    examined_at: Mapped[datetime]
    seen: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
