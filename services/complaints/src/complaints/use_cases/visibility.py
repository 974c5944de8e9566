"""Who sees what of a complaint: everybody its trouble, the office its words, the coordinator its reporter."""

from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_history import Audience, HistoryLine
from complaints.model.complaint_photo import ComplaintPhoto, Review
from smartcity import access_log
from smartcity.errors import NotFound
from smartcity.http import Actor
from smartcity.storage import blind_index

PURPOSE = "follow-up"


class Level(Enum):
    """As whom somebody looks. `OFFICE`: the city, to whom the reporter stays hidden; `CITY`: who also sees the reporter."""

    PUBLIC = "public"
    REPORTER = "reporter"
    OFFICE = "office"
    CITY = "city"

    @property
    def sees_reporter(self) -> bool:
        return self in (Level.REPORTER, Level.CITY)


def level_of(actor: Actor, complaint: Complaint) -> Level:
    """What the actor may see; raises `NotFound` where it may not even know."""
    if actor.known and actor.sub in (complaint.owner_sub, complaint.recorded_by):
        return Level.REPORTER
    if actor.has("coordinator"):
        return Level.CITY
    if actor.has("auditor"):
        return Level.OFFICE
    if actor.office is not None and actor.office == complaint.office and (actor.has("officer") or actor.has("head")):
        return Level.OFFICE if complaint.anonymous else Level.CITY
    if complaint.is_public:
        return Level.PUBLIC
    raise NotFound()


def lines_for(level: Level, complaint: Complaint) -> list[tuple[HistoryLine, str | None]]:
    """The timeline with the words of each line, as far as they are for this looker."""
    if level in (Level.OFFICE, Level.CITY):
        return [(line, line.note) for line in complaint.history]
    seen_of = (Audience.EVERYBODY,) if level is Level.PUBLIC else (Audience.EVERYBODY, Audience.PARTIES)
    return [(line, line.note if line.audience in seen_of else None) for line in complaint.history if line.audience is not Audience.CITY]


def photos_for(level: Level, complaint: Complaint) -> list[ComplaintPhoto]:
    """The photos this looker may see: the public those that somebody of the city has looked at and left."""
    return [photo for photo in complaint.photos if level is not Level.PUBLIC or photo.review is Review.SHOWN]


def seen(session: Session, actor: Actor, complaint: Complaint, level: Level, purpose: str) -> None:
    """Record that somebody else than the reporter was shown who reported."""
    if level.sees_reporter and complaint.owner_sub and actor.sub != complaint.owner_sub:
        access_log.record(session, actor, complaint.owner_sub, ("complaint", str(complaint.id)), purpose)


def by_token(session: Session, token: str, *, lock: bool = False) -> Complaint:
    """The complaint a follow-up token opens; raises `NotFound` for any other."""
    query = sa.select(Complaint).where(Complaint.follow_up_index == blind_index(token, PURPOSE))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound()
    return found
