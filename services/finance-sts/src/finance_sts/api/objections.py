"""`bills/{id}/objections`: the payer objects to a bill; the head decides, or time does."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import validate

from finance_sts.api.charged import charged, charged_with
from finance_sts.model.bill import Bill
from finance_sts.model.objection import Objection, ObjectionStatus, objections_of, undecided
from finance_sts.use_cases import objections as use_cases
from finance_sts.use_cases.listings import listed, sees_all
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

objections = Blueprint("objections", description="Objections against a bill (keberatan).")


class ObjectionRequest(Schema):
    amount_right = fields.Rupiah(required=True, min=0, metadata={"description": "What the payer thinks is owed; less than the bill"})
    reasons = fields.Text(required=True, min=20, max=4000, metadata={"description": "Why, in Indonesian"})


class ObjectionDecision(Schema):
    """`amount` (what is owed then) of `partly_granted` and `increased` only."""

    outcome = fields.String(required=True, validate=validate.OneOf(use_cases.OUTCOMES))
    amount = fields.Rupiah(min=1)
    grounds = fields.Text(required=True, min=10, max=4000)


class ObjectionWithdrawal(Schema):
    reason_code = fields.Code(required=True, metadata={"example": "mistaken"})


class ObjectionQuery(Schema):
    status = fields.Enum(ObjectionStatus, by_value=True)


class ObjectionLine(Schema):
    """An objection without what was written in it."""

    id = fields.UUID()
    bill_id = fields.UUID()
    office = fields.String()
    status = fields.String()
    amount_right = fields.Rupiah()
    filed_at = fields.Moment()
    decide_by = fields.Day(metadata={"description": "Last day for the decision; after it the objection is granted as filed"})
    amount_decided = fields.Rupiah(allow_none=True)
    decided_at = fields.Moment(allow_none=True)
    decision_no = fields.String(allow_none=True)
    verify_code = fields.String(allow_none=True)
    withdrawn_at = fields.Moment(allow_none=True)
    in_force_at = fields.Moment(
        allow_none=True, metadata={"description": "Since when what is owed follows it; another service's charge once it has reassessed"}
    )


class ObjectionView(ObjectionLine):
    reasons = fields.String()
    grounds = fields.String(allow_none=True)


class BillObjectionLine(ObjectionLine):
    """One against the bill."""


class UndecidedView(ObjectionLine):
    """One that waits for its decision."""


@objections.post("/bills/<uuid:bill_id>/objections")
@idempotent
@objections.arguments(ObjectionRequest)
@objections.response(201, ObjectionView)
def file_objection(request: dict[str, Any], bill_id: UUID) -> Objection:
    """Object to a bill. It is to be paid all the same; what was too much goes back with interest."""
    return shown(use_cases.file(session(), charged(bill_id), actor(), request, now()))


@objections.get("/bills/<uuid:bill_id>/objections")
@objections.paged(BillObjectionLine)
def list_bill_objections(bill_id: UUID) -> dict[str, Any]:
    """The objections against a bill, newest first."""
    return page(objections_of(case(Bill, bill_id).id), Objection.id.desc())


@objections.get("/bills/objections")
@objections.arguments(ObjectionQuery, location="query")
@objections.paged(ObjectionLine)
def list_objections(query: dict[str, Any]) -> dict[str, Any]:
    """My objections, or those against the bills of my office; newest first."""
    return page(listed(Objection, actor(), query.get("status")), Objection.id.desc())


@objections.get("/bills/objections/<uuid:objection_id>")
@objections.response(200, ObjectionView)
def show_objection(objection_id: UUID) -> Objection:
    """One objection, with its reasons and the grounds of the decision."""
    return use_cases.read(session(), case(Objection, objection_id), actor())


@objections.post("/bills/objections/<uuid:objection_id>/decision")
@objections.arguments(ObjectionDecision)
@objections.response(200, ObjectionView)
def decide_objection(request: dict[str, Any], objection_id: UUID) -> Objection:
    """Decide it, by another person than who prepared or issued the bill: what is owed follows at once."""
    return use_cases.decide(session(), charged_with(Objection, objection_id), actor(), request, now())


@objections.post("/bills/objections/<uuid:objection_id>/withdrawal")
@objections.arguments(ObjectionWithdrawal)
@objections.response(200, ObjectionView)
def withdraw_objection(request: dict[str, Any], objection_id: UUID) -> Objection:
    """Take it back before it is decided. Another may be filed while there is time."""
    return use_cases.withdraw(session(), charged_with(Objection, objection_id), request["reason_code"], now())


@objections.get("/bills/objections/<uuid:objection_id>/document")
@objections.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_objection_decision(objection_id: UUID) -> Response:
    """The decision's paper: PDF with QR."""
    paper = use_cases.deliver(session(), case(Objection, objection_id), actor())
    return Response(paper.pdf, headers=dict(paper.headers))


@objections.get("/work-queues/finance-sts/objections")
@objections.paged(UndecidedView)
def list_undecided_objections() -> dict[str, Any]:
    """What waits for a decision, of my office or of all; the first whose term ends."""
    return page(undecided(None if sees_all(actor()) else actor().office or ""), Objection.decide_by, Objection.id)
