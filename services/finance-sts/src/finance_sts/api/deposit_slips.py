"""`deposit-slips` (STS): from the counter to the city's account."""

from typing import Any
from uuid import UUID

from flask import Response

from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.use_cases import deposit_slips as use_cases
from finance_sts.use_cases import papers
from finance_sts.use_cases.listings import visible
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

slips = Blueprint("deposit_slips", description="Deposit slips (STS).")


class SlipRequest(Schema):
    day = fields.Day(required=True)


class DepositRequest(Schema):
    bank_reference = fields.Code(required=True)


class ValidationRequest(Schema):
    credit_note = fields.Code(required=True)
    amount = fields.Rupiah(min=1, required=True, metadata={"description": "What the credit note says has arrived"})


class SlipView(Schema):
    id = fields.UUID()
    number = fields.String(allow_none=True)
    office = fields.String()
    day = fields.Day()
    total = fields.Rupiah()
    status = fields.String()
    late = fields.Boolean()
    deposited_at = fields.Moment(allow_none=True)
    deposit_reference = fields.String(allow_none=True)
    verify_code = fields.String(allow_none=True)
    validated_at = fields.Moment(allow_none=True)
    credit_note = fields.String(allow_none=True)
    credited_total = fields.Rupiah(allow_none=True)


class SlipLineView(Schema):
    account_code = fields.String()
    amount = fields.Rupiah()


class SlipLinesView(Schema):
    items = fields.List(fields.Nested(SlipLineView))


@slips.post("/deposit-slips")
@idempotent
@slips.arguments(SlipRequest)
@slips.response(201, SlipView)
def gather_deposit_slip(request: dict[str, Any]) -> DepositSlip:
    """Gather what the day has received into a slip."""
    return shown(use_cases.gather(session(), str(actor().office), request["day"], actor(), now()))


@slips.get("/deposit-slips")
@slips.paged(SlipView)
def list_deposit_slips() -> dict[str, Any]:
    """The slips of my office, or of all for the treasury; newest first."""
    return page(visible(DepositSlip, actor()), DepositSlip.id.desc())


@slips.get("/deposit-slips/<uuid:slip_id>")
@slips.response(200, SlipView)
def show_deposit_slip(slip_id: UUID) -> DepositSlip:
    """One slip."""
    return case(DepositSlip, slip_id)


@slips.get("/deposit-slips/<uuid:slip_id>/lines")
@slips.response(200, SlipLinesView)
def list_deposit_slip_lines(slip_id: UUID) -> dict[str, Any]:
    """What a slip holds, by account."""
    found = use_cases.lines(session(), case(DepositSlip, slip_id))
    return {"items": [{"account_code": code, "amount": amount} for code, amount in found]}


@slips.get("/deposit-slips/<uuid:slip_id>/document")
@slips.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_deposit_slip_document(slip_id: UUID) -> Response:
    """The slip's paper, once it is deposited."""
    paper = papers.deliver_slip(session(), case(DepositSlip, slip_id))
    return Response(paper.pdf, headers=dict(paper.headers))


@slips.post("/deposit-slips/<uuid:slip_id>/deposit")
@slips.arguments(DepositRequest)
@slips.response(200, SlipView)
def deposit_slip(request: dict[str, Any], slip_id: UUID) -> DepositSlip:
    """The bank has taken the money."""
    return use_cases.deposit(session(), case(DepositSlip, slip_id), actor(), request["bank_reference"], now())


@slips.post("/deposit-slips/<uuid:slip_id>/validation")
@slips.arguments(ValidationRequest)
@slips.response(200, SlipView)
def validate_deposit_slip(request: dict[str, Any], slip_id: UUID) -> DepositSlip:
    """The bank's credit note says what arrived."""
    return use_cases.validate(session(), case(DepositSlip, slip_id), actor(), (request["credit_note"], request["amount"]), now())
