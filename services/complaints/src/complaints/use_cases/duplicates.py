"""The same trouble more than once: found before filing, supported, followed, linked to its original."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_queries import lines
from complaints.model.complaint_status import Status
from complaints.model.complaint_table import PUBLIC, PUBLIC_OPEN
from complaints.model.complaint_way import Step
from complaints.model.follower import Follower
from complaints.model.support import Support
from complaints.rules.distance import box, metres
from complaints.use_cases import clocks
from complaints.use_cases.categories import category, duplicates
from complaints.use_cases.places import wrong_point
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import get

MOST_NEAR = 20
LOOKED_AT = 500
NEWEST_FOLLOWED = Follower.complaint_id.desc()


def near(session: Session, request: dict[str, Any], now: datetime) -> list[Complaint]:
    """Public complaints that are probably the same trouble: category, metres and days of the city's choice; nearest first."""
    if wrong := wrong_point(request):
        raise InputWrong(wrong)
    radius, days = duplicates(request["category"])
    latitude, longitude = request["latitude"], request["longitude"]
    found = session.scalars(near_query(category(request["category"]).code, latitude, longitude, radius, now - timedelta(days=days)))
    by_distance = [(metres(latitude, longitude, one.latitude or 0.0, one.longitude or 0.0), one) for one in found]
    return [one for away, one in sorted(by_distance, key=lambda pair: pair[0]) if away <= radius][:MOST_NEAR]


def near_query(code: str, latitude: float, longitude: float, radius: int, since: datetime) -> sa.Select[Complaint]:
    """The candidates: in the box around the point, open or filed since then. Each half has an index that forgets: places where it has been
    bad for years cost no more than others.
    """
    west, south, east, north = box(latitude, longitude, radius)
    inside = sa.text("point(longitude, latitude) <@ box(point(:west, :south), point(:east, :north))")
    still_open = sa.select(Complaint.id).where(
        sa.text(PUBLIC_OPEN), inside.bindparams(west=west, south=south, east=east, north=north), Complaint.category == code
    )
    lately = sa.select(Complaint.id).where(  # not by the point, whose index holds all years
        sa.text(PUBLIC), Complaint.category == code, Complaint.received_at >= since,
        Complaint.latitude.between(south, north), Complaint.longitude.between(west, east),
    )  # fmt: skip
    return lines().where(Complaint.id.in_(sa.union(still_open, lately))).limit(LOOKED_AT)


def support(session: Session, actor: Actor, complaint_id: Any, now: datetime) -> Complaint:
    """Another person has the same trouble; twice by one person is once. Raises `NotFound` for what is not public."""
    complaint = _public(session, complaint_id)
    _add_supporter(session, complaint, actor.sub, now)
    return complaint


def _public(session: Session, complaint_id: UUID) -> Complaint:
    complaint = get(session, Complaint, complaint_id, lock=True)
    if not complaint.is_public:
        raise NotFound()
    return complaint


def follow(session: Session, actor: Actor, complaint_id: UUID, now: datetime) -> Complaint:
    """The actor wants to hear of it; twice is once. Raises `NotFound` for what is not public."""
    complaint = _public(session, complaint_id)
    _add_follower(session, complaint, actor.sub, now)
    return complaint


def unfollow(session: Session, actor: Actor, complaint_id: UUID) -> None:
    """No longer; twice is once."""
    session.execute(sa.delete(Follower).where(Follower.sub == actor.sub, Follower.complaint_id == complaint_id))


def confirm(session: Session, actor: Actor, complaint_id: UUID, repaired: bool, now: datetime) -> Complaint:
    """A follower or supporter says whether it is repaired; twice, the newer word counts. Raises `NotFound`, `RuleBroken`."""
    complaint = _public(session, complaint_id)
    if session.get(Support, (complaint_id, actor.sub)) is not None:
        _add_follower(session, complaint, actor.sub, now)
        session.flush()
    follower = session.get(Follower, (actor.sub, complaint_id))
    if follower is None:
        raise RuleBroken("not-a-follower")
    complaint.count_word(follower.word_since(complaint.answered_at), repaired)
    follower.repaired, follower.spoke_at = repaired, now
    return complaint


def asked(sub: str) -> sa.Select[Complaint]:
    """Answered complaints a person follows and has not yet said of whether they are repaired."""
    silent = sa.or_(Follower.spoke_at.is_(None), Follower.spoke_at < Complaint.answered_at)
    return followed(sub).where(Complaint.status == Status.ANSWERED, silent)


def followed(sub: str) -> sa.Select[Complaint]:
    """What a person follows; in the order of `NEWEST_FOLLOWED` a page is read along that person's own index."""
    return lines().join(Follower, Follower.complaint_id == Complaint.id).where(Follower.sub == sub, sa.text(PUBLIC))


def link(session: Session, actor: Actor, complaint: Complaint, original_id: UUID, now: datetime) -> Complaint:
    """The coordinator says: the same trouble as another. Its reporter and followers follow the original, and count as its supporters."""
    original = session.get(Complaint, original_id, with_for_update=True)
    if original is None:
        raise InputWrong({"original_id": ["original-unknown"]})
    complaint.link(original, Step(now, actor.sub, original.number))
    clocks.appoint(session, complaint)
    people = {complaint.owner_sub, *session.scalars(sa.select(Follower.sub).where(Follower.complaint_id == complaint.id))} - {""}
    for sub in sorted(people - {original.owner_sub}):
        _add_follower(session, original, sub, now)
        _add_supporter(session, original, sub, now)
    return complaint


def _add_follower(session: Session, complaint: Complaint, sub: str, now: datetime) -> None:
    if session.get(Follower, (sub, complaint.id)) is None:
        session.add(Follower(sub=sub, complaint_id=complaint.id, at=now))


def _add_supporter(session: Session, complaint: Complaint, sub: str, now: datetime) -> None:
    if session.get(Support, (complaint.id, sub)) is None:
        session.add(Support(complaint_id=complaint.id, sub=sub, at=now))
        complaint.support_count += 1
