"""A permit on its way to the national system, and how that system is."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model.permit import Permit
from licensing.rules.forwarding import rest
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Base, states, uuid7


class ForwardingStatus(StrEnum):
    NOT_FORWARDED = "not_forwarded"
    FORWARDED = "forwarded"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


_S = ForwardingStatus
FORWARDING_TRANSITIONS: Mapping[ForwardingStatus, Mapping[ForwardingStatus, str]] = {
    _S.NOT_FORWARDED: {
        _S.FORWARDED: "taken",
        _S.ACKNOWLEDGED: "known, taken at once, or settled by an officer",
        _S.REFUSED: "",
    },
    _S.FORWARDED: {_S.ACKNOWLEDGED: "known, or settled by an officer", _S.REFUSED: "", _S.NOT_FORWARDED: "officer, sent again"},
    _S.REFUSED: {_S.NOT_FORWARDED: "officer, sent again", _S.ACKNOWLEDGED: "settled by an officer"},
    _S.ACKNOWLEDGED: {},
}
UNDER_WAY = (ForwardingStatus.NOT_FORWARDED, ForwardingStatus.FORWARDED)
SETTLED = "(status IN ('acknowledged', 'refused')) = (settled_at IS NOT NULL)"


class ForwardingStep(Base):
    """What became of it, when, by whom (`None`: by the system's answer), and why. Never changed, never taken away."""

    __tablename__ = "forwarding_step"
    __table_args__ = (sa.UniqueConstraint("forwarding_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    forwarding_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_forwarding.id"), init=False)
    position: Mapped[int]
    status: Mapped[ForwardingStatus] = mapped_column(states(ForwardingStatus))
    at: Mapped[datetime]
    officer_sub: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)

    @property
    def by_officer(self) -> bool:
        return self.officer_sub is not None


class PermitForwarding(Aggregate):
    """One permit's way to one national system; its id is the permit's. The permit never waits for it.

    not_forwarded → forwarded → acknowledged | refused; an answer may come at once. An officer sends again what is not acknowledged,
    or settles it by hand. `attempts` and `last_reason` are those since it was last sent again.
    """

    __tablename__ = "permit_forwarding"
    __table_args__ = (
        sa.ForeignKeyConstraint(["id"], ["permit.id"]),
        sa.UniqueConstraint("permit_no"),
        sa.CheckConstraint(SETTLED, name="settled"),
        sa.CheckConstraint("status <> 'forwarded' OR forwarded_at IS NOT NULL", name="forwarded"),
        sa.Index("ix_permit_forwarding_office", "office", "id"),
        sa.Index("ix_permit_forwarding_office_status", "office", "status", "id"),
        sa.Index("ix_permit_forwarding_status", "status", "id"),
        sa.Index("ix_permit_forwarding_waiting", "queued_at", postgresql_where=sa.text("status = 'not_forwarded'")),
    )

    office: Mapped[str]
    permit_no: Mapped[str]
    permit_type: Mapped[str]
    system: Mapped[str]
    queued_at: Mapped[datetime]
    status: Mapped[ForwardingStatus] = mapped_column(states(ForwardingStatus), default=ForwardingStatus.NOT_FORWARDED)
    attempts: Mapped[int] = mapped_column(default=0)
    last_reason: Mapped[str | None] = mapped_column(default=None)
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    forwarded_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    reference: Mapped[str | None] = mapped_column(default=None)
    steps: Mapped[list[ForwardingStep]] = relationship(order_by=ForwardingStep.position, init=False, default_factory=list)
    permit: Mapped[Permit] = relationship(init=False, viewonly=True)

    @property
    def parties(self) -> frozenset[str]:
        """Whoever holds the permit."""
        return self.permit.parties

    @property
    def is_under_way(self) -> bool:
        """Is there still something to send, or an answer to come?"""
        return self.status in UNDER_WAY

    def not_reached(self, reason: str, now: datetime) -> None:
        """The system is away: nothing changes but the count."""
        self.attempts, self.last_reason, self.tried_at = self.attempts + 1, reason, now

    def answered(self, status: ForwardingStatus, reference: str | None, reason: str | None, now: datetime) -> None:
        """The system has taken it, knows it, or refuses it. The same answer again changes nothing."""
        if self.status is ForwardingStatus.NOT_FORWARDED:
            self.attempts, self.tried_at, self.forwarded_at = self.attempts + 1, now, now
        self.last_reason, self.reference = reason, reference or self.reference
        if status is not self.status:
            self._step(status, now, reason=reason)

    def send_again(self, officer: str, reason: str, now: datetime) -> None:
        """An officer has it sent once more, from the beginning."""
        self._step(ForwardingStatus.NOT_FORWARDED, now, officer, reason)
        self.attempts, self.last_reason, self.forwarded_at = 0, None, None

    def settle(self, officer: str, reason: str, reference: str | None, now: datetime) -> None:
        """An officer has seen that the system has the permit, or has entered it there by hand."""
        self._step(ForwardingStatus.ACKNOWLEDGED, now, officer, reason)
        self.reference = reference or self.reference

    def _step(self, status: ForwardingStatus, now: datetime, officer: str | None = None, reason: str | None = None) -> None:
        again = status is self.status is ForwardingStatus.NOT_FORWARDED
        if status not in FORWARDING_TRANSITIONS[self.status] and not again:
            raise RuleBroken("forwarding-acknowledged", reference=self.reference or "-")
        position = len(self.steps) + 1  # read before anything changes: reading may flush, and a half-moved row breaks its checks
        self.status, self.settled_at = status, None if status in UNDER_WAY else now
        self.steps.append(ForwardingStep(position=position, status=status, at=now, officer_sub=officer, reason=reason))


class NationalSystem(Base):
    """Whether a national system answers. After a failure nobody tries it until `rests_until`, longer each time."""

    __tablename__ = "national_system"

    name: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    away_since: Mapped[datetime | None] = mapped_column(default=None)
    rests_until: Mapped[datetime | None] = mapped_column(default=None)

    def left_alone_until(self, now: datetime) -> datetime | None:
        """The moment before which nobody tries it, if that is still to come."""
        return self.rests_until if self.rests_until is not None and now < self.rests_until else None

    def failed(self, now: datetime) -> None:
        self.failures += 1
        self.away_since = self.away_since or now
        self.rests_until = now + rest(self.failures)

    def answers(self) -> None:
        """It has answered, or is to be tried at once."""
        self.failures, self.away_since, self.rests_until = 0, None, None
