"""What was done to collect a late bill: records beside it, not states."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model.bill import Bill
from finance_sts.rules.collection import StepKind
from smartcity.storage import Base, states, uuid7


class CollectionStep(Base):
    """A reminder, a Surat Teguran, or interest claimed by STRD. `outstanding`: what was owed on the bill that day, whole rupiah.

    A Surat Teguran has `number` and `verify_code`. A claim has `demand_id` (the STRD that claims it, with all earlier ones), the
    principal and the months after `months_before` for which it is claimed, at which rate and cap and on what basis;
    `payment_id` where the principal had just been paid.
    """

    __tablename__ = "collection_step"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("payment_id"),
        sa.CheckConstraint("(kind = 'warning_letter') = (number IS NOT NULL)", name="numbered"),
        sa.CheckConstraint("(kind = 'demand') = (interest IS NOT NULL)", name="claims"),
        sa.CheckConstraint("interest > 0 AND principal > 0 AND months > months_before AND months <= cap_months", name="interest"),
        sa.Index("ix_collection_step_bill_id", "bill_id", "id"),
        sa.Index(
            "uq_collection_step_once", "bill_id", "kind", unique=True,
            postgresql_where=sa.text("kind <> 'reminder' AND payment_id IS NULL"),
        ),
    )  # fmt: skip

    bill_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bill.id"))
    kind: Mapped[StepKind] = mapped_column(states(StepKind, "kind"))
    day: Mapped[date]
    outstanding: Mapped[int] = mapped_column(sa.BigInteger)
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    number: Mapped[str | None] = mapped_column(default=None)
    verify_code: Mapped[str | None] = mapped_column(default=None)
    demand_id: Mapped[UUID | None] = mapped_column(default=None)
    payment_id: Mapped[UUID | None] = mapped_column(default=None)
    principal: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    months_before: Mapped[int | None] = mapped_column(default=None)
    months: Mapped[int | None] = mapped_column(default=None)
    percent_per_month: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2), default=None)
    cap_months: Mapped[int | None] = mapped_column(default=None)
    interest: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    legal_basis: Mapped[str | None] = mapped_column(default=None)


def steps_of(bill_id: UUID) -> sa.Select[CollectionStep]:
    """The steps taken on a bill."""
    return sa.select(CollectionStep).where(CollectionStep.bill_id == bill_id)


def taken_on(session: Session, bill: Bill) -> list[CollectionStep]:
    """The steps taken on a bill, in their order."""
    return list(session.scalars(steps_of(bill.id).order_by(CollectionStep.id)))
