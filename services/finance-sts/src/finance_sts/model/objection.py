"""An objection (keberatan) of the payer against a bill."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model import facts
from finance_sts.model.bill import Bill
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.storage import Aggregate, Encrypted, states


class ObjectionStatus(StrEnum):
    FILED = "filed"
    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    INCREASED = "increased"
    DEEMED_GRANTED = "deemed_granted"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


DECISIONS = (ObjectionStatus.GRANTED, ObjectionStatus.PARTLY_GRANTED, ObjectionStatus.REFUSED, ObjectionStatus.INCREASED)
"""What a person may decide; `deemed_granted` comes of itself."""
OBJECTION_TRANSITIONS = {
    ObjectionStatus.FILED: {
        ObjectionStatus.GRANTED: "the payer is right",
        ObjectionStatus.PARTLY_GRANTED: "less is owed, but more than the payer thinks",
        ObjectionStatus.REFUSED: "the bill was right",
        ObjectionStatus.INCREASED: "more is owed",
        ObjectionStatus.DEEMED_GRANTED: "not decided in time",
        ObjectionStatus.LAPSED: "its bill was cancelled or written off meanwhile",
        ObjectionStatus.WITHDRAWN: "the payer takes it back",
    }
}
FILED = sa.text("status = 'filed'")


class Objection(Aggregate):
    """filed → granted | partly_granted | refused | increased | deemed_granted | lapsed | withdrawn. Beside the bill: it suspends nothing.

    `amount_right` is what the payer thinks is owed, `amount_decided` what was decided, whole rupiah. `decide_by`: with the day after
    it the objection is granted as asked. `in_force_at`: since when what is owed follows the decision; a charge of another service
    follows once that service has reassessed it.
    """

    __tablename__ = "objection"
    __table_args__ = (
        sa.UniqueConstraint("decision_no"),
        sa.CheckConstraint("amount_right >= 0 AND amount_decided >= 0", name="amounts"),
        sa.CheckConstraint(
            "(status IN ('filed', 'lapsed', 'withdrawn')) = (decision_no IS NULL) AND num_nulls(decision_no, decided_at, amount_decided, verify_code) IN (0, 4)",
            name="decided",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> filed_by", name="two_people"),
        sa.CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        sa.Index("ix_objection_bill_id", "bill_id", "id"),
        sa.Index("ix_objection_office", "office", "id"),
        sa.Index("ix_objection_office_status", "office", "status", "id"),
        sa.Index("ix_objection_owner_sub", "owner_sub", "id"),
        sa.Index("ix_objection_owner_status", "owner_sub", "status", "id"),
        sa.Index("ix_objection_filed", "decide_by", "id", postgresql_where=FILED),
        sa.Index("uq_objection_filed", "bill_id", unique=True, postgresql_where=FILED),
    )

    bill_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bill.id"))
    office: Mapped[str]
    owner_sub: Mapped[str]
    filed_by: Mapped[str]
    filed_at: Mapped[datetime]
    amount_right: Mapped[int] = mapped_column(sa.BigInteger)
    reasons: Mapped[str] = mapped_column(Encrypted)
    decide_by: Mapped[date]
    status: Mapped[ObjectionStatus] = mapped_column(states(ObjectionStatus), default=ObjectionStatus.FILED)
    amount_decided: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    grounds: Mapped[str | None] = mapped_column(Encrypted, default=None)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_no: Mapped[str | None] = mapped_column(default=None)
    verify_code: Mapped[str | None] = mapped_column(default=None)
    in_force_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawal_code: Mapped[str | None] = mapped_column(default=None)

    @property
    def is_filed(self) -> bool:
        """Does it still wait for its decision?"""
        return self.status is ObjectionStatus.FILED

    @property
    def may_reduce(self) -> bool:
        """Did the decision leave less to owe?"""
        return self.status in (ObjectionStatus.GRANTED, ObjectionStatus.PARTLY_GRANTED, ObjectionStatus.DEEMED_GRANTED)

    def changes(self, bill: Bill) -> bool:
        """Is something else owed by the decision than the bill says?"""
        return self.amount_decided != bill.total

    def tell_filed(self, bill: Bill) -> None:
        """Its payer objects; told."""
        self.note(
            facts.ObjectionFiled(
                self.id, bill.id, bill.number, bill.reference, bill.total, self.amount_right, self.filed_at, self.decide_by
            )
        )

    def must_be_filed(self) -> None:
        """Raises where it was decided already, or has lapsed."""
        if not self.is_filed:
            raise RuleBroken("objection-decided", status=self.status)

    def must_be_in_time(self, today: date) -> None:
        """Raises once its term is over: then nobody decides it any more."""
        if today > self.decide_by:
            raise RuleBroken("objection-term-over", decide_by=str(self.decide_by))

    def amount_of(self, outcome: ObjectionStatus, asked: int | None, bill: Bill) -> int:
        """What is owed by a decision; `asked` is told of `partly_granted` and `increased` only. Raises `InputWrong`."""
        known = {ObjectionStatus.GRANTED: self.amount_right, ObjectionStatus.REFUSED: bill.total}.get(outcome)
        if known is not None:
            if asked is not None:
                raise InputWrong({"amount": ["amount-not-asked"]})
            return known
        if asked is None:
            raise InputWrong({"amount": ["required"]})
        fits = self.amount_right < asked < bill.total if outcome is ObjectionStatus.PARTLY_GRANTED else asked > bill.total
        if not fits:
            raise InputWrong({"amount": ["objection-amount-wrong"]})
        return asked

    def decide(self, outcome: ObjectionStatus, amount: int, paper: tuple[str, str], bill: Bill, now: datetime) -> None:
        """Decided, by the paper with that number and code; told."""
        self.must_be_filed()
        self.status, self.amount_decided, self.decided_at = outcome, amount, now
        self.decision_no, self.verify_code = paper
        self.note(facts.ObjectionDecided(self.id, bill.id, bill.number, bill.reference, outcome.value, bill.total, amount, paper[0], now))

    def withdraw(self, reason_code: str, bill: Bill, now: datetime) -> None:
        """Its payer takes it back before it is decided: the bill stays as it is. Twice is once; told."""
        if self.status is ObjectionStatus.WITHDRAWN:
            return
        self.must_be_filed()
        self.must_be_in_time(day_of(now))
        self.status, self.withdrawn_at, self.withdrawal_code = ObjectionStatus.WITHDRAWN, now, reason_code
        self.note(facts.ObjectionWithdrawn(self.id, bill.id, bill.number, bill.reference, reason_code, now))

    def lapse(self, now: datetime) -> None:
        """Its bill asks for nothing any more: there is nothing to decide."""
        self.must_be_filed()
        self.status = ObjectionStatus.LAPSED


def objections_of(bill_id: UUID) -> sa.Select[Objection]:
    """The objections against a bill."""
    return sa.select(Objection).where(Objection.bill_id == bill_id)


def filed_against(session: Session, bill_id: UUID) -> Objection | None:
    """The objection against a bill that waits for its decision, locked."""
    return session.scalar(objections_of(bill_id).where(Objection.status == ObjectionStatus.FILED).with_for_update())


def undecided(office: str | None) -> sa.Select[Objection]:
    """What waits for a decision: of one office, or of all; to be read by `decide_by`."""
    query = sa.select(Objection).where(Objection.status == ObjectionStatus.FILED)
    return query if office is None else query.where(Objection.office == office)


def decided_for(reference: facts.Reference) -> sa.Select[Objection]:
    """What was decided against bills for `reference` and does not hold yet, locked."""
    mine = (Bill.ref_service == reference.service, Bill.ref_kind == reference.kind, Bill.ref_id == reference.id)
    decided = (Objection.decision_no.is_not(None), Objection.in_force_at.is_(None))
    return sa.select(Objection).join(Bill, Bill.id == Objection.bill_id).where(*mine, *decided).with_for_update(of=Objection)
