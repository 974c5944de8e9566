"""What everybody may see of photos and words: looked at by the coordinator. An automatic look would call the same two verbs."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import Review
from complaints.model.complaint_queries import lines
from complaints.model.complaint_table import UNREAD
from complaints.model.complaint_way import Step
from smartcity.errors import NotFound
from smartcity.http import Actor


def waiting() -> sa.Select[Complaint]:
    """Verified complaints with photos that nobody of the city has looked at."""
    return lines().where(sa.text(UNREAD))


def review(complaint: Complaint, photo_id: UUID, decision: Review, now: datetime) -> Complaint:
    """Show a photo to everybody, or hide it from them. Raises `NotFound` where the complaint has no such photo."""
    photo = next((photo for photo in complaint.photos if photo.id == photo_id), None)
    if photo is None:
        raise NotFound()
    complaint.review(photo, decision, now)
    return complaint


def reword(actor: Actor, complaint: Complaint, request: dict[str, str], now: datetime) -> Complaint:
    """Other words for everybody, in `title`, `address` or both."""
    complaint.reword(request.get("title", complaint.title), request.get("address", complaint.address), Step(now, actor.sub))
    return complaint
