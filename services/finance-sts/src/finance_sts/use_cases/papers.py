"""The papers of finance-sts: the bill (SKRD) and the receipt (SSRD)."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.collection_step import CollectionStep, taken_on
from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.payment import Payment
from finance_sts.use_cases import tables
from finance_sts.use_cases.bill_paper import bill_content, bill_statement
from finance_sts.use_cases.deposit_slips import lines
from finance_sts.use_cases.objection_paper import OBJECTION_PAPER
from finance_sts.use_cases.overpayment_paper import OVERPAYMENT_PAPER
from finance_sts.use_cases.printed_words import amount_lines, in_words
from smartcity import access_log, documents
from smartcity.calendar import day_of, long_day
from smartcity.documents import Document, StoredDocument
from smartcity.errors import NotFound
from smartcity.http import Actor
from smartcity.http.languages import Messages
from smartcity.money import format_rupiah
from smartcity.offices import office_name
from smartcity.storage import get


def deliver(session: Session, actor: Actor, kind: str, about: Bill | Payment) -> StoredDocument:
    """The PDF; who is not its payer is recorded as having seen it."""
    if actor.sub != about.owner_sub:
        access_log.record(session, actor, about.owner_sub, (kind, str(about.id)), f"{kind} document read")
    return documents.deliver(session, kind, about.id)


def deliver_bill(session: Session, actor: Actor, bill: Bill) -> StoredDocument:
    """The PDF of a bill (SKRD), or of an STRD."""
    return deliver(session, actor, bill.paper, bill)


def deliver_warning_letter(session: Session, actor: Actor, bill: Bill, step_id: UUID) -> StoredDocument:
    """The PDF of a Surat Teguran of the bill; raises `NotFound` for a step that has none."""
    step = session.get(CollectionStep, step_id)
    if step is None or step.bill_id != bill.id or step.number is None:
        raise NotFound()
    if actor.sub != bill.owner_sub:
        access_log.record(session, actor, bill.owner_sub, ("warning_letter", str(step_id)), "warning letter read")
    return documents.deliver(session, "warning_letter", step_id)


def deliver_slip(session: Session, slip: DepositSlip) -> StoredDocument:
    """The PDF of a slip; nobody's name is on it."""
    return documents.deliver(session, "deposit_slip", slip.id)


def receipt_content(session: Session, payment_id: UUID) -> Mapping[str, Any]:
    """What the receipt prints."""
    payment = get(session, Payment, payment_id)
    bill = get(session, Bill, payment.bill_id)
    channel = Messages(("finance_sts",)).label(f"payment.channel.{payment.channel}", "id")
    return {
        "office": office_name(payment.office), "number": payment.receipt_no, "bill_no": bill.number, "payer_name": bill.payer_name,
        "lines": amount_lines((head.account_code, head.amount) for head in payment.heads), "total": format_rupiah(payment.amount),
        "words": in_words(payment.amount), "channel": channel,
        "paid_on": long_day(day_of(payment.paid_at)), "issued_on": long_day(payment.day),
        "treasurer": vars(tables.signatories(payment.office, payment.day).treasurer),
    }  # fmt: skip


def receipt_statement(session: Session, payment_id: UUID) -> Mapping[str, Any]:
    """What the receipt's QR code says."""
    payment = get(session, Payment, payment_id)
    return {"number": payment.receipt_no, "date": payment.day.isoformat(), "total": payment.amount}


def slip_content(session: Session, slip_id: UUID) -> Mapping[str, Any]:
    """What the deposit slip prints."""
    slip = get(session, DepositSlip, slip_id)
    deposited_on = day_of(slip.deposited_at) if slip.deposited_at else slip.day
    rule, account = tables.deposit_rule(slip.office, slip.day), tables.city_account_on(deposited_on)
    people = tables.signatories(slip.office, deposited_on)
    return {
        "office": office_name(slip.office), "number": slip.number, "bank": account.bank, "account_no": account.number,
        "day": long_day(slip.day), "lines": [[str(n), *line] for n, line in enumerate(amount_lines(lines(session, slip)), 1)],
        "total": format_rupiah(slip.total), "words": in_words(slip.total), "bank_reference": slip.deposit_reference,
        "deposited_on": long_day(deposited_on), "late": slip.late, "deposit_by": long_day(rule.deposit_by(slip.day)),
        "legal_basis": rule.legal_basis, "treasurer": vars(people.treasurer), "budget_user": vars(people.budget_user),
    }  # fmt: skip


def slip_statement(session: Session, slip_id: UUID) -> Mapping[str, Any]:
    """What the slip's QR code says."""
    slip = get(session, DepositSlip, slip_id)
    return {"number": slip.number, "date": slip.day.isoformat(), "total": slip.total}


def _percent(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",") + "%"


def warning_letter_content(session: Session, step_id: UUID) -> Mapping[str, Any]:
    """What the Surat Teguran prints."""
    step = session.get_one(CollectionStep, step_id)
    bill = get(session, Bill, step.bill_id)
    rule = tables.interest_rule(bill.due_on)
    return {
        "office": office_name(bill.office), "number": step.number, "payer_name": bill.payer_name, "payer_address": bill.payer_address,
        "bill_no": bill.number, "due_on": long_day(bill.due_on), "outstanding": format_rupiah(step.outstanding), "words": in_words(step.outstanding),
        "virtual_account_no": bill.virtual_account_no, "percent": _percent(rule.percent_per_month), "cap_months": rule.cap_months,
        "demand_on": long_day(step.day + timedelta(days=tables.collection_rule(bill.due_on).demand_days - 1)), "issued_on": long_day(step.day),
        "signer": vars(tables.signatories(bill.office, step.day).budget_user),
    }  # fmt: skip


def warning_letter_statement(session: Session, step_id: UUID) -> Mapping[str, Any]:
    """What the QR code of the Surat Teguran says."""
    step = session.get_one(CollectionStep, step_id)
    return {"number": step.number, "date": step.day.isoformat(), "total": step.outstanding}


def _warning_stands(session: Session, step_id: UUID) -> str:
    bill = get(session, Bill, session.get_one(CollectionStep, step_id).bill_id)
    return "valid" if bill.is_open else "superseded"


def demand_content(session: Session, demand_id: UUID) -> Mapping[str, Any]:
    """What the STRD prints: every claim of interest on its late bill up to its own, and what of them it asks for."""
    demand = get(session, Bill, demand_id)
    late = get(session, Bill, demand.ref_id)
    claims = [step for step in taken_on(session, late) if step.interest and step.id <= _claim(session, demand_id).id]
    interest, last = sum(step.interest or 0 for step in claims), claims[-1]
    return {
        **bill_content(session, demand_id),
        "bill_no": late.number, "bill_due_on": long_day(late.due_on), "bill_outstanding": format_rupiah(last.outstanding),
        "claims": [_claim_line(step) for step in claims], "interest": format_rupiah(interest), "account": demand.heads[0].account_code,
        "before": format_rupiah(interest - demand.total), "cap_months": last.cap_months, "legal_basis": last.legal_basis,
    }  # fmt: skip


def _claim(session: Session, demand_id: UUID) -> CollectionStep:
    """That of the STRD, or of the one in whose place it came over less."""
    step = session.scalar(sa.select(CollectionStep).where(CollectionStep.demand_id == demand_id))
    replaced = get(session, Bill, demand_id).replaces
    if step is None and replaced is not None:
        return _claim(session, replaced)
    if step is None:
        raise LookupError(f"STRD {demand_id} claims nothing")
    return step


def _claim_line(step: CollectionStep) -> list[str]:
    months = (
        f"{(step.months_before or 0) + 1}\u2013{step.months}" if (step.months_before or 0) + 1 < (step.months or 0) else str(step.months)
    )
    percent = _percent(step.percent_per_month or Decimal())
    return [long_day(step.day), format_rupiah(step.principal or 0), months, percent, format_rupiah(step.interest or 0)]


PAPERS = (
    Document("demand", "demand.typ", demand_content, bill_statement, lambda session, ident: get(session, Bill, ident).standing),
    Document("warning_letter", "warning_letter.typ", warning_letter_content, warning_letter_statement, _warning_stands),
    Document("bill", "bill.typ", bill_content, bill_statement, lambda session, ident: get(session, Bill, ident).standing),
    Document("receipt", "receipt.typ", receipt_content, receipt_statement, lambda session, ident: get(session, Payment, ident).standing),
    Document("deposit_slip", "deposit_slip.typ", slip_content, slip_statement, lambda session, ident: "valid"),
    OBJECTION_PAPER,
    OVERPAYMENT_PAPER,
)
