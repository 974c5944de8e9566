"""The decision on an objection, as it is printed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.objection import Objection, ObjectionStatus
from finance_sts.use_cases import tables
from finance_sts.use_cases.printed_words import in_words
from smartcity.calendar import day_of, long_day
from smartcity.documents import Document
from smartcity.http.languages import Messages
from smartcity.money import format_rupiah
from smartcity.offices import office_name
from smartcity.storage import get


def decision_content(session: Session, objection_id: UUID) -> Mapping[str, Any]:
    """What the decision prints."""
    objection = get(session, Objection, objection_id)
    bill = get(session, Bill, objection.bill_id)
    day, owed = _decided_on(objection), objection.amount_decided or 0
    return {
        "office": office_name(bill.office), "number": objection.decision_no, "payer_name": bill.payer_name, "payer_address": bill.payer_address,
        "bill_no": bill.number, "bill_on": long_day(day_of(bill.issued_at)), "filed_on": long_day(day_of(objection.filed_at)),
        "reasons": objection.reasons, "total": format_rupiah(bill.total), "right": format_rupiah(objection.amount_right),
        "outcome": Messages(("finance_sts",)).label(f"objection.status.{objection.status}", "id"), "grounds": objection.grounds,
        "decided": format_rupiah(owed), "words": in_words(owed), "decide_by": long_day(objection.decide_by),
        "deemed": objection.status is ObjectionStatus.DEEMED_GRANTED, "reduced": objection.may_reduce,
        "legal_basis": tables.objection_rule(day_of(bill.issued_at)).legal_basis,
        "signer": vars(tables.signatories(bill.office, day).budget_user), "issued_on": long_day(day),
    }  # fmt: skip


def _decided_on(objection: Objection) -> date:
    if objection.decided_at is None:
        raise LookupError(f"objection {objection.id} is not decided")
    return day_of(objection.decided_at)


def decision_statement(session: Session, objection_id: UUID) -> Mapping[str, Any]:
    """What the QR code of the decision says."""
    objection = get(session, Objection, objection_id)
    decided = {"outcome": objection.status.value, "total": objection.amount_decided}
    return {"number": objection.decision_no, "date": _decided_on(objection).isoformat(), **decided}


OBJECTION_PAPER = Document(
    "objection_decision", "objection_decision.typ", decision_content, decision_statement, lambda session, ident: "valid"
)
