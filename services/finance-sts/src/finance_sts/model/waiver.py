"""What the city gives up of a bill: relief (keringanan), exemption (pembebasan), write-off (penghapusan piutang)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from finance_sts.model.bill import NOBODY
from finance_sts.model.facts import Basis
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states


class WaiverKind(StrEnum):
    RELIEF = "relief"
    EXEMPTION = "exemption"
    WRITE_OFF = "write_off"


class WaiverStatus(StrEnum):
    REQUESTED = "requested"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Waiver(Aggregate):
    """requested → granted | refused, by two people; requested → withdrawn (by its payer) | lapsed (its bill is open no more).

    A bill has at most one that waits. `amount` in whole rupiah, as it was asked; `decide_by`: until when its payer is to be answered.
    `owner_sub` is the payer of a relief or an exemption; a write-off is the office's own affair.
    """

    __tablename__ = "waiver"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        sa.CheckConstraint("(status IN ('requested', 'withdrawn', 'lapsed')) = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawal_code IS NOT NULL)", name="withdrawn"),
        sa.Index("ix_waiver_owner_sub", "owner_sub", "id"),
        sa.Index("ix_waiver_bill_id", "bill_id", "id"),
        sa.Index("ix_waiver_waiting", "id", postgresql_where=sa.text("status = 'requested'")),
        sa.Index("uq_waiver_waiting", "bill_id", unique=True, postgresql_where=sa.text("status = 'requested'")),
    )

    bill_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bill.id"))
    office: Mapped[str]
    kind: Mapped[WaiverKind] = mapped_column(states(WaiverKind, "kind"))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    reason_code: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    owner_sub: Mapped[str] = mapped_column(default=NOBODY, server_default=NOBODY)
    decide_by: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[WaiverStatus] = mapped_column(states(WaiverStatus), default=WaiverStatus.REQUESTED)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_no: Mapped[str | None] = mapped_column(default=None)
    refusal_code: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawal_code: Mapped[str | None] = mapped_column(default=None)

    @property
    def is_waiting(self) -> bool:
        """Does it still wait for its decision?"""
        return self.status is WaiverStatus.REQUESTED

    def must_be_requested(self) -> None:
        """Raises where it was decided already."""
        if not self.is_waiting:
            raise RuleBroken("waiver-not-decidable", status=self.status)

    def grant(self, who: str, decision_no: str, now: datetime) -> Basis:
        """Agreed to, by a numbered decision."""
        self.must_be_requested()
        self.status, self.decided_by, self.decided_at, self.decision_no = WaiverStatus.GRANTED, who, now, decision_no
        return Basis(self.reason_code, decision_no)

    def refuse(self, who: str, refusal_code: str, now: datetime) -> None:
        """The bill stays as it is."""
        self.must_be_requested()
        self.status, self.decided_by, self.decided_at, self.refusal_code = WaiverStatus.REFUSED, who, now, refusal_code

    def withdraw(self, reason_code: str, now: datetime) -> None:
        """Its payer takes it back before it is decided. Twice is once."""
        if self.status is WaiverStatus.WITHDRAWN:
            return
        self.must_be_requested()
        self.status, self.ended_at, self.withdrawal_code = WaiverStatus.WITHDRAWN, now, reason_code


def waiting(office: str | None) -> sa.Select[Waiver]:
    """What waits for a decision: of one office, or of all."""
    query = sa.select(Waiver).where(Waiver.status == WaiverStatus.REQUESTED)
    return query if office is None else query.where(Waiver.office == office)


def asked_for(bill_id: UUID) -> sa.Select[Waiver]:
    """Everything that was asked for a bill."""
    return sa.select(Waiver).where(Waiver.bill_id == bill_id)
