"""What the head does about a permit, and what its holder answers: each a sub-resource of the permit."""

from typing import Any
from uuid import UUID

from licensing.api.permits import PermitView
from licensing.model.permit import Permit
from licensing.use_cases import corrections
from licensing.use_cases import permit_measures as use_cases
from licensing.use_cases.permit_measures import Notice
from smartcity.http import Blueprint, Schema, actor, case, fields, now, session, shown

measures = Blueprint("permit_measures", description="Permits corrected, suspended, revoked: first a notice, then the measure.")


class NoticeRequest(Schema):
    reason_code = fields.Code(required=True, metadata={"example": "built-otherwise"})
    text = fields.Text(
        min=1, max=4000, required=True,
        metadata={"description": "The notice as the holder reads it", "example": "Garis sempadan dilanggar 2 meter; bongkar atau ajukan perubahan."},
    )  # fmt: skip


class SuspensionRequest(NoticeRequest):
    starts_on = fields.Day(required=True, metadata={"description": "After the days in which the holder may answer"})
    ends_on = fields.Day(required=True)


class RevocationRequest(Schema):
    reason_code = fields.Code(required=True)
    text = fields.Text(min=1, max=4000, load_default="", metadata={"description": "Needed where no notice went before"})


class CorrectedRequest(Schema):
    """Only what changes."""

    holder_name = fields.Text(min=1, max=120)
    holder_address = fields.Text(min=1, max=300)
    site_address = fields.Text(min=1, max=300)
    kelurahan_code = fields.Code()


class CorrectionRequest(NoticeRequest):
    changes = fields.Nested(CorrectedRequest, required=True)


class NoticeAnswerRequest(Schema):
    text = fields.Text(min=1, max=4000, required=True)


def _notice(request: dict[str, Any]) -> Notice:
    return Notice(request["reason_code"], request["text"])


@measures.post("/permits/<uuid:permit_id>/correction")
@measures.arguments(CorrectionRequest)
@measures.response(201, PermitView)
def correct_permit(request: dict[str, Any], permit_id: UUID) -> Permit:
    """Correct what was written wrongly: a permit in its place, whose number and paper are new. The old paper is superseded."""
    permit = case(Permit, permit_id)
    return shown(corrections.correct(session(), permit, actor(), _notice(request), request["changes"], now()))


@measures.post("/permits/<uuid:permit_id>/suspension")
@measures.arguments(SuspensionRequest)
@measures.response(200, PermitView)
def suspend_permit(request: dict[str, Any], permit_id: UUID) -> Permit:
    """Announce that the permit will not hold in these days; for some reasons from today on."""
    period = (request["starts_on"], request["ends_on"])
    return use_cases.suspend(session(), case(Permit, permit_id), actor(), _notice(request), period, now())


@measures.post("/permits/<uuid:permit_id>/suspension/lifting")
@measures.response(200, PermitView)
def lift_permit_suspension(permit_id: UUID) -> Permit:
    """Let the permit stand again, or take the notice of a suspension back."""
    return use_cases.lift_suspension(session(), case(Permit, permit_id), actor(), now())


@measures.post("/permits/<uuid:permit_id>/revocation-notice")
@measures.arguments(NoticeRequest)
@measures.response(200, PermitView)
def announce_permit_revocation(request: dict[str, Any], permit_id: UUID) -> Permit:
    """Tell the holder why the permit is to be revoked; they may answer until `answer_until`."""
    return use_cases.announce_revocation(case(Permit, permit_id), actor(), _notice(request), now())


@measures.post("/permits/<uuid:permit_id>/answer")
@measures.arguments(NoticeAnswerRequest)
@measures.response(200, PermitView)
def answer_permit_notice(request: dict[str, Any], permit_id: UUID) -> Permit:
    """The holder answers a notice, once."""
    return use_cases.answer(case(Permit, permit_id), request["text"], now())


@measures.post("/permits/<uuid:permit_id>/revocation")
@measures.arguments(RevocationRequest)
@measures.response(200, PermitView)
def revoke_permit(request: dict[str, Any], permit_id: UUID) -> Permit:
    """Revoke the permit, after its notice; whoever verifies it sees so at once."""
    return use_cases.revoke(case(Permit, permit_id), actor(), _notice(request), now())
