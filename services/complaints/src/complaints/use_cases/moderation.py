"""What everybody may see of photos and words: decided by the coordinator, also where a machine has looked first (`first_looks.py`)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import Review
from complaints.model.complaint_queries import lines
from complaints.model.complaint_table import TO_LOOK_AT
from complaints.model.complaint_way import Step
from complaints.model.first_look import FirstLook
from smartcity.errors import NotFound
from smartcity.http import Actor


def waiting() -> sa.Select[Complaint]:
    """Verified complaints with photos that nobody of the city has looked at, and all where a machine doubts something."""
    return lines().where(sa.text(TO_LOOK_AT))


def doubts(session: Session, shown: Sequence[Complaint]) -> dict[UUID, list[FirstLook]]:
    """What a machine doubts of these and nobody has decided, by complaint; one statement for all."""
    looks = sa.select(FirstLook).where(FirstLook.complaint_id.in_([one.id for one in shown if one.doubts])).order_by(FirstLook.id)
    found: dict[UUID, list[FirstLook]] = {}
    for look in session.scalars(looks):
        if look.doubts:
            found.setdefault(look.complaint_id, []).append(look)
    return found


def review(complaint: Complaint, photo_id: UUID, decision: Review, now: datetime) -> Complaint:
    """Show a photo to everybody, or hide it from them. Raises `NotFound` where the complaint has no such photo."""
    photo = next((photo for photo in complaint.photos if photo.id == photo_id), None)
    if photo is None:
        raise NotFound()
    complaint.review(photo, decision, now)
    return complaint


def reword(actor: Actor, complaint: Complaint, request: dict[str, str], now: datetime) -> Complaint:
    """Other words for everybody, in `title`, `address` or both; in neither, they stay as they are and have been looked at."""
    complaint.reword(request.get("title", complaint.title), request.get("address", complaint.address), Step(now, actor.sub))
    return complaint
