"""Objection (keberatan): filed by the payer, decided by another head than who issued the bill, granted of itself when nobody decides in time.

It suspends nothing. What an own charge owes follows the decision in the same commit; what another service charges follows once that
service has reassessed it. The charge is locked, then the bill, then the objection.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill, BillStatus
from finance_sts.model.charge import lock_charge
from finance_sts.model.facts import Reference
from finance_sts.model.interruption import Cause
from finance_sts.model.objection import DECISIONS, Objection, ObjectionStatus, decided_for, filed_against
from finance_sts.use_cases import limitation, objection_clock, refunds, tables
from finance_sts.use_cases.billing import locked, put_in_force, successor
from finance_sts.use_cases.drafts import ISSUE, PREPARE, is_ours
from smartcity import access_log, documents, duties
from smartcity.calendar import day_of
from smartcity.documents import StoredDocument
from smartcity.errors import NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import get, official_number

FILE = "file"
OPEN_TO_OBJECTION = (BillStatus.ISSUED, BillStatus.PART_PAID, BillStatus.PAID)


def file(session: Session, bill: Bill, actor: Actor, asked: Mapping[str, Any], now: datetime) -> Objection:
    """The payer thinks that `amount_right` is owed (whole rupiah, less than the bill), for `reasons`; an acknowledgement of the debt.

    Raises `RuleBroken`: `bill-not-objectable`, `demand-not-changeable` (an STRD follows its bill), `objection-late`, `objection-filed`,
    `objection-decided`, `objection-not-less`.
    """
    if bill.status not in OPEN_TO_OBJECTION:
        raise RuleBroken("bill-not-objectable", status=bill.status)
    if bill.is_demand:
        raise RuleBroken("demand-not-changeable")
    today, rule = day_of(now), tables.objection_rule(day_of(bill.issued_at))
    if today > rule.file_by(day_of(bill.issued_at)):
        raise RuleBroken("objection-late", file_by=str(rule.file_by(day_of(bill.issued_at))))
    if asked["amount_right"] >= bill.total:
        raise RuleBroken("objection-not-less", total=bill.total)
    _must_be_first(session, bill)
    objection = Objection(
        bill_id=bill.id, office=bill.office, owner_sub=bill.owner_sub, filed_by=actor.sub, filed_at=now, amount_right=asked["amount_right"],
        reasons=asked["reasons"], decide_by=rule.decide_by(today),
    )  # fmt: skip
    session.add(objection)
    objection.tell_filed(bill)
    session.flush()
    duties.done(session, actor, objection.id, FILE, now)
    objection_clock.appoint(session, objection)
    limitation.interrupt(session, bill, Cause.OBJECTION, now)
    return objection


def _must_be_first(session: Session, bill: Bill) -> None:
    """A bill has one objection that waits, and is objected to once: its successor by a decision was decided with it."""
    if filed_against(session, bill.id) is not None:
        raise RuleBroken("objection-filed")
    decided = Objection.status.in_((*DECISIONS, ObjectionStatus.DEEMED_GRANTED))
    before = sa.select(Objection.status).where(Objection.bill_id.in_((bill.id, bill.replaces or bill.id)), decided)
    status = session.scalar(before.limit(1))
    if status is not None:
        raise RuleBroken("objection-decided", status=status)


def withdraw(session: Session, objection: Objection, reason_code: str, now: datetime) -> Objection:
    """The payer takes it back before it is decided, and may file another in time. The debt stays acknowledged.

    Raises `InputWrong` (`reason_code`) and `RuleBroken`: `objection-decided`, `objection-term-over`.
    """
    objection.withdraw(tables.must_be_reason("objection_withdrawn", reason_code), session.get_one(Bill, objection.bill_id), now)
    objection_clock.stop(session, objection)
    return objection


def decide(session: Session, objection: Objection, actor: Actor, decided: Mapping[str, Any], now: datetime) -> Objection:
    """Granted, partly (`amount`), refused, or increased (`amount`), on `grounds`: by nobody who prepared or issued the bill, or their deputy.

    Raises `InputWrong` (`amount`) and `RuleBroken`: `objection-decided`, `objection-term-over`, `same-person-twice`.
    """
    objection.must_be_filed()
    objection.must_be_in_time(day_of(now))
    duties.must_be_another(session, actor, objection.bill_id, PREPARE, ISSUE, code="same-person-twice")
    duties.must_be_another(session, actor, objection.id, FILE, code="same-person-twice")
    bill, outcome = session.get_one(Bill, objection.bill_id), ObjectionStatus(decided["outcome"])
    amount = objection.amount_of(outcome, decided.get("amount"), bill)
    objection.decided_by, objection.grounds = actor.sub, decided["grounds"]
    _settle(session, objection, (outcome, amount), now)
    return objection


def term_over(session: Session, subject: str, now: datetime) -> None:
    """Due work: nobody has decided in time, so that it is granted as it was asked."""
    bill = locked(session, get(session, Objection, UUID(subject)).bill_id)
    objection = filed_against(session, bill.id)
    if objection is not None:
        _settle(session, objection, (ObjectionStatus.DEEMED_GRANTED, objection.amount_right), now)


def _settle(session: Session, objection: Objection, outcome: tuple[ObjectionStatus, int], now: datetime) -> None:
    bill = locked(session, objection.bill_id)
    code = documents.promise(session, "objection_decision", objection.id)
    number = official_number(session, "SKK", bill.office, day_of(now).year, "objection-decision")
    objection.decide(*outcome, (number, code), bill, now)
    objection_clock.stop(session, objection)
    session.flush()  # decided before its bill is replaced: it does not lapse with it
    if is_ours(bill) or not objection.changes(bill):
        objection.in_force_at = now
        _put_in_force(session, objection, bill, now)


def _put_in_force(session: Session, objection: Objection, bill: Bill, now: datetime) -> None:
    more = (objection.amount_decided or 0) - bill.total
    if more:
        charge = lock_charge(session, bill.reference)
        charge.assessed += more
        reason = "objection-increased" if more > 0 else "objection-granted"
        draft = partial(successor, bill, now, due_on=None if more > 0 else bill.due_on)
        put_in_force(session, charge, draft, (f"objection:{objection.id}", reason), now)
        refunds.bear_interest(session, charge, f"objection:{objection.id}", objection.id)


def put_in_force_elsewhere(session: Session, reference: Reference, sequence: int, now: datetime) -> None:
    """The charging service has assessed anew what was objected to: what goes back bears interest where less is owed."""
    for objection in session.scalars(decided_for(reference)):
        objection.in_force_at = now
        if objection.may_reduce:
            refunds.bear_interest(session, lock_charge(session, reference), f"reassessed:{sequence}", objection.id)


def read(session: Session, objection: Objection, actor: Actor) -> Objection:
    """With the payer's reasons; who is not the payer is recorded as having read them."""
    if not actor.owns(objection.owner_sub):
        access_log.record(session, actor, objection.owner_sub, ("objection", str(objection.id)), "objection read")
    return objection


def deliver(session: Session, objection: Objection, actor: Actor) -> StoredDocument:
    """The PDF of the decision; raises `NotFound` while there is none."""
    if objection.decision_no is None:
        raise NotFound()
    if not actor.owns(objection.owner_sub):
        access_log.record(session, actor, objection.owner_sub, ("objection_decision", str(objection.id)), "objection decision read")
    return documents.deliver(session, "objection_decision", objection.id)


OUTCOMES = tuple(status.value for status in DECISIONS)
