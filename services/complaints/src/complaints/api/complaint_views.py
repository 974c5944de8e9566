"""How a complaint looks outside: to everybody, to the office, to its reporter and the coordinator."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from complaints.model.complaint import Complaint
from complaints.use_cases.visibility import Level, lines_for, photos_for
from smartcity.http import Schema, fields

MARKUP = re.compile(r"<\s*[a-zA-Z/!?]|&#?[a-zA-Z0-9]+;|javascript:", re.IGNORECASE)
PUBLIC_FIELDS = (
    "id", "number", "category", "title", "kelurahan_code", "address", "latitude", "longitude", "status", "status_since", "received_at",
    "office", "deadline", "waits_for", "escalation", "answered_at", "closed_at", "close_cause", "rating", "reopenings", "support_count",
    "repaired_count", "not_repaired_count",
    "forwarded_to", "duplicate_of", "extended_at", "planned_reference", "planned_for",
    "cost", "materials",
)  # fmt: skip
OFFICE_FIELDS = (
    *PUBLIC_FIELDS,
    "text",
    "landmark",
    "answers",
    "incident_at",
    "channel",
    "anonymous",
    "confidential",
    "answer_by",
    "returns",
    "verified_at",
    "assignee_sub",
)
ALL_FIELDS = (*OFFICE_FIELDS, "reporter_name", "reporter_contact")
REPORTER_FIELDS = tuple(name for name in ALL_FIELDS if name != "assignee_sub")
PHOTO_FIELDS = ("id", "kind", "review", "uploaded_at")
SHOWN: Mapping[Level, tuple[str, ...]] = {
    Level.PUBLIC: PUBLIC_FIELDS, Level.OFFICE: OFFICE_FIELDS, Level.REPORTER: REPORTER_FIELDS, Level.CITY: ALL_FIELDS,
}  # fmt: skip


class Plain(fields.Text):
    """What a person typed, without markup."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        if MARKUP.search(text):
            raise ValidationError("text-has-markup")
        return text


class PositionView(Schema):
    latitude = fields.Float()
    longitude = fields.Float()


class PhotoView(Schema):
    id = fields.UUID()
    kind = fields.String()
    review = fields.String()
    uploaded_at = fields.Moment()


class ShownPhotoView(PhotoView):
    position = fields.Nested(
        PositionView,
        allow_none=True,
        metadata={"description": "Where the camera says it was, for its reporter alone; offered, not applied"},
    )


class TimelineView(Schema):
    position = fields.Whole()
    event = fields.String()
    label = fields.String()
    status = fields.String()
    at = fields.Moment()
    office = fields.String(allow_none=True)
    note = fields.String(allow_none=True)


class MaterialView(Schema):
    name = fields.String()
    quantity = fields.String(metadata={"description": "A decimal"})
    unit = fields.String()


class ComplaintLineView(Schema):
    """What everybody may read: the trouble and its clock, never the reporter."""

    id = fields.UUID()
    number = fields.String()
    category = fields.String()
    title = fields.String()
    kelurahan_code = fields.String()
    address = fields.String()
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    status = fields.String()
    status_since = fields.Moment()
    received_at = fields.Moment()
    office = fields.String(allow_none=True)
    deadline = fields.Moment(allow_none=True)
    waits_for = fields.String(allow_none=True)
    escalation = fields.String()
    answered_at = fields.Moment(allow_none=True)
    closed_at = fields.Moment(allow_none=True)
    close_cause = fields.String(allow_none=True)
    rating = fields.Whole(allow_none=True)
    reopenings = fields.Whole()
    support_count = fields.Whole()
    repaired_count = fields.Whole(metadata={"description": "Followers who say of the newest answer that it is repaired"})
    not_repaired_count = fields.Whole(metadata={"description": "Followers who say that it is not"})
    forwarded_to = fields.String(allow_none=True)
    duplicate_of = fields.UUID(allow_none=True)
    extended_at = fields.Moment(allow_none=True)
    planned_reference = fields.String(allow_none=True)
    planned_for = fields.Day(allow_none=True)
    cost = fields.Whole(allow_none=True, metadata={"description": "Whole rupiah, of all its repairs; empty: not said"})
    materials = fields.List(fields.Nested(MaterialView))


class ComplaintView(ComplaintLineView):
    """As much as the caller may see; the rest is left out."""

    text = fields.String()
    landmark = fields.String(allow_none=True)
    answers = fields.Dict()
    incident_at = fields.Moment(allow_none=True)
    channel = fields.String()
    anonymous = fields.Boolean()
    confidential = fields.Boolean()
    answer_by = fields.Moment()
    returns = fields.Whole()
    verified_at = fields.Moment(allow_none=True)
    assignee_sub = fields.String(allow_none=True, metadata={"description": "The officer who has it, for the city alone"})
    reporter_name = fields.String(allow_none=True)
    reporter_contact = fields.String(allow_none=True)
    photos = fields.List(fields.Nested(ShownPhotoView))
    timeline = fields.List(fields.Nested(TimelineView))


class FiledView(ComplaintView):
    """The complaint just filed, and the token that opens it to whoever has it: shown once."""

    follow_up_token = fields.String()


def shown_at(complaint: Complaint, level: Level, label: Any) -> dict[str, Any]:
    """The complaint with what `level` may see."""
    view = {name: getattr(complaint, name) for name in SHOWN[level]}
    return {**view, "photos": photos(complaint, level), "timeline": timeline(complaint, level, label)}


def photos(complaint: Complaint, level: Level) -> list[dict[str, Any]]:
    """The photos this looker may see; to the reporter each with the position it offers."""
    return [
        {name: getattr(photo, name) for name in PHOTO_FIELDS} | ({"position": photo.position} if level is Level.REPORTER else {})
        for photo in photos_for(level, complaint)
    ]


def timeline(complaint: Complaint, level: Level, label: Any) -> list[dict[str, Any]]:
    """What happened, in order, without who did it."""
    return [
        {
            "position": line.position, "event": line.event, "label": label(f"complaint.event.{line.event}"), "status": line.status, "at": line.at,
            "office": line.office, "note": note,
        }
        for line, note in lines_for(level, complaint)
    ]  # fmt: skip
