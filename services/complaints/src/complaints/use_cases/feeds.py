"""What can be subscribed to: the public complaints of a place or a kind, and the deadlines of an office."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.use_cases.categories import category
from complaints.use_cases.handling import waiting
from complaints.use_cases.reporting import public_list
from smartcity import icalendar
from smartcity.calendar import day_of
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.regions import kelurahan

MOST_ENTRIES = 50
MOST_DEADLINES = 1000


def newest(session: Session, query: dict[str, Any]) -> list[Complaint]:
    """Public complaints of a category, a kelurahan, both or all, the newest first. Raises `InputWrong` for one nobody knows."""
    if query.get("category"):
        category(query["category"])
    if query.get("kelurahan_code") and kelurahan(query["kelurahan_code"]) is None:
        raise InputWrong({"kelurahan_code": ["region-outside-medan"]})
    found = public_list(query.get("category"), query.get("kelurahan_code"), None)
    return list(session.scalars(found.order_by(Complaint.id.desc()).limit(MOST_ENTRIES)))


def deadlines(session: Session, actor: Actor, address: str, label: Callable[[str], str]) -> str:
    """A day for each complaint that waits for the actor's office (of the coordinator: for the first look), the nearest first, as iCalendar.

    Number, kind and clock alone: a calendar is carried to where we are not asked. `address` is where complaints are read.
    """
    found = session.scalars(waiting(actor).order_by(Complaint.deadline, Complaint.id).limit(MOST_DEADLINES))
    return icalendar.calendar("Medan Rumah Kita", label("calendar.name"), (_event(one, address, label) for one in found))


def _event(complaint: Complaint, address: str, label: Callable[[str], str]) -> Iterator[str]:
    assert complaint.clock is not None and complaint.deadline is not None, "what waits has a clock"
    clock = label(f"complaint.clock.{complaint.clock}")
    summary = icalendar.text(f"{complaint.number} {label(f'category.{complaint.category}')}: {clock}")
    yield from (f"UID:urn:uuid:{complaint.id}", f"DTSTAMP:{icalendar.moment(complaint.updated_at)}", f"SEQUENCE:{complaint.version}")
    yield from (
        *icalendar.whole_day(day_of(complaint.deadline)),
        f"SUMMARY:{summary}",
        f"URL:{address}/{complaint.id}",
        "TRANSP:TRANSPARENT",
    )
    yield from icalendar.alarm(1, summary)


def updated(complaints: list[Complaint], empty: datetime) -> datetime:
    """When something of a feed was last changed; `empty` where it has nothing."""
    return max((one.status_since for one in complaints), default=empty)
