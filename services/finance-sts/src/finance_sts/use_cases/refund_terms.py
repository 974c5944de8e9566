"""The terms of a refund (UU 28/2009 Pasal 165): deemed granted where nobody decides in time, with interest where it is paid late."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.refund import Borne, Refund
from finance_sts.rules.interest import interest
from finance_sts.rules.refunds import RefundRule
from finance_sts.use_cases import tables
from smartcity import due
from smartcity.calendar import ONE, day_of, start_of_day
from smartcity.storage import get

TERM = "refund_term"


def rule_of(refund: Refund) -> RefundRule:
    """The terms it was asked for under."""
    return tables.refund_rule(day_of(refund.requested_at))


def appoint(session: Session, refund: Refund) -> None:
    """The day after the last day for the decision it is deemed granted."""
    with session.no_autoflush:  # what the payment writes goes in as few statements as before
        due.schedule(session, TERM, str(refund.id), start_of_day(refund.decide_by + ONE))


def stop(session: Session, refund: Refund) -> None:
    """It was decided."""
    due.cancel(session, TERM, str(refund.id))


def term_over(session: Session, subject: str, now: datetime) -> None:
    """Due work: nobody has decided in time."""
    refund = get(session, Refund, UUID(subject), lock=True)
    refund.deem_granted(rule_of(refund).assess_by(refund.decide_by), get(session, Bill, refund.bill_id).reference, now)


def borne_late(refund: Refund, now: datetime) -> Borne | None:
    """What it bears if it is paid now, after its last day; what was approved before it had one bears nothing."""
    if refund.pay_by is None or refund.is_settled:
        return None
    rule = rule_of(refund)
    found = interest(rule, refund.principal_paid_out, refund.pay_by, day_of(now))
    return Borne(found.amount, found.months, rule.percent_per_month, rule.legal_basis) if found.amount else None
