"""How complaints look to an Open311 client: field by field of GeoReport v2. Nobody's name, and no words the public does not see."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from complaints.model.complaint import Complaint
from complaints.model.complaint_history import Audience, HistoryLine
from complaints.model.complaint_status import OPEN, Status
from complaints.use_cases.categories import Category, groups
from complaints.use_cases.open311 import facts
from complaints.use_cases.open311_attributes import attributes
from complaints.use_cases.visibility import Level, level_of, lines_for, photos_for
from smartcity.calendar import JAKARTA
from smartcity.http import Actor
from smartcity.offices import office_name

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
Label = Callable[[str], str]


def moment(at: datetime | None) -> str | None:
    """ISO 8601 to the second, with the offset (W3C note on dates)."""
    return at.astimezone(JAKARTA).isoformat(timespec="seconds") if at else None


def discovery_view(address: str, environment: str) -> dict[str, Any]:
    """Where it is spoken, whom to ask, and since when services are as they are."""
    told = facts()
    endpoint = {
        "specification": SPECIFICATION, "url": address, "changeset": told["changeset"],
        "type": "production" if environment == "production" else "test", "formats": ["text/xml", "application/json"],
    }  # fmt: skip
    return {**{name: told[name] for name in ("changeset", "contact", "key_service")}, "endpoints": [endpoint]}


def service_view(kind: Category, label: Label) -> dict[str, Any]:
    """A category; every one asks something, at least where."""
    above = _above(kind)
    return {
        "service_code": kind.code, "service_name": label(kind.label_code), "description": _promise(kind, label), "metadata": True,
        "type": "realtime", "keywords": ", ".join(label(f"category.{code}") for code in above),
        "group": label(f"category.{above[0]}") if above else None,
    }  # fmt: skip


def _above(kind: Category) -> list[str]:
    """The groups above a category, the nearest first."""
    found, parent = list[str](), kind.parent
    while parent:
        found.append(parent)
        parent = groups()[parent]
    return found


def _promise(kind: Category, label: Label) -> str:
    return label("open311.promise").format(office=office_name(kind.office), days=kind.answer_days)


def definition_view(kind: Category, label: Label) -> dict[str, Any]:
    """What is asked besides."""
    return {"service_code": kind.code, "attributes": attributes(kind.code, label)}


def filed_view(complaint: Complaint, token: str, label: Label, public_url: str) -> dict[str, Any]:
    """The number at once; the notice says where whoever has the token goes on."""
    where = f"{public_url}/v1/complaints/track/{token}"
    return {"service_request_id": complaint.number, "service_notice": label("open311.follow").format(address=where), "account_id": None}


def request_view(complaint: Complaint, actor: Actor, label: Label, public_url: str) -> dict[str, Any]:
    """A complaint. Its description is the title everybody reads; its whole text only for who may read that."""
    level, is_open = level_of(actor, complaint), complaint.status in OPEN
    photos = photos_for(Level.PUBLIC, complaint)
    media = f"{public_url}/v1/complaints/{complaint.id}/photos/{photos[0].id}" if photos else None
    return {
        "service_request_id": complaint.number, "status": word(complaint.status), "status_notes": _notes(complaint, label),
        "service_name": label(f"category.{complaint.category}"), "service_code": complaint.category,
        "description": complaint.title if level is Level.PUBLIC else complaint.text,
        "agency_responsible": office_name(complaint.office) if complaint.office else None, "service_notice": None,
        "requested_datetime": moment(complaint.received_at),
        "updated_datetime": moment(complaint.updated_at if is_open else complaint.status_since),
        "expected_datetime": moment(complaint.answer_by if is_open else None),
        "address": complaint.address, "address_id": complaint.kelurahan_code, "zipcode": None,
        "lat": complaint.latitude, "long": complaint.longitude, "media_url": media,
    }  # fmt: skip


def update_view(line: HistoryLine, number: str, label: Label) -> dict[str, Any]:
    """A line of the timeline, with its words where they are for everybody."""
    return {
        "update_id": str(line.id), "service_request_id": number, "status": word(line.status).upper(), "updated_datetime": moment(line.at),
        "description": _said(line, label), "media_url": None,
    }  # fmt: skip


def word(status: Status) -> str:
    """`open` while somebody has something to do, else `closed`."""
    return "open" if status in OPEN else "closed"


def _notes(complaint: Complaint, label: Label) -> str | None:
    lines = lines_for(Level.PUBLIC, complaint)
    return _said(lines[-1][0], label) if lines else None


def _said(line: HistoryLine, label: Label) -> str:
    what = label(f"complaint.event.{line.event}")
    return f"{what}: {line.note}" if line.note and line.audience is Audience.EVERYBODY else what
