"""Interest of a late bill is claimed by an STRD: a bill of its own, whose reference is the late bill.

What is claimed for one late bill is one charge: more of it replaces an unpaid STRD, or is billed beside a paid one.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import DEMAND, Bill, heads_of
from finance_sts.model.charge import lock_charge
from finance_sts.model.collection_step import CollectionStep
from finance_sts.model.facts import Reference
from finance_sts.rules.collection import StepKind
from finance_sts.rules.interest import interest
from finance_sts.use_cases import tables
from finance_sts.use_cases.billing import put_in_force
from smartcity.calendar import day_of
from smartcity.storage import uuid7


@dataclass(frozen=True)
class Paid:
    """The payment by which a part of a late bill was just covered, and how much of the bill that was."""

    payment_id: UUID
    amount: int


def claim(session: Session, bill: Bill, paid: Paid | None, now: datetime) -> None:
    """Claim the interest up to today, beyond what was claimed before: on what was `paid`, else on all that is owed.

    Nothing happens where there is none. The charge of the late bill is locked.
    """
    today = day_of(now)
    if bill.is_demand or today <= bill.due_on:
        return
    rule = tables.interest_rule(bill.due_on)
    principal = paid.amount if paid else bill.outstanding
    found = interest(rule, principal, bill.due_on, today, _months_claimed(session, bill))
    if not found.amount:
        return
    demand_id = uuid7()
    step = CollectionStep(
        bill_id=bill.id, kind=StepKind.DEMAND, day=today, outstanding=bill.outstanding, demand_id=demand_id, principal=principal,
        payment_id=paid.payment_id if paid else None, months_before=found.months_before, months=found.months, interest=found.amount,
        percent_per_month=rule.percent_per_month, cap_months=rule.cap_months, legal_basis=rule.legal_basis,
    )  # fmt: skip
    session.add(step)
    _bill(session, bill, demand_id, found.amount, now)


def _months_claimed(session: Session, bill: Bill) -> int:
    """The months for which interest on all that was owed has been claimed."""
    whole = sa.select(CollectionStep.months).where(
        CollectionStep.bill_id == bill.id, CollectionStep.kind == StepKind.DEMAND, CollectionStep.payment_id.is_(None)
    )
    return session.scalar(whole) or 0


def _bill(session: Session, late: Bill, demand_id: UUID, more: int, now: datetime) -> None:
    charge = lock_charge(session, Reference(*DEMAND, late.id))
    charge.assessed += more

    def draft(owed: int) -> Bill:
        return Bill(
            id=demand_id, office=late.office, payer_sub=late.payer_sub, payer_name=late.payer_name, payer_address=late.payer_address,
            payer_no=late.payer_no, ref_service=DEMAND[0], ref_kind=DEMAND[1], ref_id=late.id, total=owed, updated_at=now,
            heads=heads_of([(tables.account_of("interest"), owed)]), due_rule=tables.collection_rule(late.due_on).due_rule,
            kecamatan_code=late.kecamatan_code,
        )  # fmt: skip

    put_in_force(session, charge, draft, (f"interest:{demand_id}", "interest-grown"), now)
