"""An agreement to pay a bill in instalments."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from finance_sts.model.bill import Bill
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Base, states


class AgreementStatus(StrEnum):
    REQUESTED = "requested"
    IN_FORCE = "in_force"
    KEPT = "kept"
    REFUSED = "refused"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Instalment(Base):
    """One part: whole rupiah, and the last day on which it is in time."""

    __tablename__ = "instalment"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    agreement_id: Mapped[UUID] = mapped_column(sa.ForeignKey("instalment_agreement.id"), primary_key=True, init=False)
    line: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class InstalmentAgreement(Aggregate):
    """requested → in_force → kept | ended (one was missed, or nothing is owed any more); requested → refused |
    withdrawn (by its payer) | lapsed (its bill is open no more). `decide_by`: until when its payer is to be answered.

    `paid_before`: what had come in on the bill when the agreement came into force; what comes later fills the parts in their order.
    `asked_at` is the payer's acknowledgement of the debt (UU 28/2009 Pasal 167).
    """

    __tablename__ = "instalment_agreement"
    __table_args__ = (
        sa.CheckConstraint("(status IN ('requested', 'withdrawn', 'lapsed')) = (decided_by IS NULL)", name="decided"),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawal_code IS NOT NULL)", name="withdrawn"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="two_people"),
        sa.Index("ix_instalment_agreement_bill_id", "bill_id", "id"),
        sa.Index("ix_instalment_agreement_owner_sub", "owner_sub", "id"),
        sa.Index("ix_instalment_agreement_waiting", "id", postgresql_where=sa.text("status = 'requested'")),
        sa.Index(
            "uq_instalment_agreement_running", "bill_id", unique=True, postgresql_where=sa.text("status IN ('requested', 'in_force')")
        ),
    )

    bill_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bill.id"))
    office: Mapped[str]
    owner_sub: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    parts: Mapped[list[Instalment]] = relationship(lazy="selectin", order_by=Instalment.line, default_factory=list)
    status: Mapped[AgreementStatus] = mapped_column(states(AgreementStatus), default=AgreementStatus.REQUESTED)
    paid_before: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decide_by: Mapped[date | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawal_code: Mapped[str | None] = mapped_column(default=None)

    @property
    def is_waiting(self) -> bool:
        """Does it still wait for its decision?"""
        return self.status is AgreementStatus.REQUESTED

    def must_be_requested(self) -> None:
        """Raises where it was decided, taken back, or has lapsed."""
        if not self.is_waiting:
            raise RuleBroken("instalments-decided", status=self.status)

    def withdraw(self, reason_code: str, now: datetime) -> None:
        """Its payer takes it back before it is decided. Twice is once."""
        if self.status is AgreementStatus.WITHDRAWN:
            return
        self.must_be_requested()
        self.status, self.ended_at, self.withdrawal_code = AgreementStatus.WITHDRAWN, now, reason_code

    def decide(self, who: str, bill: Bill, *, granted: bool, now: datetime) -> None:
        """Agree or refuse.

        Raises `instalments-decided`, `instalments-not-what-is-owed` where the bill has changed since, and `instalments-too-late`
        where the day of the first part has passed: agreed to, it would have been missed already.
        """
        self.must_be_requested()
        if granted and self.parts[0].due_on < day_of(now):
            raise RuleBroken("instalments-too-late", due_on=str(self.parts[0].due_on))
        self.decided_by, self.decided_at, self.paid_before = who, now, bill.paid_total
        self.status = AgreementStatus.IN_FORCE if granted else AgreementStatus.REFUSED
        if granted:
            must_be_what_is_owed([part.amount for part in self.parts], bill)
            bill.agree_instalments(self.id, len(self.parts), self.parts[-1].due_on, now)

    def next_unpaid(self, bill: Bill) -> Instalment | None:
        """The first part that what came in since does not cover."""
        rest = bill.paid_total - self.paid_before
        for part in self.parts:
            rest -= part.amount
            if rest < 0:
                return part
        return None

    def close(self, bill: Bill, now: datetime) -> None:
        """The bill is paid, or no longer owed, or a part of it was missed: then it is owed at once again, told."""
        self.status = AgreementStatus.KEPT if self.next_unpaid(bill) is None else AgreementStatus.ENDED
        self.ended_at = now
        if bill.is_open:
            bill.end_instalments(self.id, now)


def must_be_what_is_owed(amounts: list[int], bill: Bill) -> None:
    """Raises unless the parts are together exactly what is still owed."""
    if sum(amounts) != bill.outstanding:
        raise RuleBroken("instalments-not-what-is-owed", outstanding=bill.outstanding)


def agreements_of(bill_id: UUID) -> sa.Select[InstalmentAgreement]:
    """The agreements asked for a bill."""
    return sa.select(InstalmentAgreement).where(InstalmentAgreement.bill_id == bill_id)


def waiting(office: str | None) -> sa.Select[InstalmentAgreement]:
    """What waits for a decision: of one office, or of all."""
    query = sa.select(InstalmentAgreement).where(InstalmentAgreement.status == AgreementStatus.REQUESTED)
    return query if office is None else query.where(InstalmentAgreement.office == office)
