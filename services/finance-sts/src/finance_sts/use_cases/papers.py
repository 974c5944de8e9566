"""The papers of finance-sts: the bill (SKRD) and the receipt (SSRD)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.payment import Payment
from finance_sts.use_cases import tables
from finance_sts.use_cases.deposit_slips import lines
from smartcity import access_log, documents
from smartcity.calendar import day_of
from smartcity.documents import Document, StoredDocument
from smartcity.documents.render import qr_svg
from smartcity.http import Actor
from smartcity.http.languages import Messages
from smartcity.money import format_rupiah, terbilang
from smartcity.offices import office_name
from smartcity.storage import get

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")


def deliver(session: Session, actor: Actor, kind: str, about: Bill | Payment) -> StoredDocument:
    """The PDF; who is not its payer is recorded as having seen it."""
    if actor.sub != about.owner_sub:
        access_log.record(session, actor, about.owner_sub, (kind, str(about.id)), f"{kind} document read")
    return documents.deliver(session, kind, about.id)


def deliver_slip(session: Session, slip: DepositSlip) -> StoredDocument:
    """The PDF of a slip; nobody's name is on it."""
    return documents.deliver(session, "deposit_slip", slip.id)


def _long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _lines(parts: Iterable[tuple[str, int]]) -> list[list[str]]:
    return [[code, tables.account(code).name, format_rupiah(amount)] for code, amount in parts]


def _words(amount: int) -> str:
    return f"{terbilang(amount)} rupiah"


def bill_content(session: Session, bill_id: UUID) -> Mapping[str, Any]:
    """What the bill prints."""
    bill = get(session, Bill, bill_id)
    return {
        "office": office_name(bill.office), "number": bill.number, "payer_name": bill.payer_name, "payer_address": bill.payer_address,
        "lines": _lines((head.account_code, head.amount) for head in bill.heads), "total": format_rupiah(bill.total),
        "words": _words(bill.total), "due_on": _long(bill.due_on), "virtual_account_no": bill.virtual_account_no,
        "qris": qr_svg(bill.qris_payload), "issued_on": _long(day_of(bill.issued_at)),
    }  # fmt: skip


def bill_statement(session: Session, bill_id: UUID) -> Mapping[str, Any]:
    """What the bill's QR code says."""
    bill = get(session, Bill, bill_id)
    return {"number": bill.number, "date": day_of(bill.issued_at).isoformat(), "total": bill.total, "due_on": bill.due_on.isoformat()}


def receipt_content(session: Session, payment_id: UUID) -> Mapping[str, Any]:
    """What the receipt prints."""
    payment = get(session, Payment, payment_id)
    bill = get(session, Bill, payment.bill_id)
    channel = Messages(("finance_sts",)).label(f"payment.channel.{payment.channel}", "id")
    return {
        "office": office_name(payment.office), "number": payment.receipt_no, "bill_no": bill.number, "payer_name": bill.payer_name,
        "lines": _lines((head.account_code, head.amount) for head in payment.heads), "total": format_rupiah(payment.amount),
        "words": _words(payment.amount), "channel": channel,
        "paid_on": _long(day_of(payment.paid_at)), "issued_on": _long(payment.day),
    }  # fmt: skip


def receipt_statement(session: Session, payment_id: UUID) -> Mapping[str, Any]:
    """What the receipt's QR code says."""
    payment = get(session, Payment, payment_id)
    return {"number": payment.receipt_no, "date": payment.day.isoformat(), "total": payment.amount}


def slip_content(session: Session, slip_id: UUID) -> Mapping[str, Any]:
    """What the deposit slip prints."""
    slip = get(session, DepositSlip, slip_id)
    return {
        "office": office_name(slip.office), "number": slip.number, "day": _long(slip.day), "lines": _lines(lines(session, slip)),
        "total": format_rupiah(slip.total), "words": _words(slip.total), "bank_reference": slip.deposit_reference,
        "deposited_on": _long(day_of(slip.deposited_at)) if slip.deposited_at else "",
    }  # fmt: skip


def slip_statement(session: Session, slip_id: UUID) -> Mapping[str, Any]:
    """What the slip's QR code says."""
    slip = get(session, DepositSlip, slip_id)
    return {"number": slip.number, "date": slip.day.isoformat(), "total": slip.total}


PAPERS = (
    Document("bill", "bill.typ", bill_content, bill_statement, lambda session, ident: get(session, Bill, ident).standing),
    Document("receipt", "receipt.typ", receipt_content, receipt_statement, lambda session, ident: get(session, Payment, ident).standing),
    Document("deposit_slip", "deposit_slip.typ", slip_content, slip_statement, lambda session, ident: "valid"),
)
