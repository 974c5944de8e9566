"""What a bank asks by SNAP: signature first, then the answer it has had, then the effect; what was answered is kept."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from finance_sts.model.bill_queries import Which, of_account, of_label, the_bill
from finance_sts.model.payment import Channel
from finance_sts.model.snap_request import SnapRequest, claim, keep_answer
from finance_sts.rules import snap_codes as law
from finance_sts.rules.snap_signature import SignedCall
from finance_sts.use_cases import pending_payments, snap_answers, tables
from finance_sts.use_cases.payments import Incoming, record_payment
from finance_sts.use_cases.snap_access import MARK, Door, check_call
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.observability import log

REFUSALS = {
    "bill-already-paid": law.ALREADY_PAID, "payment-amount-differs": law.INVALID_AMOUNT, "bank-reference-reused": law.DUPLICATE_REFERENCE,
    "bill-not-issued": law.NOT_FOUND, "virtual-account-unknown": law.NOT_FOUND, "virtual-account-expired": law.EXPIRED, "payment-unknown": law.NO_SUCH_PAYMENT,
}  # fmt: skip

ACCOUNT = "virtualAccountData"
FORMS = {"X-EXTERNAL-ID": re.compile(r"[0-9]{1,36}"), "CHANNEL-ID": re.compile(r"[!-~]{1,5}")}
"""Of the headers of a call, which all must be there."""


@dataclass(frozen=True)
class Asked:
    """A request of a partner: the service of SNAP it asks for, the exact bytes, what was signed, and when it came in real time."""

    service: str
    call: SignedCall = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    door: Door = field(repr=False)
    caller: str

    @property
    def partner(self) -> str:
        return self.headers["X-PARTNER-ID"]

    @property
    def external_id(self) -> str:
        return self.headers["X-EXTERNAL-ID"]

    @property
    def key(self) -> tuple[str, date, str]:
        return self.partner, day_of(self.door.at), self.external_id

    @property
    def fingerprint(self) -> bytes:
        return hashlib.sha256(self.call.body).digest()


@dataclass(frozen=True)
class Answer:
    """What the bank is told: HTTP status and body."""

    status: int
    body: Mapping[str, Any]


def check_signature(asked: Asked) -> None:
    """Every header there and in its form, the partner whom the token was given to, signature and timestamp."""
    if missing := [name for name, value in asked.headers.items() if not value]:
        raise InputWrong({name: ["required"] for name in missing})
    if crooked := [name for name, form in FORMS.items() if not form.fullmatch(asked.headers[name])]:
        raise InputWrong({name: ["code-malformed"] for name in crooked})
    if asked.caller.startswith(f"{MARK}:") and asked.caller != f"{MARK}:{asked.partner}":
        raise RuleBroken("token-wrong")
    check_call(asked.door, asked.call, asked.partner, asked.headers["X-SIGNATURE"])


def answered_before(session: Session, asked: Asked, now: datetime) -> Answer | None:
    """The answer a payment under this external id has had today; raises `external-id-reused` where bytes or service differ.

    A question changes nothing: asked again, it is answered anew.
    """
    partner, day, external_id = asked.key
    row = claim(session, SnapRequest(
        partner=partner, day=day, external_id=external_id, fingerprint=asked.fingerprint, status=0, answer={}, made_at=now, service=asked.service,
    ))  # fmt: skip
    if row is None:
        return None
    if (row.service, row.fingerprint) != (asked.service, asked.fingerprint):
        raise RuleBroken("external-id-reused")
    return Answer(row.status, row.answer) if asked.service in law.MOVES_MONEY else None


def pay(session: Session, asked: Asked, callback: Mapping[str, Any], now: datetime) -> Answer:
    """Credit the virtual account once, or refuse; the answer is kept in the same commit."""
    money = _incoming(asked, callback["paymentRequestId"], callback["paidAmount"], Channel.VIRTUAL_ACCOUNT)

    def credited() -> Mapping[str, Any]:
        payment = record_payment(session, _account(asked, callback), money, now)
        return {ACCOUNT: snap_answers.paid(callback, payment)}

    return _answered(session, asked, credited)


def hear_qris(session: Session, asked: Asked, notice: Mapping[str, Any], now: datetime) -> Answer:
    """The acquirer tells what became of a QRIS code. Only a success has moved money; it is kept whatever its amount.

    Of what is under way the acquirer is asked until it is known.
    """
    money = _incoming(asked, notice["originalReferenceNo"], notice["amount"], Channel.QRIS)

    def credited() -> Mapping[str, Any]:
        which, status = _code(asked, notice), notice["latestTransactionStatus"]
        if status == law.PAID:
            record_payment(session, which, money, now)
        else:
            the_bill(session, which)
        words = (notice["originalPartnerReferenceNo"], notice["originalReferenceNo"])
        pending_payments.announced(session, asked.partner, *words, status, now)
        return {}

    return _answered(session, asked, credited)


def ask_later(session: Session, asked: Asked, told: Mapping[str, Any], now: datetime) -> None:
    """What `told` says could not be kept, by our fault: of a payment the bank is asked. Raises `NotFound` where it is for no bill of ours."""
    if asked.service == law.PAYMENT:
        bill = the_bill(session, _account(asked, told))
        pending_payments.failed(session, asked.partner, Channel.VIRTUAL_ACCOUNT, bill.virtual_account_no, told["paymentRequestId"], now)
    elif asked.service == law.QRIS_NOTICE and told["latestTransactionStatus"] in (law.PAID, *law.UNDER_WAY):
        the_bill(session, _code(asked, told))
        words = (told["originalPartnerReferenceNo"], told["originalReferenceNo"])
        pending_payments.failed(session, asked.partner, Channel.QRIS, *words, now)


def _incoming(asked: Asked, reference: str, money: Mapping[str, str], channel: Channel) -> Incoming:
    partner = tables.partner_called(asked.partner, day_of(asked.door.at))
    assert partner is not None, "its signature was checked"
    return Incoming(partner.bank, reference, int(money["value"].removesuffix(".00")), channel, asked.caller)


def inquire(session: Session, asked: Asked, question: Mapping[str, Any], now: datetime) -> Answer:
    """What is owed on a virtual account, before it is paid. What may follow is asked for, should its call be lost."""

    def told() -> Mapping[str, Any]:
        bill = the_bill(session, _account(asked, question))
        owed = snap_answers.owed(question, bill)
        pending_payments.begun(session, asked.partner, bill, question["inquiryRequestId"], now)
        return {ACCOUNT: owed}

    return _answered(session, asked, told)


def status(session: Session, asked: Asked, question: Mapping[str, Any], now: datetime) -> Answer:
    """What became of a payment whose answer the bank has lost."""
    return _answered(session, asked, lambda: {ACCOUNT: snap_answers.known(session, _account(asked, question), question)})


def _account(asked: Asked, said: Mapping[str, Any]) -> Which:
    """The bill of the virtual account that is named; raises `NotFound` for another bank's, as for nobody's."""
    number = said["virtualAccountNo"].strip()
    if not tables.carries(asked.partner, number):
        raise NotFound("virtual-account-unknown")
    return of_account(number)


def _code(asked: Asked, notice: Mapping[str, Any]) -> Which:
    """The bill of the QRIS code that is named; only its acquirer knows of one."""
    if asked.partner != tables.acquirer():
        raise NotFound("virtual-account-unknown")
    return of_label(notice["originalPartnerReferenceNo"])


def _answered(session: Session, asked: Asked, speak: Callable[[], Mapping[str, Any]]) -> Answer:
    """A refusal here is an answer, not an error: the rules speak before anything is changed. It uses the external id up for the day."""
    more: Mapping[str, Any]
    try:
        code, more = law.SUCCESS, speak()
    except (RuleBroken, NotFound) as refusal:
        code, more = REFUSALS[refusal.code], {}
        log.info("bank refused", code=code.response_code(asked.service))
    answer = Answer(code.status, {"responseCode": code.response_code(asked.service), "responseMessage": code.message, **more})
    if asked.service in law.MOVES_MONEY:  # what is answered to a question names a person, and is answered anew
        keep_answer(session, asked.key, answer.status, answer.body)
    return answer
