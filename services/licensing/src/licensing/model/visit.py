"""The visit to the site: announced with a day, moved at most once by each side, carried out with a checklist and pictures of the place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model.place_photo import POINT, PlacePhoto
from smartcity.errors import RuleBroken
from smartcity.storage import Base, states, uuid7

MOST_PHOTOS = 40


class Side(StrEnum):
    APPLICANT = "applicant"
    OFFICE = "office"


class Conclusion(StrEnum):
    CONFORMS = "conforms"
    DIFFERS = "differs"


@dataclass(frozen=True)
class Found:
    """What the examiner brings home: `{code, met, note}` for each line of the checklist, a report, and the conclusion."""

    examiner: str
    checklist: list[dict[str, Any]]
    report: str
    conclusion: Conclusion


class VisitMove(Base):
    """One side has moved the visit to another day. Once a side: the key says so."""

    __tablename__ = "visit_move"

    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visit.id"), primary_key=True, init=False)
    side: Mapped[Side] = mapped_column(states(Side, "side"), primary_key=True)
    from_day: Mapped[date]
    to_day: Mapped[date]
    reason: Mapped[str]
    mover_sub: Mapped[str]
    moved_at: Mapped[datetime]


class VisitPhoto(PlacePhoto, Base):
    """One picture of the site."""

    __tablename__ = "visit_photo"
    __table_args__ = (
        sa.CheckConstraint(POINT, name="point"),
        sa.Index("ix_visit_photo_visit_id", "visit_id", "id"),
        sa.Index("ix_visit_photo_file_id", "file_id"),
    )

    visit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("visit.id"), init=False)


class Visit(Base):
    """scheduled → carried out, once. One that differs may be followed by another."""

    __tablename__ = "visit"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "position"),
        sa.Index("uq_visit_scheduled", "application_id", unique=True, postgresql_where=sa.text("carried_out_at IS NULL")),
        sa.CheckConstraint(
            "(carried_out_at IS NULL) = (conclusion IS NULL) AND (conclusion IS NULL) = (examiner_sub IS NULL)", name="report"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    position: Mapped[int]
    day: Mapped[date]
    invitation: Mapped[str]
    scheduled_at: Mapped[datetime]
    scheduler_sub: Mapped[str]
    moves: Mapped[list[VisitMove]] = relationship(order_by=VisitMove.moved_at, init=False, default_factory=list)
    photos: Mapped[list[VisitPhoto]] = relationship(order_by=VisitPhoto.id, init=False, default_factory=list)
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default_factory=list)
    report: Mapped[str | None] = mapped_column(default=None)
    conclusion: Mapped[Conclusion | None] = mapped_column(states(Conclusion, "conclusion"), default=None)
    examiner_sub: Mapped[str | None] = mapped_column(default=None)
    carried_out_at: Mapped[datetime | None] = mapped_column(default=None)

    def must_be_ahead(self) -> None:
        """Raises once it was carried out."""
        if self.carried_out_at is not None:
            raise RuleBroken("visit-carried-out")

    def moved_by(self, side: Side) -> bool:
        """Has this side had its one wish?"""
        return any(one.side is side for one in self.moves)

    def move(self, side: Side, to_day: date, reason: str, mover: str, now: datetime) -> None:
        """To another day; each side may ask for that once."""
        self.must_be_ahead()
        if self.moved_by(side):
            raise RuleBroken("visit-moved-already", side=side)
        self.moves.append(VisitMove(side=side, from_day=self.day, to_day=to_day, reason=reason, mover_sub=mover, moved_at=now))
        self.day = to_day

    def attach(self, photo: VisitPhoto) -> None:
        """Another picture, before the report."""
        self.must_be_ahead()
        if len(self.photos) >= MOST_PHOTOS:
            raise RuleBroken("too-many-photos", most=MOST_PHOTOS)
        self.photos.append(photo)

    def carry_out(self, found: Found, photos_needed: int, today: date, now: datetime) -> None:
        """What was found; not before its day, and not without pictures that show where they were taken."""
        self.must_be_ahead()
        if today < self.day:
            raise RuleBroken("visit-not-yet", day=self.day.isoformat())
        located = sum(photo.in_city for photo in self.photos)
        if located < photos_needed:
            raise RuleBroken("visit-photos-missing", needed=photos_needed, located=located)
        self.checklist, self.report, self.conclusion = found.checklist, found.report, found.conclusion
        self.examiner_sub, self.carried_out_at = found.examiner, now


def must_have_conformed(visits: Sequence[Visit]) -> None:
    """Raises unless the last visit was carried out and found what was asked for."""
    done = [visit for visit in visits if visit.conclusion is not None]
    if not done:
        raise RuleBroken("visit-missing")
    if done[-1].conclusion is not Conclusion.CONFORMS:
        raise RuleBroken("visit-not-conforming", day=done[-1].day.isoformat())
