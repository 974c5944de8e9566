"""The inspection of a building: opened by a complaint or by an officer, carried out at the place, concluded with what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model import facts
from licensing.model.complaint_notice import ComplaintNotice
from licensing.model.inspection_status import INSPECTION_TRANSITIONS, InspectionStatus, Outcome
from licensing.model.permit import Permit
from licensing.model.place_photo import POINT, PlacePhoto
from licensing.model.step_clock import COUNTS, RUNNING, Clock
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.storage import Aggregate, Base, states

MOST_PHOTOS = 40
PLANNED = "(day IS NULL) = (inspector_sub IS NULL) AND (status NOT IN ('scheduled', 'concluded') OR day IS NOT NULL)"
ENDED = (
    "(status = 'concluded') = (outcome_code IS NOT NULL) AND (status = 'cancelled') = (reason_code IS NOT NULL) "
    "AND (status IN ('concluded', 'cancelled')) = (since IS NULL) AND (status IN ('concluded', 'cancelled')) = (ended_by IS NOT NULL)"
)


@dataclass(frozen=True)
class Findings:
    """What the inspector brings home: `{code, met, note}` for each line of the checklist, a report, the outcome and what is ordered.

    `permit`: that of the building, where it has one.
    """

    checklist: Sequence[dict[str, Any]]
    report: str
    outcome: Outcome
    measures: Sequence[str]
    permit: Permit | None


class InspectionPhoto(PlacePhoto, Base):
    """One picture of the building."""

    __tablename__ = "inspection_photo"
    __table_args__ = (
        sa.CheckConstraint(POINT, name="point"),
        sa.Index("ix_inspection_photo_inspection_id", "inspection_id", "id"),
        sa.Index("ix_inspection_photo_file_id", "file_id"),
    )

    inspection_id: Mapped[UUID] = mapped_column(sa.ForeignKey("inspection.id"), init=False)


class Inspection(Clock, Aggregate):
    """opened → scheduled → concluded; cancelled. All ways: `inspection_status.INSPECTION_TRANSITIONS`; the picture: README.

    A complaint opens one, whatever is told how often; a further one names in `follows_id` the concluded one it follows.
    Nobody's person is in it: of a complaint only the number.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("follows_id"),
        sa.CheckConstraint(COUNTS, name="counts"),
        sa.CheckConstraint(RUNNING, name="running"),
        sa.CheckConstraint(PLANNED, name="planned"),
        sa.CheckConstraint(ENDED, name="ended"),
        sa.CheckConstraint("complaint_id IS NOT NULL OR site_address IS NOT NULL", name="placed"),
        sa.Index("ix_inspection_office", "office", "id"),
        sa.Index("ix_inspection_office_status", "office", "status", "id"),
        sa.Index("ix_inspection_complaint_id", "complaint_id", "id"),
        sa.Index("ix_inspection_permit_id", "permit_id"),
        sa.Index("ix_inspection_running", "since", postgresql_where=sa.text("since IS NOT NULL")),
        sa.Index("uq_inspection_opened_by_complaint", "complaint_id", unique=True, postgresql_where=sa.text("follows_id IS NULL")),
    )

    number: Mapped[str]
    office: Mapped[str]
    kelurahan_code: Mapped[str]
    opened_at: Mapped[datetime]
    status_since: Mapped[datetime]
    updated_at: Mapped[datetime]
    status: Mapped[InspectionStatus] = mapped_column(states(InspectionStatus), default=InspectionStatus.OPENED)
    complaint_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("complaint_notice.complaint_id"), default=None)
    follows_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("inspection.id"), default=None)
    opener_sub: Mapped[str | None] = mapped_column(default=None)
    site_address: Mapped[str | None] = mapped_column(default=None)
    cause: Mapped[str | None] = mapped_column(default=None)
    day: Mapped[date | None] = mapped_column(default=None)
    inspector_sub: Mapped[str | None] = mapped_column(default=None)
    checklist: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default_factory=list)
    report: Mapped[str | None] = mapped_column(default=None)
    outcome_code: Mapped[Outcome | None] = mapped_column(states(Outcome, "outcome_code"), default=None)
    measures: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    permit_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("permit.id"), default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(default=None)
    complaint: Mapped[ComplaintNotice | None] = relationship(viewonly=True, init=False)
    permit: Mapped[Permit | None] = relationship(init=False)
    photos: Mapped[list[InspectionPhoto]] = relationship(order_by=InspectionPhoto.id, init=False, default_factory=list)

    @property
    def parties(self) -> frozenset[str]:
        """Whoever holds the permit of the building, as soon as somebody has named it; who complained nobody here knows."""
        return self.permit.parties if self.permit else frozenset()

    def schedule(self, inspector: str, day: date, now: datetime) -> None:
        """Who goes there, on which day; again: somebody else, or another day. Raises `InputWrong` where it is their own building."""
        if inspector in self.parties:
            raise InputWrong({"inspector_sub": ["has-a-part"]})
        if self.status is not InspectionStatus.SCHEDULED:
            self._move(InspectionStatus.SCHEDULED, now)
        self.inspector_sub, self.day, self.updated_at = inspector, day, now

    def lay_before(self, office: str, now: datetime) -> None:
        """The complaint is in another office's hands: so is its inspection, unless it has ended. Its clock runs on."""
        if office == self.office or not INSPECTION_TRANSITIONS[self.status]:
            return
        if self.status is InspectionStatus.SCHEDULED:
            self._move(InspectionStatus.OPENED, now)
        self.office, self.inspector_sub, self.day, self.updated_at = office, None, None, now

    def attach(self, photo: InspectionPhoto, now: datetime) -> None:
        """Another picture, before the conclusion."""
        if len(self.photos) >= MOST_PHOTOS:
            raise RuleBroken("too-many-photos", most=MOST_PHOTOS)
        self.photos.append(photo)
        self.updated_at = now

    def must_be_carried_out_by(self, people: frozenset[str]) -> None:
        """Raises unless it is scheduled, and for one of `people`."""
        if self.status is not InspectionStatus.SCHEDULED:
            raise RuleBroken("inspection-not-scheduled", status=self.status)
        if self.inspector_sub not in people:
            raise RuleBroken("inspection-of-another")

    def conclude(self, found: Findings, photos_needed: int, inspector: str, now: datetime) -> None:
        """What was found, and what follows; not before its day, and not without pictures that show where they were taken."""
        if self.day is None or day_of(now) < self.day:
            raise RuleBroken("visit-not-yet", day=self.day)
        located = sum(photo.in_city for photo in self.photos)
        if located < photos_needed:
            raise RuleBroken("visit-photos-missing", needed=photos_needed, located=located)
        self._end(InspectionStatus.CONCLUDED, inspector, now)
        self.checklist, self.report, self.outcome_code = list(found.checklist), found.report, found.outcome
        self.measures, self.permit = list(found.measures), found.permit
        permit_id = found.permit.id if found.permit else None
        self.note(facts.InspectionConcluded(self.id, self.complaint_id, now, found.outcome.value, tuple(found.measures), permit_id))

    def cancel(self, reason_code: str, officer: str, now: datetime) -> None:
        """Nobody goes there. Twice is once."""
        if self.status is not InspectionStatus.CANCELLED:
            self._end(InspectionStatus.CANCELLED, officer, now)
            self.reason_code = reason_code

    def escalate(self, percent: int) -> None:
        """Somebody above must know that so much of the office's time is used."""
        self.escalated = percent
        assert self.due_on is not None
        self.note(facts.InspectionEscalated(self.id, self.number, self.office, percent, self.due_on))

    def _end(self, to: InspectionStatus, officer: str, now: datetime) -> None:
        self._move(to, now)
        self.stop(now)
        self.ended_by = officer

    def _move(self, to: InspectionStatus, now: datetime) -> None:
        if to not in INSPECTION_TRANSITIONS[self.status]:
            raise RuleBroken("inspection-ended", status=self.status)
        self.status, self.status_since, self.updated_at = to, now, now
