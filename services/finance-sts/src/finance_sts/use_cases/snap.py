"""What a bank asks by SNAP: signature first, then the answer it has had, then the effect; what was answered is kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from finance_sts.model.bill import by_virtual_account
from finance_sts.model.payment import Channel, Payment
from finance_sts.model.snap_request import SnapRequest, lock_external_id
from finance_sts.rules import snap_codes as law
from finance_sts.rules.snap_signature import SignedCall, is_fresh, is_signed, read_timestamp
from finance_sts.use_cases import tables
from finance_sts.use_cases.payments import Incoming, record_payment
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotFound, RuleBroken

REFUSALS = {
    "bill-already-paid": law.ALREADY_PAID, "payment-amount-differs": law.INVALID_AMOUNT, "bank-reference-reused": law.DUPLICATE_REFERENCE,
    "virtual-account-unknown": law.NOT_FOUND,
}  # fmt: skip
NO_SECRET = "-"


@dataclass(frozen=True)
class Asked:
    """A request of a partner: the exact bytes, what was signed, and when it came in real time."""

    call: SignedCall = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)
    caller: str
    received_at: datetime

    @property
    def partner(self) -> str:
        return self.headers["X-PARTNER-ID"]

    @property
    def external_id(self) -> str:
        return self.headers["X-EXTERNAL-ID"]

    @property
    def fingerprint(self) -> bytes:
        return hashlib.sha256(self.call.body).digest()


@dataclass(frozen=True)
class Answer:
    """What the bank is told: HTTP status and body."""

    status: int
    body: Mapping[str, Any]


def check_signature(asked: Asked) -> None:
    """Right partner, signature over the bytes as received, timestamp within five minutes, external id as it must be.

    The same work is done for a partner nobody knows, and the same thing said.
    """
    partner = next((one for one in tables.partners() if one.id == asked.partner and one.holds_on(day_of(asked.received_at))), None)
    secret = asked.secrets[partner.secret_setting] if partner else NO_SECRET
    signed = is_signed(asked.call, secret, asked.headers["X-SIGNATURE"])
    if partner is None or not signed or not _fresh(asked):
        raise RuleBroken("signature-wrong")
    if not asked.external_id:
        raise InputWrong({"X-EXTERNAL-ID": ["required"]})
    if not (asked.external_id.isascii() and asked.external_id.isdigit() and len(asked.external_id) <= 36):
        raise InputWrong({"X-EXTERNAL-ID": ["code-malformed"]})


def _fresh(asked: Asked) -> bool:
    try:
        return is_fresh(read_timestamp(asked.call.timestamp), asked.received_at)
    except ValueError:
        return False


def answered_before(session: Session, asked: Asked) -> Answer | None:
    """The answer this external id has had today; raises `external-id-reused` where the bytes differ."""
    lock_external_id(session, asked.partner, asked.external_id)
    row = session.get(SnapRequest, (asked.partner, day_of(asked.received_at), asked.external_id))
    if row is None:
        return None
    if row.fingerprint != asked.fingerprint:
        raise RuleBroken("external-id-reused")
    return Answer(row.status, row.answer)


def pay(session: Session, asked: Asked, callback: Mapping[str, Any], now: datetime) -> Answer:
    """Credit the virtual account once, or refuse; the answer is kept in the same commit."""
    answer = _paid_or_refused(session, asked, callback, now)
    kept = SnapRequest(
        partner=asked.partner, day=day_of(asked.received_at), external_id=asked.external_id, fingerprint=asked.fingerprint,
        status=answer.status, answer=dict(answer.body), made_at=now,
    )  # fmt: skip
    session.add(kept)
    return answer


def _paid_or_refused(session: Session, asked: Asked, callback: Mapping[str, Any], now: datetime) -> Answer:
    """A refusal here is an answer, not an error: the rules speak before anything is changed."""
    amount = int(callback["paidAmount"]["value"].removesuffix(".00"))
    bank = next(one.bank for one in tables.partners() if one.id == asked.partner)
    money = Incoming(bank, callback["paymentRequestId"], amount, Channel.VIRTUAL_ACCOUNT, asked.caller)
    try:
        return _success(callback, record_payment(session, by_virtual_account(session, callback["virtualAccountNo"]), money, now))
    except (RuleBroken, NotFound) as refusal:
        code = REFUSALS[refusal.code]
        return Answer(code.status, {"responseCode": code.response_code(), "responseMessage": code.message})


def _success(callback: Mapping[str, Any], payment: Payment) -> Answer:
    told = {
        "partnerServiceId": callback["partnerServiceId"], "customerNo": callback["customerNo"],
        "virtualAccountNo": callback["virtualAccountNo"], "paymentRequestId": payment.bank_reference,
        "paidAmount": {"value": f"{payment.amount}.00", "currency": "IDR"}, "referenceNo": payment.receipt_no,
    }  # fmt: skip
    about = {"responseCode": law.SUCCESS.response_code(), "responseMessage": law.SUCCESS.message}
    return Answer(law.SUCCESS.status, {**about, "virtualAccountData": told})
