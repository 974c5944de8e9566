"""`feeds/…`: Atom (RFC 4287) of what everybody may read, by place and kind; iCalendar of the deadlines of an office."""

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from flask import Response, current_app, request

from complaints.api.complaints import label
from complaints.model.complaint import Complaint
from complaints.use_cases import feeds as use_cases
from smartcity.calendar import JAKARTA
from smartcity.http import Blueprint, Schema, actor, fields, published, session
from smartcity.offices import office_name
from smartcity.regions import kelurahan

feeds = Blueprint("feeds", description="What can be subscribed to: public complaints by place and kind, deadlines of an office.")
ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
BEGINNING = datetime(2021, 1, 1, tzinfo=UTC)
register_namespace("", ATOM)
register_namespace("georss", GEORSS)


class FeedQuery(Schema):
    category = fields.Code()
    kelurahan_code = fields.Code()


@feeds.get("/feeds/complaints.atom")
@published
@feeds.arguments(FeedQuery, location="query")
@feeds.response(200, {"type": "string"}, content_type="application/atom+xml")
def read_complaints_feed(query: dict[str, Any]) -> Response:
    """The newest 50 public complaints of a category, a kelurahan, both or all, as Atom. Nobody's name."""
    body = tostring(_feed(use_cases.newest(session(), query), query), encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@feeds.get("/feeds/deadlines.ics")
@feeds.response(200, {"type": "string"}, content_type="text/calendar")
def read_deadlines() -> Response:
    """What waits for my office (of the coordinator: for a first look), as iCalendar: the last day of each clock, and an alarm the day before."""
    calendar = use_cases.deadlines(session(), actor(), f"{_public_url()}/v1/complaints", label)
    return Response(calendar, content_type="text/calendar; charset=utf-8")


def _public_url() -> str:
    return str(current_app.extensions["smartcity.settings"].public_url)


def _feed(complaints: list[Complaint], query: dict[str, Any]) -> Element:
    place = kelurahan(query["kelurahan_code"]) if query.get("kelurahan_code") else None
    words = [label("feed.complaints"), label(f"category.{query['category']}") if query.get("category") else "", place.name if place else ""]
    feed, own = Element(f"{{{ATOM}}}feed"), f"{_public_url()}{request.full_path.rstrip('?')}"
    for name, text in (
        ("id", own),
        ("title", ", ".join(filter(None, words))),
        ("updated", _moment(use_cases.updated(complaints, BEGINNING))),
    ):
        _put(feed, name, text)
    _put(feed, "link", rel="self", type="application/atom+xml", href=own)
    _put(_put(feed, "author"), "name", "Pemerintah Kota Medan")
    feed.extend(_entry(one) for one in complaints)
    return feed


def _entry(one: Complaint) -> Element:
    entry, where = Element(f"{{{ATOM}}}entry"), kelurahan(one.kelurahan_code)
    said = [
        label(f"complaint.status.{one.status}"),
        one.address,
        where.name if where else "",
        office_name(one.office) if one.office else "",
    ]
    for name, text in (("id", f"urn:uuid:{one.id}"), ("title", one.title), ("published", _moment(one.received_at)),
                       ("updated", _moment(one.status_since)), ("summary", " · ".join(filter(None, said)))):  # fmt: skip
        _put(entry, name, text)
    _put(entry, "link", rel="alternate", type="application/json", href=f"{_public_url()}/v1/complaints/{one.id}")
    _put(entry, "category", term=one.category, label=label(f"category.{one.category}"))
    if one.latitude is not None:
        SubElement(entry, f"{{{GEORSS}}}point").text = f"{one.latitude} {one.longitude}"
    return entry


def _put(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    child = SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def _moment(at: datetime) -> str:
    return at.astimezone(JAKARTA).isoformat(timespec="seconds")
