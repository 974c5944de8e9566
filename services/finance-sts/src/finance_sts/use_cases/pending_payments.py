"""A payment that a bank has begun and not concluded is asked for until it is known, where the settings name whom to ask.

Of a QRIS code its acquirer announces that it is under way; of a virtual account an inquiry is the first that is heard of a payment, and
the call that should follow it may be lost.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.bill_queries import of_account, of_label, the_bill
from finance_sts.model.payment import Channel, Payment
from finance_sts.model.payment_question import Key, PaymentQuestion, forget, keep, key_of, subject_of, waiting_since
from finance_sts.rules.asking_again import next_question
from finance_sts.rules.snap_codes import PAID, UNDER_WAY
from finance_sts.use_cases import tables
from finance_sts.use_cases.bank_questions import BankAway, Said, asked_of
from finance_sts.use_cases.payments import Incoming, record_payment
from finance_sts.use_cases.snap_access import MARK
from smartcity import due
from smartcity.calendar import day_of
from smartcity.observability import log

ASK = "finance-sts.ask-acquirer"


def begun(session: Session, partner: str, bill: Bill, request_id: str, now: datetime) -> None:
    """The bank has asked what is owed: a payment may follow, and its call be lost."""
    _expect(session, (partner, bill.virtual_account_no, request_id), Channel.VIRTUAL_ACCOUNT, now)


def failed(session: Session, partner: str, channel: Channel, about: str, reference: str, now: datetime) -> None:
    """The bank has told a payment that we could not keep: whether it tells it again or not, it is asked for."""
    _expect(session, (partner, about, reference), channel, now, told=True)


def announced(session: Session, partner: str, label: str, reference: str, status: str, now: datetime) -> None:
    """The acquirer has told how a QRIS payment stands: it is asked for while it is under way. One that was paid is found in the books."""
    key = (partner, label, reference)
    if status in UNDER_WAY:
        _expect(session, key, Channel.QRIS, now)
    elif status != PAID:
        due.cancel(session, ASK, subject_of(key))
        forget(session, key)


def ask(session: Session, subject: str, now: datetime) -> None:
    """Ask the bank, and credit what was paid: as its own call would have, once, whichever comes first."""
    key = partner, about, _ = key_of(subject)
    question = session.get(PaymentQuestion, key)
    if question is None:
        return
    bank = asked_of(question.channel, partner)
    bill = the_bill(session, of_label(about) if question.channel is Channel.QRIS else of_account(about))
    if bank is None or _in_the_books(session, question, bill):
        forget(session, key)
        return
    try:
        said = bank.ask(question)
    except BankAway as away:
        log.warning("bank away", code=partner, reason=str(away))
        said = Said(UNDER_WAY[-1], 0, question.reference)
    if said.status in UNDER_WAY:
        _ask_again(session, question, now)
        return
    if said.status == PAID:
        _credit(session, question, bill, said, now)
    forget(session, key)


def unknown(session: Session, now: datetime) -> float:
    """How many payments are unknown for longer than the rule bears."""
    return waiting_since(session, tables.question_rule(day_of(now)).unknown_since(now))


def _expect(session: Session, key: Key, channel: Channel, now: datetime, *, told: bool = False) -> None:
    """The first that was heard of it counts; what is told again does not begin anew."""
    if asked_of(channel, key[0]) is not None and keep(session, key, channel, now, told):
        due.appoint(session, ASK, subject_of(key), next_question(tables.question_rule(day_of(now)), now, 0, now))


def _ask_again(session: Session, question: PaymentQuestion, now: datetime) -> None:
    question.asked += 1
    again = next_question(tables.question_rule(day_of(now)), question.since, question.asked, now)
    due.appoint(session, ASK, subject_of(question.key), again)
    if again is None:
        log.error("payment remains unknown", code=question.partner, count=question.asked)
        forget(session, question.key)


def _in_the_books(session: Session, question: PaymentQuestion, bill: Bill) -> bool:
    """By its number. That of a payment on a virtual account is its inquiry's where the bank keeps to SNAP (memory); where not, the bank says it."""
    mine = sa.select(Payment.id).where(Payment.bill_id == bill.id, Payment.bank_reference == question.reference)
    return session.scalar(mine.limit(1)) is not None


def _credit(session: Session, question: PaymentQuestion, bill: Bill, said: Said, now: datetime) -> None:
    partner = tables.partner_called(question.partner, day_of(question.since))
    assert partner is not None, "its call was signed"
    money = Incoming(partner.bank, said.reference, said.amount, question.channel, f"{MARK}:{partner.id}", asked=True)
    record_payment(session, Bill.id == bill.id, money, now)
