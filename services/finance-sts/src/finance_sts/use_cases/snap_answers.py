"""`virtualAccountData` of SNAP's answers: what is owed, what was paid."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill, BillStatus
from finance_sts.model.bill_queries import Which, the_bill
from finance_sts.model.payment import Channel, Payment, paid_on
from smartcity.errors import NotFound, RuleBroken

ASKED = ("partnerServiceId", "customerNo", "virtualAccountNo")


def rupiah(amount: int) -> dict[str, str]:
    """Whole rupiah as SNAP writes them."""
    return {"value": f"{amount}.00", "currency": "IDR"}


def recognisable(name: str) -> str:
    """A payer's name as a stranger at a counter may see it: the first word, and the first letter of the others."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{word[0]}." for word in others)])


def owed(question: Mapping[str, Any], bill: Bill) -> Mapping[str, Any]:
    """What a virtual account takes now; raises `bill-already-paid`, `virtual-account-expired`."""
    if bill.status is BillStatus.PAID:
        raise RuleBroken("bill-already-paid", bill_no=bill.number)
    if not bill.is_open:
        raise RuleBroken("virtual-account-expired")
    line = {
        "billNo": bill.number, "billDescription": {"english": "Retribution", "indonesia": "Retribusi"}, "billAmount": rupiah(bill.outstanding),
    }  # fmt: skip
    return {
        **{name: question[name] for name in ASKED}, "inquiryRequestId": question["inquiryRequestId"],
        "virtualAccountName": recognisable(bill.payer_name), "totalAmount": rupiah(bill.outstanding), "inquiryStatus": "00",
        "inquiryReason": {"english": "Success", "indonesia": "Sukses"}, "billDetails": [line],
    }  # fmt: skip


def paid(callback: Mapping[str, Any], payment: Payment) -> Mapping[str, Any]:
    """A payment that was credited, now or before."""
    return {
        **{name: callback[name] for name in ASKED}, "paymentRequestId": payment.bank_reference,
        "paidAmount": rupiah(payment.amount), "referenceNo": payment.receipt_no,
    }  # fmt: skip


def known(session: Session, which: Which, question: Mapping[str, Any]) -> Mapping[str, Any]:
    """The payment asked for, or the newest of the virtual account; raises `payment-unknown`, `virtual-account-unknown`.

    A payment has the number of its inquiry (SNAP BI); a bank that gives it one of its own asks by that.
    """
    bill = the_bill(session, which)
    found = paid_on(bill.id).where(Payment.channel == Channel.VIRTUAL_ACCOUNT)
    if asked := question.get("paymentRequestId") or question.get("inquiryRequestId"):
        found = found.where(Payment.bank_reference == asked)
    payment = session.scalars(found.order_by(Payment.id.desc()).limit(1)).one_or_none()
    if payment is None:
        raise NotFound("payment-unknown")
    moment = payment.paid_at.isoformat(timespec="seconds")
    inquiry = {"inquiryRequestId": question.get("inquiryRequestId", payment.bank_reference)}
    return {**paid(question, payment), **inquiry, "paymentFlagStatus": "00", "transactionDate": moment}
