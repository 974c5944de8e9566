"""The SKRDLB, as it is printed: what was paid too much, what it bears, and what becomes of it; signed by the head of the treasury, who agreed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.payment import Payment
from finance_sts.model.refund import Refund
from finance_sts.use_cases import tables
from finance_sts.use_cases.listings import TREASURY
from finance_sts.use_cases.printed_words import in_words
from smartcity.calendar import day_of, long_day
from smartcity.documents import Document
from smartcity.http.languages import Messages
from smartcity.money import format_rupiah
from smartcity.offices import office_name
from smartcity.storage import get


def overpayment_content(session: Session, refund_id: UUID) -> Mapping[str, Any]:
    """What the SKRDLB prints."""
    refund = get(session, Refund, refund_id)
    bill, payment, day = get(session, Bill, refund.bill_id), get(session, Payment, refund.payment_id), _assessed_on(refund)
    other = get(session, Bill, refund.credit_to).number if refund.credit_to and refund.credited else None
    return {
        "office": office_name(refund.office), "number": refund.number, "payer_name": bill.payer_name, "payer_address": bill.payer_address,
        "payer_no": bill.payer_no, "bill_no": bill.number, "receipt_no": payment.receipt_no, "paid_on": long_day(day_of(payment.paid_at)),
        "reason": Messages(("finance_sts",)).label(f"reason.{refund.reason_code}", "id"), "amount": format_rupiah(refund.amount),
        "interest": format_rupiah(refund.interest), "months": refund.interest_months, "legal_basis": refund.legal_basis,
        "percent": f"{(refund.percent_per_month or 0):f}".rstrip("0").rstrip(".").replace(".", ","), "total": format_rupiah(refund.owed),
        "words": in_words(refund.owed), "credited": format_rupiah(refund.credited), "credit_to": other, "payout": format_rupiah(refund.owed - refund.credited),
        "pay_by": long_day(refund.pay_by) if refund.pay_by else None,
        "signed_by": office_name(TREASURY), "signer": vars(tables.signatories(TREASURY, day).budget_user), "issued_on": long_day(day),
    }  # fmt: skip


def _assessed_on(refund: Refund) -> date:
    if refund.approved_at is None:
        raise LookupError(f"refund {refund.id} is not approved")
    return day_of(refund.approved_at)


def overpayment_statement(session: Session, refund_id: UUID) -> Mapping[str, Any]:
    """What the QR code of the SKRDLB says."""
    refund = get(session, Refund, refund_id)
    return {"number": refund.number, "date": _assessed_on(refund).isoformat(), "total": refund.owed}


OVERPAYMENT_PAPER = Document(
    "overpayment",
    "overpayment.typ",
    overpayment_content,
    overpayment_statement,
    lambda session, ident: get(session, Refund, ident).standing,
)
