"""`permits/{id}/works-notice`: the holder says when the building works begin."""

from datetime import date
from uuid import UUID

from licensing.api.permits import PermitView
from licensing.model.permit import Permit
from licensing.use_cases import works_notices as use_cases
from smartcity.http import Blueprint, Schema, case, fields, now, session

works = Blueprint("works_notices", description="The beginning of building works.")


class WorksNoticeRequest(Schema):
    starts_on = fields.Day(required=True, metadata={"description": "The day on which the works begin, or began"})


@works.post("/permits/<uuid:permit_id>/works-notice")
@works.arguments(WorksNoticeRequest)
@works.response(200, PermitView)
def give_works_notice(request: dict[str, date], permit_id: UUID) -> Permit:
    """Say when the works begin; without it the permit lapses on `works.lapses_on`."""
    return use_cases.notice(session(), case(Permit, permit_id), request["starts_on"], now())
