"""`permit-applications`: opened, changed, submitted, withdrawn by the applicant; listed and shown."""

import math
from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow import validate

from licensing.api.application_views import ApplicationProgressView, ApplicationStandingView, ApplicationView, SummaryView
from licensing.model.application_status import Status
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import permit_applications as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

applications = Blueprint("permit_applications", description="Applications for a permit, from draft to issue.")


def flat_value(value: Any) -> None:
    """Answers are flat: text without controls, whole and decimal numbers within bounds, yes and no."""
    if isinstance(value, str):
        fields.clean(value)
    elif isinstance(value, bool):
        return
    elif not isinstance(value, int | float) or not math.isfinite(value) or abs(value) >= fields.BIGGEST:
        raise ma.ValidationError("does-not-fit")


class Position(Schema):
    lat = fields.Float(required=True, allow_nan=False, validate=validate.Range(-90, 90), metadata={"example": 3.5796})
    lon = fields.Float(required=True, allow_nan=False, validate=validate.Range(-180, 180), metadata={"example": 98.6869})

    @ma.validates_schema
    def _both(self, data: dict[str, float], **_: Any) -> None:
        """Also where a change names only what changes: half a position is none."""
        if missing := {"lat", "lon"} - set(data):
            raise ma.ValidationError({name: ["required"] for name in sorted(missing)})


class Particulars(Schema):
    applicant_name = fields.Text(min=1, max=120, required=True)
    applicant_address = fields.Text(min=1, max=300, required=True)
    site_address = fields.Text(min=1, max=300, required=True)
    kelurahan_code = fields.Code(required=True)
    position = fields.Nested(Position, allow_none=True, metadata={"description": "Where the site is (WGS 84), inside Medan"})
    answers = fields.Dict(
        keys=fields.Text(min=1, max=60), values=fields.Raw(validate=flat_value), required=True, validate=validate.Length(max=60),
        metadata={"description": "As `questions` of the permit type asks", "example": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"}},
    )  # fmt: skip


class ChangeRequest(Particulars):
    """Only what changes."""

    def __init__(self, **more: Any) -> None:
        super().__init__(partial=True, **more)


class ApplicationRequest(Particulars):
    permit_type = fields.Code(required=True)
    nib = fields.String(
        validate=validate.Regexp(r"[0-9]{13}\Z", error="nib-malformed"),
        metadata={"description": "Business identification number (NIB) of a business that applies", "example": "8120001234567"},
    )
    applicant = fields.Code(metadata={"description": "The `sub` of a company one acts for, which then is the applicant; with its `nib`"})
    continues_id = fields.UUID(metadata={"description": "An application of one's own that ended with: to be registered anew"})


class WithdrawalRequest(Schema):
    reason_code = fields.Code(required=True)


class ListQuery(Schema):
    status = fields.Enum(Status, by_value=True)
    mine = fields.Boolean(load_default=False)
    company = fields.Code(metadata={"description": "Only of this company, which one acts for"})


class SummaryQuery(Schema):
    company = fields.Code(metadata={"description": "Only of this company, which one acts for"})


@applications.post("/permit-applications")
@idempotent
@applications.arguments(ApplicationRequest)
@applications.response(201, ApplicationView)
def open_application(request: dict[str, Any]) -> PermitApplication:
    """Open an application for a permit, as a draft."""
    return shown(use_cases.open_draft(session(), actor(), now(), request))


@applications.get("/permit-applications")
@applications.arguments(ListQuery, location="query")
@applications.paged(ApplicationProgressView)
def list_applications(query: dict[str, Any]) -> dict[str, Any]:
    """My applications and those of the companies I act for (of one: `company`), or those of my office; newest first."""
    found = use_cases.listed(actor(), query.get("status"), mine=query["mine"], company=query.get("company"))
    return page(found, PermitApplication.id.desc())


@applications.get("/permit-applications/summary")
@applications.arguments(SummaryQuery, location="query")
@applications.response(200, SummaryView)
def summarize_applications(query: dict[str, Any]) -> dict[str, Any]:
    """How many of my applications and permits, with those of the companies I act for, are in each state."""
    return use_cases.counted(session(), actor(), query.get("company"))


@applications.get("/permit-applications/<uuid:application_id>")
@applications.response(200, ApplicationView)
def show_application(application_id: UUID) -> PermitApplication:
    """One application with its documents, assessments, bills and history."""
    return use_cases.show(session(), actor(), case(PermitApplication, application_id))


@applications.patch("/permit-applications/<uuid:application_id>")
@applications.arguments(ChangeRequest)
@applications.response(200, ApplicationView)
def change_application(request: dict[str, Any], application_id: UUID) -> PermitApplication:
    """Mend particulars or answers while the application is a draft or was given back."""
    return use_cases.change(case(PermitApplication, application_id), now(), request)


@applications.post("/permit-applications/<uuid:application_id>/submission")
@idempotent
@applications.response(200, ApplicationStandingView)
def submit_application(application_id: UUID) -> PermitApplication:
    """Hand the application in, first or again after it was given back."""
    return use_cases.submit(session(), actor(), case(PermitApplication, application_id), now())


@applications.post("/permit-applications/<uuid:application_id>/withdrawal")
@applications.arguments(WithdrawalRequest)
@applications.response(200, ApplicationStandingView)
def withdraw_application(request: dict[str, Any], application_id: UUID) -> PermitApplication:
    """Take the application back."""
    return use_cases.withdraw(case(PermitApplication, application_id), actor(), request["reason_code"], now())
