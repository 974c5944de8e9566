"""One round of the technical examination (PP 16/2021 Pasal 254: at most five)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, states, uuid7

MOST_ROUNDS = 5


class Result(StrEnum):
    CONFORMS = "conforms"
    NEEDS_REPAIR = "needs_repair"


class Examination(Base):
    """The minutes of one round and what it concluded."""

    __tablename__ = "examination"
    __table_args__ = (sa.UniqueConstraint("application_id", "round"), sa.CheckConstraint("round BETWEEN 1 AND 5", name="round"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    round: Mapped[int]
    result: Mapped[Result] = mapped_column(states(Result, name="result"))
    minutes: Mapped[str]
    examiner_sub: Mapped[str]
    examined_at: Mapped[datetime]
