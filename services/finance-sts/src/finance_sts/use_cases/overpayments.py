"""What was paid too much is assessed (SKRDLB) by one person; it settles another bill of the payer, or is paid out by another person."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.bill import NOBODY, Bill
from finance_sts.model.facts import Reference
from finance_sts.model.objection import Objection
from finance_sts.model.payment import Channel, Payment, PaymentStatus
from finance_sts.model.refund import SETTLED, Assessment, Borne, Refund
from finance_sts.rules.interest import interest
from finance_sts.use_cases import refund_terms, set_off, tables
from finance_sts.use_cases.billing import locked
from finance_sts.use_cases.cash_days import cash_day
from finance_sts.use_cases.payments import Incoming, record_payment
from smartcity import access_log, documents, duties
from smartcity.calendar import day_of
from smartcity.documents import StoredDocument
from smartcity.errors import NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import get, official_number

ASK_CREDIT, APPROVE = "ask_credit", "approve"
SERIES = "SKRDLB"


def ask_credit(session: Session, refund: Refund, actor: Actor, bill_id: UUID, now: datetime) -> Refund:
    """It is to settle an open bill of the same payer and office, as far as that is owed when it is approved.

    Raises `NotFound` for a bill of somebody else, `RuleBroken`: `refund-not-approvable`, `credit-other-office`, `bill-not-open`.
    """
    refund.must_be_requested()
    bill = session.get(Bill, bill_id)
    if bill is None or bill.owner_sub == NOBODY or bill.owner_sub != refund.owner_sub:
        raise NotFound()
    if bill.office != refund.office:
        raise RuleBroken("credit-other-office", office=refund.office)
    bill.must_be_open()
    refund.credit_to = bill.id
    duties.done(session, actor, refund.id, ASK_CREDIT, now)
    return refund


def approve(session: Session, refund: Refund, actor: Actor, reason_code: str | None, now: datetime) -> Refund:
    """The head of treasury agrees: the SKRDLB is numbered, interest reckoned, the other bill settled.

    Not who asked for the credit, nor a deputy on either side. `reason_code`: why it is paid out beside a debt of the payer that is due.
    Raises `InputWrong` (`reason_code`) and `RuleBroken`: `refund-not-approvable`, `same-person-twice`, `refund-set-off-first`.
    """
    refund.must_be_requested()
    duties.must_be_another(session, actor, refund.id, ASK_CREDIT, code="same-person-twice")
    set_off.must_come_first(session, refund, reason_code, now)
    duties.done(session, actor, refund.id, APPROVE, now)
    refund_terms.stop(session, refund)
    code = documents.promise(session, "overpayment", refund.id)
    number = official_number(session, SERIES, refund.office, day_of(now).year, "overpayment")
    paper = Assessment(number, code, refund_terms.rule_of(refund).pay_by(day_of(now)))
    refund.approve(actor.sub, paper, _borne(session, refund, now), now)
    if refund.interest:
        _post_interest(session, refund, "refund-interest", refund.interest, now)
    if refund.credit_to is not None:
        _credit(session, refund, refund.credit_to, actor, now)
    return refund


def _borne(session: Session, refund: Refund, now: datetime) -> Borne | None:
    """Interest on what an objection has set free, from its payment to this day (UU 28/2009 Pasal 164)."""
    if refund.objection_id is None:
        return None
    objected = get(session, Bill, session.get_one(Objection, refund.objection_id).bill_id)
    rule, paid_on = tables.objection_rule(day_of(objected.issued_at)), day_of(get(session, Payment, refund.payment_id).paid_at)
    found = interest(rule, refund.amount, paid_on, day_of(now))
    return Borne(found.amount, found.months, rule.percent_per_month, rule.legal_basis)


def _post_interest(session: Session, refund: Refund, cause: str, amount: int, now: datetime) -> None:
    books = (f"{cause}:{refund.id}", refund.office, cash_day(session, refund.office, now), now)
    ledger.post(session, books, [(tables.account_of("interest_paid"), amount)], [(tables.account_of("refunds_owed"), amount)])


def _credit(session: Session, refund: Refund, bill_id: UUID, actor: Actor, now: datetime) -> None:
    bill = locked(session, bill_id)
    amount = min(refund.owed, bill.outstanding)
    if not amount:
        return  # settled or cancelled meanwhile: all of it is paid out
    record_payment(session, Bill.id == bill.id, Incoming(SERIES.lower(), refund.number or "", amount, Channel.CREDIT, actor.sub), now)
    refund.credit(amount, _reference(session, refund), now)
    _mark_refunded(session, refund)


def _reference(session: Session, refund: Refund) -> Reference:
    return get(session, Bill, refund.bill_id).reference


def pay(session: Session, refund: Refund, actor: Actor, bank_reference: str, now: datetime) -> Refund:
    """The treasurer has given it back from the city's account, with interest where it is late; not who agreed, nor a deputy on either side."""
    refund.must_be_payable_by(actor.acts_as)
    duties.must_be_another(session, actor, refund.id, APPROVE, code="same-person-twice")
    late = refund_terms.borne_late(refund, now)
    if late is not None:
        refund.bear_late(late)
        _post_interest(session, refund, "refund-late-interest", late.amount, now)
    refund.pay(actor.sub, bank_reference, _reference(session, refund), now)
    books = (f"refund:{refund.id}", refund.office, cash_day(session, refund.office, now), now)
    owed, cash = tables.account_of("refunds_owed"), tables.account_of("treasury_cash")
    ledger.post(session, books, [(owed, refund.payout)], [(cash, refund.payout)])
    _mark_refunded(session, refund)
    return refund


def _mark_refunded(session: Session, refund: Refund) -> None:
    """Once nothing of it waits any more, the payment has gone back."""
    payment = get(session, Payment, refund.payment_id, lock=True)
    others = sa.select(Refund.id).where(Refund.payment_id == payment.id, Refund.id != refund.id, Refund.status.not_in(SETTLED))
    settled = refund.is_settled and session.scalar(others.limit(1)) is None
    if settled and payment.status is PaymentStatus.REFUND_DUE:
        payment.status = PaymentStatus.REFUNDED


def deliver(session: Session, refund: Refund, actor: Actor) -> StoredDocument:
    """The PDF of the SKRDLB; raises `NotFound` while there is none, as for one approved before it had a paper."""
    if refund.number is None:
        raise NotFound()
    if not actor.owns(refund.owner_sub):
        access_log.record(session, actor, refund.owner_sub, ("refund", str(refund.id)), "overpayment document read")
    return documents.deliver(session, "overpayment", refund.id)
