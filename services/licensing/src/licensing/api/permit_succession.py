"""The permit that comes after: renewal, amendment, and the calendar of what ends."""

from uuid import UUID

from flask import Response

from licensing.api.application_views import ApplicationView
from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import succession as use_cases
from licensing.use_cases.renewal_calendar import renewal_calendar
from smartcity.http import Blueprint, actor, case, idempotent, now, session, shown
from smartcity.http.languages import Messages, language

succession = Blueprint("permit_succession", description="Permits renewed and amended; nothing is typed again.")


@succession.post("/permits/<uuid:permit_id>/renewal")
@idempotent
@succession.response(201, ApplicationView)
def ask_for_renewal(permit_id: UUID) -> PermitApplication:
    """Open an application that renews the permit: a draft with all it says and its documents, ready to be submitted."""
    return shown(use_cases.ask_for_renewal(session(), case(Permit, permit_id), actor(), now()))


@succession.post("/permits/<uuid:permit_id>/amendment")
@idempotent
@succession.response(201, ApplicationView)
def ask_for_amendment(permit_id: UUID) -> PermitApplication:
    """Open an application that amends the permit: a draft with all it says, in which the holder changes what is to be another."""
    return shown(use_cases.ask_for_amendment(session(), case(Permit, permit_id), actor(), now()))


@succession.get("/permits/renewals.ics")
@succession.response(200, {"type": "string"}, content_type="text/calendar")
def read_renewal_calendar() -> Response:
    """My permits that end, and those of the companies I act for, as iCalendar: the last day of each, and an alarm when it is time to renew."""
    words = Messages(("licensing",)).section("labels", language())
    return Response(renewal_calendar(session(), actor(), words), content_type="text/calendar; charset=utf-8")
