"""`bills` by hand: prepared by an officer, issued by the head of the office; and the register of numbers."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from finance_sts.api.bills import BillView
from finance_sts.api.charged import charged
from finance_sts.model.bill import Bill
from finance_sts.model.bill_queries import register
from finance_sts.use_cases import drafts as use_cases
from finance_sts.use_cases.listings import one_office
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, page, session, shown

drafts = Blueprint("drafts", description="Bills by hand, and the register of numbers.")
HEADS_MOST = 20


class HeadRequest(Schema):
    account_code = fields.Code(required=True)
    amount = fields.Rupiah(min=1, required=True)


class PayerRequest(Schema):
    """Who owes. `sub` where they have an account: then they see the bill; `payer_no` is the NPWRD."""

    sub = fields.Code()
    name = fields.Text(min=1, max=200, required=True)
    address = fields.Text(min=1, max=500, required=True)
    payer_no = fields.Code(metadata={"description": "NPWRD, Nomor Pokok Wajib Retribusi Daerah"})


class DraftRequest(Schema):
    payer = fields.Nested(PayerRequest, required=True)
    heads = fields.List(fields.Nested(HeadRequest), required=True, validate=validate.Length(1, HEADS_MOST))
    due_rule = fields.Code(required=True)
    period_from = fields.Day(metadata={"description": "Masa retribusi: its first day, with `period_to`"})
    period_to = fields.Day()
    kecamatan_code = fields.Code(metadata={"description": "Where what is charged for lies"})
    replaces = fields.UUID(metadata={"description": "The open bill that this one corrects, cancelled when this one is issued"})
    reason_code = fields.Code(metadata={"description": "Why it is replaced"})


class RegisterQuery(Schema):
    year = fields.String(required=True, validate=validate.Regexp(r"20\d\d\Z"))
    office = fields.Code(metadata={"description": "For who oversees all offices"})


class RegisterLineView(Schema):
    """One number of the register, with what became of it."""

    number = fields.String()
    bill_id = fields.UUID(attribute="id")
    status = fields.String()
    total = fields.Rupiah()
    issued_at = fields.Moment()
    cancelled_at = fields.Moment(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    replaced_by = fields.UUID(allow_none=True)


@drafts.post("/bills")
@idempotent
@drafts.arguments(DraftRequest)
@drafts.response(201, BillView)
def prepare_bill(request: dict[str, Any]) -> Bill:
    """Prepare a bill: a draft without a number, which asks nobody for money yet."""
    return shown(use_cases.prepare(session(), actor(), request, now()))


@drafts.post("/bills/<uuid:bill_id>/issuance")
@drafts.response(200, BillView)
def issue_bill(bill_id: UUID) -> Bill:
    """Issue a draft, by another person than who prepared it: from now on it has a number and asks for money."""
    return use_cases.issue(session(), charged(bill_id), actor(), now())


@drafts.get("/bills/register")
@drafts.arguments(RegisterQuery, location="query")
@drafts.paged(RegisterLineView)
def list_bill_register(query: dict[str, Any]) -> dict[str, Any]:
    """Every number given to a bill of an office in a year, in its order, without a gap."""
    return page(register(f"SKRD/{one_office(actor(), query.get('office'))}/{query['year']}"), Bill.serial)
