"""`bills/{id}/reliefs`, `bills/{id}/write-offs`: what the city gives up of a bill, asked and decided by two people."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from finance_sts.api.charged import charged
from finance_sts.model.bill import Bill
from finance_sts.model.waiver import Waiver, WaiverKind, asked_for, waiting
from finance_sts.use_cases import payer_requests
from finance_sts.use_cases import waivers as use_cases
from finance_sts.use_cases.listings import sees_all
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session

waivers = Blueprint("waivers", description="Relief, exemption and write-off of a bill.")


class ReliefRequest(Schema):
    """`amount` or `percent` of the bill; neither asks to be exempted from the whole bill."""

    amount = fields.Rupiah(min=1)
    percent = fields.Exact(places=2, validate=validate.Range(0, 100, min_inclusive=False, max_inclusive=False))
    reason_code = fields.Code(required=True)


class WriteOffRequest(Schema):
    reason_code = fields.Code(required=True, metadata={"description": "`limitation` (it has run) or `decree`"})


class DecisionRequest(Schema):
    """`decision_no` grants, `refusal_code` refuses."""

    decision_no = fields.Text(min=1, max=80)
    refusal_code = fields.Code()


class WaiverWithdrawal(Schema):
    reason_code = fields.Code(required=True, metadata={"example": "mistaken"})


class WaiverView(Schema):
    id = fields.UUID()
    bill_id = fields.UUID()
    office = fields.String()
    kind = fields.String()
    amount = fields.Rupiah()
    reason_code = fields.String()
    status = fields.String()
    asked_at = fields.Moment()
    decide_by = fields.Day(allow_none=True, metadata={"description": "Until when it is to be decided"})
    decided_at = fields.Moment(allow_none=True)
    decision_no = fields.String(allow_none=True)
    refusal_code = fields.String(allow_none=True)
    ended_at = fields.Moment(allow_none=True, metadata={"description": "When it was taken back, or lapsed with its bill"})


class WaitingView(WaiverView):
    """One that waits for a decision."""


@waivers.post("/bills/<uuid:bill_id>/reliefs")
@idempotent
@waivers.arguments(ReliefRequest)
@waivers.response(201, WaiverView)
def ask_relief(request: dict[str, Any], bill_id: UUID) -> Waiver:
    """Ask that less is owed, or nothing."""
    return use_cases.ask_relief(session(), charged(bill_id), actor(), request, now())


@waivers.post("/bills/<uuid:bill_id>/reliefs/<uuid:waiver_id>/decision")
@waivers.arguments(DecisionRequest)
@waivers.response(200, WaiverView)
def decide_relief(request: dict[str, Any], bill_id: UUID, waiver_id: UUID) -> Waiver:
    """Grant or refuse it: a granted one replaces the bill by one over less, or ends it."""
    found = use_cases.of_bill(session(), charged(bill_id), waiver_id, use_cases.RELIEFS)
    return use_cases.decide(session(), found, actor(), request, now())


@waivers.post("/bills/<uuid:bill_id>/reliefs/<uuid:waiver_id>/withdrawal")
@waivers.arguments(WaiverWithdrawal)
@waivers.response(200, WaiverView)
def withdraw_relief(request: dict[str, Any], bill_id: UUID, waiver_id: UUID) -> Waiver:
    """Take it back before it is decided. Another may be asked."""
    waiver = use_cases.of_bill(session(), charged(bill_id), waiver_id, use_cases.RELIEFS)
    payer_requests.withdraw(waiver, request["reason_code"], now())
    return waiver


@waivers.post("/bills/<uuid:bill_id>/write-offs")
@idempotent
@waivers.arguments(WriteOffRequest)
@waivers.response(201, WaiverView)
def propose_write_off(request: dict[str, Any], bill_id: UUID) -> Waiver:
    """Propose to give up what is still owed."""
    return use_cases.propose_write_off(session(), charged(bill_id), actor(), request["reason_code"], now())


@waivers.post("/bills/<uuid:bill_id>/write-offs/<uuid:waiver_id>/decision")
@waivers.arguments(DecisionRequest)
@waivers.response(200, WaiverView)
def decide_write_off(request: dict[str, Any], bill_id: UUID, waiver_id: UUID) -> Waiver:
    """Grant or refuse it: a granted one writes the bill off."""
    found = use_cases.of_bill(session(), charged(bill_id), waiver_id, (WaiverKind.WRITE_OFF,))
    return use_cases.decide(session(), found, actor(), request, now())


@waivers.get("/bills/<uuid:bill_id>/waivers")
@waivers.paged(WaiverView)
def list_bill_waivers(bill_id: UUID) -> dict[str, Any]:
    """What was asked for a bill, and what became of it; newest first."""
    return page(asked_for(case(Bill, bill_id).id), Waiver.id.desc())


@waivers.get("/work-queues/finance-sts/waivers")
@waivers.paged(WaitingView)
def list_waiting_waivers() -> dict[str, Any]:
    """What waits for a decision, of my office or of all; oldest first."""
    return page(waiting(None if sees_all(actor()) else actor().office or ""), Waiver.id)
