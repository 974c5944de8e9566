"""`bills/{id}/instalments`: to pay a bill in parts, by agreement."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from finance_sts.api.charged import charged, charged_with
from finance_sts.model.bill import Bill
from finance_sts.model.instalments import InstalmentAgreement, agreements_of, waiting
from finance_sts.use_cases import instalments as use_cases
from finance_sts.use_cases import payer_requests
from finance_sts.use_cases.listings import sees_all
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

instalments = Blueprint("instalments", description="Agreements to pay a bill in instalments.")
MOST = 24


class PartSchema(Schema):
    due_on = fields.Day(required=True)
    amount = fields.Rupiah(required=True, min=1)


class AgreementRequest(Schema):
    parts = fields.List(fields.Nested(PartSchema), required=True, validate=validate.Length(2, MOST))


class AgreementDecision(Schema):
    granted = fields.Boolean(required=True)


class AgreementView(Schema):
    """Its parts are filled in their order by what comes in after it is in force."""

    id = fields.UUID()
    bill_id = fields.UUID()
    office = fields.String()
    status = fields.String()
    parts = fields.List(fields.Nested(PartSchema))
    asked_at = fields.Moment()
    decide_by = fields.Day(allow_none=True, metadata={"description": "Until when it is to be decided"})
    decided_at = fields.Moment(allow_none=True)
    ended_at = fields.Moment(allow_none=True, metadata={"description": "When it was taken back, had lapsed, was kept or missed"})


class WaitingAgreementView(AgreementView):
    """One that waits for a decision."""


class AgreementWithdrawal(Schema):
    reason_code = fields.Code(required=True, metadata={"example": "mistaken"})


@instalments.post("/bills/<uuid:bill_id>/instalments")
@idempotent
@instalments.arguments(AgreementRequest)
@instalments.response(201, AgreementView)
def ask_instalments(request: dict[str, Any], bill_id: UUID) -> InstalmentAgreement:
    """Ask to pay what is still owed in parts."""
    parts = [(part["due_on"], part["amount"]) for part in request["parts"]]
    return shown(use_cases.ask(session(), charged(bill_id), actor(), parts, now()))


@instalments.get("/bills/<uuid:bill_id>/instalments")
@instalments.paged(AgreementView)
def list_instalments(bill_id: UUID) -> dict[str, Any]:
    """The agreements asked for the bill, newest first."""
    return page(agreements_of(case(Bill, bill_id).id), InstalmentAgreement.id.desc())


@instalments.get("/bills/instalments/<uuid:agreement_id>")
@instalments.response(200, AgreementView)
def show_instalments(agreement_id: UUID) -> InstalmentAgreement:
    """One agreement."""
    return case(InstalmentAgreement, agreement_id)


@instalments.post("/bills/instalments/<uuid:agreement_id>/decision")
@instalments.arguments(AgreementDecision)
@instalments.response(200, AgreementView)
def decide_instalments(request: dict[str, Any], agreement_id: UUID) -> InstalmentAgreement:
    """Agree or refuse, by another person than who asked."""
    return use_cases.decide(session(), charged_with(InstalmentAgreement, agreement_id), actor(), granted=request["granted"], now=now())


@instalments.post("/bills/instalments/<uuid:agreement_id>/withdrawal")
@instalments.arguments(AgreementWithdrawal)
@instalments.response(200, AgreementView)
def withdraw_instalments(request: dict[str, Any], agreement_id: UUID) -> InstalmentAgreement:
    """Take the request back before it is decided. Another may be made."""
    agreement = charged_with(InstalmentAgreement, agreement_id)
    payer_requests.withdraw(agreement, request["reason_code"], now())
    return agreement


@instalments.get("/work-queues/finance-sts/instalments")
@instalments.paged(WaitingAgreementView)
def list_waiting_instalments() -> dict[str, Any]:
    """What waits for a decision, of my office or of all; oldest first."""
    return page(waiting(None if sees_all(actor()) else actor().office or ""), InstalmentAgreement.id)
