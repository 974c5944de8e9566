"""`ledger/entries` (a correction proposed) and `ledger/corrections`: decided by another person."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from finance_sts.api.ledger import LineView
from finance_sts.model.correction import Correction
from finance_sts.use_cases import corrections as use_cases
from finance_sts.use_cases.listings import visible
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

corrections = Blueprint("corrections", description="What was booked wrongly is put right by a new entry; the wrong one stays.")


class SideRequest(Schema):
    account_code = fields.Code(required=True)
    debit = fields.Rupiah(load_default=0)
    credit = fields.Rupiah(load_default=0)


class CorrectionRequest(Schema):
    corrects = fields.UUID(required=True, metadata={"description": "The entry that was wrong"})
    reason_code = fields.Code(required=True)
    lines = fields.List(fields.Nested(SideRequest), required=True, validate=validate.Length(2, 50))


class CorrectionView(Schema):
    id = fields.UUID()
    office = fields.String()
    corrects = fields.UUID()
    reason_code = fields.String()
    status = fields.String()
    lines = fields.List(fields.Nested(LineView))
    proposed_at = fields.Moment()
    decided_at = fields.Moment(allow_none=True)
    entry_id = fields.UUID(allow_none=True)


@corrections.post("/ledger/entries")
@idempotent
@corrections.arguments(CorrectionRequest)
@corrections.response(201, CorrectionView)
def propose_correction(request: dict[str, Any]) -> Correction:
    """Propose an entry that puts another right; it is posted when another person approves."""
    sides = [use_cases.Side(**line) for line in request["lines"]]
    return shown(use_cases.propose(session(), actor(), request["corrects"], request["reason_code"], sides, now()))


@corrections.get("/ledger/corrections")
@corrections.paged(CorrectionView)
def list_corrections() -> dict[str, Any]:
    """The corrections of my office, or of all for the treasury; newest first."""
    return page(visible(Correction, actor()), Correction.id.desc())


@corrections.get("/ledger/corrections/<uuid:correction_id>")
@corrections.response(200, CorrectionView)
def show_correction(correction_id: UUID) -> Correction:
    """One correction."""
    return case(Correction, correction_id)


@corrections.post("/ledger/corrections/<uuid:correction_id>/approval")
@corrections.response(200, CorrectionView)
def approve_correction(correction_id: UUID) -> Correction:
    """Agree, as another person: the entry is posted on the open day."""
    return use_cases.approve(session(), case(Correction, correction_id), actor(), now())


@corrections.post("/ledger/corrections/<uuid:correction_id>/rejection")
@corrections.response(200, CorrectionView)
def reject_correction(correction_id: UUID) -> Correction:
    """Do not agree, as another person: nothing is posted."""
    return use_cases.reject(session(), case(Correction, correction_id), actor(), now())
