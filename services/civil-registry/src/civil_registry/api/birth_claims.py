"""`birth-registrations/claims` and `birth-notifications`: what somebody else tells of a birth, and how it becomes the parent's."""

from typing import Any

from marshmallow import validate

from civil_registry.api.birth_particulars import Child, Father, Mother
from civil_registry.api.birth_views import RegistrationStandingView
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.use_cases import birth_notifications
from civil_registry.use_cases import claims as use_cases
from civil_registry.use_cases.birth_notifications import Noted
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, session, shown

claims = Blueprint("birth_claims", description="Births filed for a parent, at the counter or by a hospital, and claimed by them.")


class ClaimRequest(Schema):
    code = fields.String(required=True, validate=validate.Length(1, 40), metadata={"description": "Of the slip or the hospital's letter"})
    nik = fields.Nik(required=True, metadata={"description": "Of the mother, the father or the reporter"})


class NotifiedChild(Child):
    name = fields.Text(min=1, max=60, load_default=None, allow_none=True, metadata={"description": "Parents may still be choosing"})


class NotificationRequest(Schema):
    reference = fields.Code(
        required=True, metadata={"description": "The hospital's own number of this notification", "example": "RSP-2026-000123"}
    )
    child = fields.Nested(NotifiedChild, required=True)
    mother = fields.Nested(Mother, required=True)
    father = fields.Nested(Father, load_default=None, allow_none=True)


class NotificationView(Schema):
    id = fields.UUID()
    reference = fields.String()
    notified_at = fields.Moment()
    claim_code = fields.String(metadata={"description": "To be printed on the mother's letter"})


@claims.post("/birth-notifications")
@idempotent
@claims.arguments(NotificationRequest)
@claims.response(201, NotificationView)
def notify_birth(request: dict[str, Any]) -> Noted:
    """A hospital tells of a birth: a draft waits for the parent. The same notification again is harmless."""
    return birth_notifications.notify(session(), actor(), now(), request)


@claims.post("/birth-registrations/claims")
@claims.arguments(ClaimRequest)
@claims.response(200, RegistrationStandingView)
def claim_birth_registration(request: dict[str, Any]) -> BirthRegistration:
    """Make a registration one's own that was filed for one. Twice is once."""
    return shown(use_cases.claim(session(), actor(), now(), request["code"], request["nik"]))
