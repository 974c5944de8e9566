"""What a payer still owes is settled first with what they are owed (UU 28/2009 Pasal 165(5)): which bills those are, and that one is not passed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.bill_queries import debts_of
from finance_sts.model.refund import Borne, Refund, RefundStatus
from finance_sts.use_cases import refund_terms, tables
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken

SHOWN = 20


@dataclass(frozen=True)
class Outlook:
    """How a refund would be settled now: what is paid out, with what it bears for being late, and the bills it could settle first."""

    payout: int
    late: Borne | None
    debts: Sequence[Bill]


def outlook(session: Session, refund: Refund, now: datetime) -> Outlook:
    """The oldest `SHOWN` of the payer's open bills at that office while it is not agreed to; then none is settled any more."""
    late = refund_terms.borne_late(refund, now)
    asked = debts_of(refund.owner_sub, refund.office).order_by(Bill.id).limit(SHOWN)
    debts = session.scalars(asked).all() if refund.status is RefundStatus.REQUESTED else ()
    return Outlook(refund.payout + (late.amount if late else 0), late, debts)


def must_come_first(session: Session, refund: Refund, reason_code: str | None, now: datetime) -> None:
    """A debt that is due is settled first, unless a reason is given, which is kept.

    Raises `InputWrong` (`reason_code`), and `RuleBroken`: `refund-set-off-first`.
    """
    given = None if reason_code is None else tables.must_be_reason("not_set_off", reason_code)
    passed_over = debts_of(refund.owner_sub, refund.office).where(Bill.due_on < day_of(now)).order_by(Bill.id).limit(1)
    debt = session.scalar(passed_over) if refund.credit_to is None else None
    if debt is None:
        return
    if given is None:
        raise RuleBroken("refund-set-off-first", bill_no=debt.number, outstanding=debt.outstanding)
    refund.not_set_off_code = given
