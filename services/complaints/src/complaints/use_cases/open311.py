"""Open311 GeoReport v2 in the words of this service: services are categories, requests complaints, updates lines of the timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session, selectinload

from complaints.model.complaint import Complaint
from complaints.model.complaint_history import Audience, HistoryLine
from complaints.model.complaint_status import OPEN, Status
from complaints.model.complaint_table import PUBLIC
from complaints.use_cases.categories import Category, categories
from complaints.use_cases.visibility import level_of
from smartcity.errors import InputWrong, NotFound
from smartcity.http import Actor

SPAN = timedelta(days=90)
MOST = 1000
STATUSES: Mapping[str, frozenset[Status]] = {"open": OPEN, "closed": frozenset(Status) - OPEN}


@dataclass(frozen=True)
class Window:
    """From when to when; both belong to it."""

    since: datetime
    until: datetime


@cache
def facts() -> dict[str, str]:
    """What a client is told of this city: `jurisdiction_id`, `changeset`, `contact`, `key_service`."""
    return dict(yaml.safe_load((files("complaints") / "data" / "open311.yaml").read_text()))


def must_be_here(jurisdiction_id: str) -> None:
    """One jurisdiction is served, so it may be left out (GeoReport v2, definitions); raises `NotFound` for another."""
    if jurisdiction_id and jurisdiction_id != facts()["jurisdiction_id"]:
        raise NotFound("jurisdiction-unknown")


def service(code: str) -> Category:
    """The category a service code names; raises `NotFound`."""
    if code not in categories():
        raise NotFound("service-unknown")
    return categories()[code]


def window(start: datetime | None, end: datetime | None, now: datetime) -> Window:
    """The 90 days asked for, else the newest. Raises `InputWrong` for more, or for an end before its beginning."""
    until = end or (min(now, start + SPAN) if start else now)
    since = start or until - SPAN
    if until < since:
        raise InputWrong({"end_date": ["not-in-order"]})
    if until - since > SPAN:
        raise InputWrong({"end_date": ["span-too-long"]})
    return Window(since, until)


def requests(session: Session, codes: Sequence[str], statuses: Sequence[str], during: Window) -> list[Complaint]:
    """Public complaints filed in that time, newest first, at most a thousand; each category is read along its own index."""
    wanted = frozenset[Status]().union(*(STATUSES[one] for one in statuses)) if statuses else None
    queries = [requests_query(code, wanted, during) for code in dict.fromkeys(codes)] or [requests_query(None, wanted, during)]
    found = [one for query in queries for one in session.scalars(query.options(selectinload(Complaint.photos)))]
    return sorted(found, key=lambda one: (one.received_at, one.id), reverse=True)[:MOST]


def requests_query(code: str | None, wanted: frozenset[Status] | None, during: Window) -> sa.Select[Complaint]:
    """What `requests` asks for one category, or for all."""
    query = sa.select(Complaint).where(sa.text(PUBLIC), Complaint.received_at >= during.since, Complaint.received_at <= during.until)
    if code:
        query = query.where(Complaint.category == code)
    if wanted is not None:
        query = query.where(Complaint.status.in_(sorted(wanted)))
    return query.order_by(Complaint.received_at.desc(), Complaint.id.desc()).limit(MOST)


def named(session: Session, actor: Actor, numbers: Sequence[str]) -> list[Complaint]:
    """Those of the numbered complaints that are public or came by the actor's own key, in the order asked; others are left out."""
    seen = sa.or_(sa.text(PUBLIC), Complaint.recorded_by == actor.sub) if actor.known else sa.text(PUBLIC)
    query = sa.select(Complaint).where(Complaint.number.in_(numbers[:MOST]), seen).options(selectinload(Complaint.photos))
    found = {one.number: one for one in session.scalars(query)}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def request(session: Session, actor: Actor, number: str) -> Complaint:
    """The complaint with this number; raises `NotFound` where there is none, or the actor may not know of it."""
    found = session.scalar(sa.select(Complaint).where(Complaint.number == number))
    if found is None:
        raise NotFound("request-unknown")
    try:
        level_of(actor, found)
    except NotFound:
        raise NotFound("request-unknown") from None
    return found


def updates(session: Session, during: Window) -> list[tuple[HistoryLine, str]]:
    """Lines of public timelines written in that time with the number of their complaint, oldest first, at most a thousand."""
    return [(row[0], row[1]) for row in session.execute(updates_query(during))]


def updates_query(during: Window) -> sa.Select[HistoryLine, str]:
    """What `updates` asks."""
    query = sa.select(HistoryLine, Complaint.number).join(Complaint, Complaint.id == HistoryLine.complaint_id)
    query = query.where(sa.text(PUBLIC), HistoryLine.audience != Audience.CITY)
    query = query.where(HistoryLine.at >= during.since, HistoryLine.at <= during.until)
    return query.order_by(HistoryLine.at, HistoryLine.id).limit(MOST)
