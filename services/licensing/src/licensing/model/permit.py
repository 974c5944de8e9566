"""The permit: born when its application is issued."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from licensing.model import facts
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Encrypted, states

MEASURED = ["kelurahan_code", "permit_type", "processing_days", "within_clock", "retribution_total"]


class PermitStatus(StrEnum):
    ACTIVE = "active"
    AMENDED = "amended"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Permit(Aggregate):
    """What the city has permitted, to whom, where. active → amended | suspended | revoked | expired.

    `number` is gapless per office and year; `retribution_total` in whole rupiah; `cell`: the square of the map (`rules.map_grid`) it stands in;
    `processing_days` from the first submission to the issue, `within_clock` where the office kept every clock.
    """

    __tablename__ = "permit"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("application_id"),
        sa.UniqueConstraint("verify_code"),
        sa.CheckConstraint("status <> 'expired' OR valid_until IS NOT NULL", name="expired"),
        sa.CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked"),
        sa.Index("ix_permit_owner_sub", "owner_sub", "id"),
        sa.Index("ix_permit_owner_status", "owner_sub", "status"),
        sa.CheckConstraint("num_nulls(latitude, longitude, cell) IN (0, 3)", name="place"),
        sa.Index("ix_permit_office", "office", "id"),
        sa.Index("ix_permit_permit_type", "permit_type", "id"),
        sa.Index("ix_permit_cell", "permit_type", "cell", "id", postgresql_where=sa.text("cell IS NOT NULL")),
        sa.Index("ix_permit_issued_at", "issued_at", postgresql_include=MEASURED),
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
    valid_until: Mapped[date | None] = mapped_column(default=None)
    latitude: Mapped[float | None] = mapped_column(default=None, kw_only=True)
    longitude: Mapped[float | None] = mapped_column(default=None, kw_only=True)
    cell: Mapped[int | None] = mapped_column(default=None, kw_only=True)
    processing_days: Mapped[int | None] = mapped_column(default=None, kw_only=True)
    within_clock: Mapped[bool | None] = mapped_column(default=None, kw_only=True)
    status: Mapped[PermitStatus] = mapped_column(states(PermitStatus), default=PermitStatus.ACTIVE)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoker_sub: Mapped[str | None] = mapped_column(default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)

    def tell_issue(self) -> None:
        """Say that it was issued."""
        self.note(
            facts.PermitIssued(
                self.id, self.number, self.permit_type, self.application_id, self.application_no, self.issued_at, self.kelurahan_code,
                self.retribution_total, self.receipt_no, self.verify_code, self.valid_until,
            )
        )  # fmt: skip

    def revoke(self, head: str, reason_code: str, now: datetime) -> None:
        """It no longer stands; whoever verifies it sees so. Twice is once."""
        if self.status is PermitStatus.REVOKED:
            return
        if self.status is PermitStatus.EXPIRED:
            raise RuleBroken("permit-not-revocable", status=self.status)
        self.status, self.revoked_at, self.revoker_sub, self.reason_code = PermitStatus.REVOKED, now, head, reason_code
        self.note(facts.PermitRevoked(self.id, self.number, self.permit_type, now, reason_code))

    def expire(self) -> None:
        """Its last day is over. What was revoked stays revoked."""
        if self.status in (PermitStatus.ACTIVE, PermitStatus.SUSPENDED) and self.valid_until is not None:
            self.status = PermitStatus.EXPIRED
            self.note(facts.PermitExpired(self.id, self.number, self.permit_type, self.valid_until))

    @property
    def standing(self) -> str:
        """How its paper stands: the tail of a label `document.standing.*`."""
        return _STANDING[self.status]


_STANDING = {
    PermitStatus.ACTIVE: "valid",
    PermitStatus.AMENDED: "superseded",
    PermitStatus.SUSPENDED: "suspended",
    PermitStatus.REVOKED: "revoked",
    PermitStatus.EXPIRED: "expired",
}
