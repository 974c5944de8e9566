"""The permit: born when its application is issued, amended, suspended, revoked, renewed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model import facts
from licensing.model.permit_measure import OPEN, MeasureKind, MeasureStatus, PermitMeasure
from licensing.model.permit_status import PERMIT_TRANSITIONS, STANDING, PermitStatus, Succession
from licensing.model.works_watch import WorksWatch
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Encrypted, states

ENDING = "status = 'active' AND valid_until IS NOT NULL"
RENEWAL_DUE = f"{ENDING} AND reminded_at IS NOT NULL AND successor_id IS NULL"
COUNTED = "succession IS DISTINCT FROM 'correction'"
MEASURED = ["kelurahan_code", "permit_type", "processing_days", "within_clock", "retribution_total"]


class Permit(Aggregate):
    """What the city has permitted, to whom, where. All ways: `permit_status.PERMIT_TRANSITIONS`; the picture: README.

    `number` is gapless per office and year; `retribution_total` in whole rupiah; `cell`: the square of the map (`rules.map_grid`) it stands in;
    `processing_days` from the first submission to the issue, `within_clock` where the office kept every clock.
    A permit is never changed: an amendment, a correction and a renewal are permits of their own that name their predecessor.
    The terms of renewal are those of its issue.
    """

    __tablename__ = "permit"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("verify_code"),
        sa.CheckConstraint("status <> 'expired' OR valid_until IS NOT NULL", name="expired"),
        sa.CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
        sa.CheckConstraint("status <> 'amended' OR successor_id IS NOT NULL", name="amended"),
        sa.CheckConstraint("(predecessor_id IS NULL) = (succession IS NULL)", name="succeeds"),
        sa.CheckConstraint("renewable_from <= remind_on AND remind_on < valid_until", name="renewal"),
        sa.Index("uq_permit_application_id", "application_id", unique=True, postgresql_where=sa.text("status <> 'amended'")),
        sa.Index("ix_permit_application_id", "application_id"),
        sa.Index("ix_permit_predecessor_id", "predecessor_id"),
        sa.Index("ix_permit_owner_sub", "owner_sub", "id"),
        sa.Index("ix_permit_owner_status", "owner_sub", "status"),
        sa.CheckConstraint("num_nulls(latitude, longitude, cell) IN (0, 3)", name="place"),
        sa.Index("ix_permit_office", "office", "id"),
        sa.Index("ix_permit_permit_type", "permit_type", "id"),
        sa.Index("ix_permit_cell", "permit_type", "cell", "id", postgresql_where=sa.text("cell IS NOT NULL")),
        sa.Index("ix_permit_issued_at", "issued_at", postgresql_include=MEASURED, postgresql_where=sa.text(COUNTED)),
        sa.Index("ix_permit_ending", "owner_sub", "valid_until", "id", postgresql_where=sa.text(ENDING)),
        sa.Index("ix_permit_renewal_due", "owner_sub", "id", postgresql_where=sa.text(RENEWAL_DUE)),
    )

    number: Mapped[str]
    permit_type: Mapped[str]
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"))
    application_no: Mapped[str]
    office: Mapped[str]
    owner_sub: Mapped[str]
    holder_name: Mapped[str] = mapped_column(Encrypted)
    holder_address: Mapped[str] = mapped_column(Encrypted)
    site_address: Mapped[str]
    kelurahan_code: Mapped[str]
    building: Mapped[dict[str, Any]] = mapped_column(JSONB)
    legal_basis: Mapped[str]
    retribution_total: Mapped[int] = mapped_column(sa.BigInteger)
    receipt_no: Mapped[str | None]
    verify_code: Mapped[str]
    issued_at: Mapped[datetime]
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    cell: Mapped[int | None] = mapped_column(default=None)
    processing_days: Mapped[int | None] = mapped_column(default=None)
    within_clock: Mapped[bool | None] = mapped_column(default=None)
    renewable_from: Mapped[date | None] = mapped_column(default=None)
    remind_on: Mapped[date | None] = mapped_column(default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    updated_at: Mapped[datetime | None] = mapped_column(default=None)
    predecessor_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("permit.id"), default=None)
    succession: Mapped[Succession | None] = mapped_column(states(Succession, "succession"), default=None)
    successor_id: Mapped[UUID | None] = mapped_column(default=None)
    status: Mapped[PermitStatus] = mapped_column(states(PermitStatus), default=PermitStatus.ACTIVE)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoker_sub: Mapped[str | None] = mapped_column(default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    measures: Mapped[list[PermitMeasure]] = relationship(order_by=PermitMeasure.position, init=False, default_factory=list)
    works: Mapped[WorksWatch | None] = relationship(viewonly=True, init=False)

    def tell_issue(self) -> None:
        """Say that it was issued."""
        self.note(
            facts.PermitIssued(
                self.id, self.number, self.permit_type, self.application_id, self.application_no, self.issued_at, self.kelurahan_code,
                self.retribution_total, self.receipt_no, self.verify_code, self.valid_until,
            )
        )  # fmt: skip

    def amend(self, successor: "Permit", now: datetime) -> None:
        """Another permit takes its place; the paper of this one is superseded."""
        self._move(PermitStatus.AMENDED, now)
        self.successor_id, successor.successor_id = successor.id, self.successor_id  # what follows it follows the other now
        self.note(
            facts.PermitAmended(
                self.id, self.number, self.permit_type, now, str(successor.succession), successor.id, successor.number,
                successor.verify_code, successor.application_id, successor.kelurahan_code,
            )
        )  # fmt: skip

    def renew(self, successor_id: UUID, now: datetime) -> None:
        """Another permit follows it after its last day; until then it stands."""
        self.successor_id, self.updated_at = successor_id, now

    def announce(self, measure: PermitMeasure) -> None:
        """A suspension or revocation is announced to the holder in writing; one of a kind at a time."""
        ways = PERMIT_TRANSITIONS[self.status]
        if (PermitStatus.SUSPENDED if measure.kind is MeasureKind.SUSPENSION else PermitStatus.REVOKED) not in ways:
            raise RuleBroken("permit-not-in-force", status=self.status)
        if self.open_measure(measure.kind):
            raise RuleBroken("measure-announced-already")
        self.take(measure)

    def take(self, measure: PermitMeasure) -> None:
        """Keep on record what was done."""
        measure.position = len(self.measures) + 1
        self.measures.append(measure)
        self.updated_at = measure.ordered_at

    def answer(self, text: str, now: datetime) -> None:
        """The holder answers the notice that waits for it; once."""
        for measure in self.measures:
            if measure.status is MeasureStatus.ANNOUNCED and not measure.may_be_carried_out(day_of(now)):
                measure.answer, measure.answered_at, self.updated_at = text, now, now
                return
        raise RuleBroken("no-notice-to-answer")

    def suspend(self, now: datetime) -> None:
        """The announced suspension begins. Nothing where it was lifted before, or the permit no longer stands."""
        measure = self.open_measure(MeasureKind.SUSPENSION)
        if self.status is PermitStatus.ACTIVE and measure is not None and measure.ends_on is not None:
            self._move(PermitStatus.SUSPENDED, now)
            measure.status = MeasureStatus.IN_FORCE
            self.note(facts.PermitSuspended(self.id, self.number, self.permit_type, now, measure.ends_on, measure.reason_code))

    def lift_suspension(self, by: str | None, now: datetime) -> None:
        """The permit stands again, by the office's word or (`by` is `None`) because the last day is over; one not begun never begins."""
        measure = self.open_measure(MeasureKind.SUSPENSION)
        if measure is None:
            raise RuleBroken("permit-not-suspended", status=self.status)
        measure.end(MeasureStatus.LIFTED if by else MeasureStatus.CARRIED_OUT, by, now)
        self.updated_at = now
        if self.status is PermitStatus.SUSPENDED:
            self._move(PermitStatus.ACTIVE, now)
            self.note(facts.PermitSuspensionLifted(self.id, self.number, self.permit_type, now))

    def revoke(self, measure: PermitMeasure, by: str, now: datetime) -> None:
        """It no longer stands; whoever verifies it sees so.

        `measure` was announced, and the holder has answered it or had the time to; or it needs no announcement.
        """
        self._must_be_revocable()
        if measure not in self.measures:
            self.take(measure)
        if not measure.may_be_carried_out(day_of(now)):
            raise RuleBroken("answer-period-runs", until=measure.answer_until)
        measure.end(MeasureStatus.CARRIED_OUT, by, now)
        self._move(PermitStatus.REVOKED, now)
        self.revoked_at, self.revoker_sub, self.reason_code = now, by, measure.reason_code
        self.note(facts.PermitRevoked(self.id, self.number, self.permit_type, now, measure.reason_code))

    def announced_revocation(self, reason_code: str) -> PermitMeasure:
        """The revocation that was announced for this reason; raises where none was."""
        self._must_be_revocable()
        measure = self.open_measure(MeasureKind.REVOCATION)
        if measure is None or measure.reason_code != reason_code:
            raise RuleBroken("revocation-needs-notice")
        return measure

    def _must_be_revocable(self) -> None:
        if PermitStatus.REVOKED not in PERMIT_TRANSITIONS[self.status]:
            raise RuleBroken("permit-not-revocable", status=self.status)

    def expire(self, now: datetime) -> None:
        """Its last day is over. What was revoked stays revoked."""
        if PermitStatus.EXPIRED in PERMIT_TRANSITIONS[self.status] and self.valid_until is not None:
            self._move(PermitStatus.EXPIRED, now)
            self.note(facts.PermitExpired(self.id, self.number, self.permit_type, self.valid_until))

    def lapse(self, last_day: date, now: datetime) -> None:
        """Its works were never told of: it ends, although it had no last day."""
        self.valid_until = last_day
        self.expire(now)

    def remind(self, now: datetime) -> None:
        """The holder is reminded of the last day, once; not where a permit that follows is there."""
        if self.status is PermitStatus.ACTIVE and self.successor_id is None and self.reminded_at is None and self.valid_until is not None:
            self.reminded_at = self.updated_at = now
            self.note(facts.PermitRenewalDue(self.id, self.number, self.permit_type, self.valid_until))

    def must_be_renewable(self, today: date) -> None:
        """Raises unless a renewal may be asked for on this day."""
        if self.valid_until is None or self.renewable_from is None:
            raise RuleBroken("permit-not-renewable", permit_type=self.permit_type)
        if self.status is PermitStatus.EXPIRED or today > self.valid_until:
            raise RuleBroken("renewal-too-late", until=self.valid_until)
        if self.status is not PermitStatus.ACTIVE:
            raise RuleBroken("permit-not-in-force", status=self.status)
        if self.successor_id is not None:
            raise RuleBroken("permit-renewed-already")
        if today < self.renewable_from:
            raise RuleBroken("renewal-too-early", earliest=self.renewable_from)

    def must_be_amendable(self) -> None:
        """Raises unless an amendment may be asked for."""
        if PermitStatus.AMENDED not in PERMIT_TRANSITIONS[self.status]:
            raise RuleBroken("permit-not-in-force", status=self.status)

    def open_measure(self, kind: MeasureKind) -> PermitMeasure | None:
        """The measure of this kind that is announced or in force."""
        return next((measure for measure in self.measures if measure.kind is kind and measure.status in OPEN), None)

    @property
    def standing(self) -> str:
        """How its paper stands: the tail of a label `document.standing.*`."""
        return STANDING[self.status]

    def _move(self, to: PermitStatus, now: datetime) -> None:
        if to not in PERMIT_TRANSITIONS[self.status]:
            raise RuleBroken("permit-not-in-force", status=self.status)
        left = [measure for measure in self.measures if measure.status in OPEN]  # read before anything changes: reading may flush
        self.status, self.updated_at = to, now
        if not PERMIT_TRANSITIONS[to]:
            for measure in left:
                measure.end(MeasureStatus.LIFTED, None, now)
