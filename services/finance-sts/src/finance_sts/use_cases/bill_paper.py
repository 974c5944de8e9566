"""What the bill (SKRD) prints: everything a payer must know to pay it in time, or to object."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.use_cases import tables
from finance_sts.use_cases.printed_words import amount_lines, in_words
from smartcity.calendar import day_of, long_day
from smartcity.documents.render import qr_svg
from smartcity.money import format_rupiah
from smartcity.offices import office_name
from smartcity.storage import get

NO_SANCTION = format_rupiah(0)
"""Interest and increase are claimed later, by an STRD; the form has their lines."""


def bill_content(session: Session, bill_id: UUID) -> Mapping[str, Any]:
    """What the bill prints."""
    bill = get(session, Bill, bill_id)
    day = day_of(bill.issued_at)
    carried, to_pay = bill.carried_total, bill.total - bill.carried_total
    return {
        "office": office_name(bill.office), "number": bill.number, "payer_name": bill.payer_name, "payer_address": bill.payer_address,
        "payer_no": bill.payer_no, "period": _period(bill), "year": str((bill.period_to or day).year), "replaces": _replaced_no(session, bill),
        "due_on": long_day(bill.due_on), "lines": amount_lines((head.account_code, head.amount) for head in bill.heads),
        "total": format_rupiah(bill.total), "interest": NO_SANCTION, "increase": NO_SANCTION,
        "carried": f"-{format_rupiah(carried)}" if carried else None, "to_pay": format_rupiah(to_pay), "words": in_words(to_pay),
        "virtual_account_no": _in_fours(bill.virtual_account_no), "qris": qr_svg(bill.qris_payload),
        "notes": tables.bill_notes(day), "signer": vars(tables.signatories(bill.office, day).budget_user), "issued_on": long_day(day),
    }  # fmt: skip


def _in_fours(account_no: str) -> str:
    """The bank's number and the customer's sixteen digits, as a person types them."""
    customer = account_no[-16:]
    return " ".join([account_no[:-16], *(customer[at : at + 4] for at in range(0, 16, 4))])


def _period(bill: Bill) -> str | None:
    if bill.period_from is None or bill.period_to is None:
        return None
    return f"{long_day(bill.period_from)} – {long_day(bill.period_to)}"


def _replaced_no(session: Session, bill: Bill) -> str | None:
    return get(session, Bill, bill.replaces).number if bill.replaces else None


def bill_statement(session: Session, bill_id: UUID) -> Mapping[str, Any]:
    """What the bill's QR code says."""
    bill = get(session, Bill, bill_id)
    return {"number": bill.number, "date": day_of(bill.issued_at).isoformat(), "total": bill.total, "due_on": bill.due_on.isoformat()}
