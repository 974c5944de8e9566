"""Photos of a complaint: sent by the reporter or the office, shown when `work` has made them anew."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import ComplaintPhoto, PhotoKind
from complaints.use_cases import first_looks
from smartcity import files
from smartcity.errors import NotFound

KINDS = ("jpeg", "png")


def attach(session: Session, complaint: Complaint, kind: PhotoKind, upload: Any, now: datetime) -> ComplaintPhoto:
    """Keep a photo. Raises `InputWrong` for what is none, `TooLarge`, `RuleBroken` for one too many."""
    stored = files.receive(session, upload, owner=complaint.owner_sub or str(complaint.id), kinds=KINDS)
    session.flush()
    photo = ComplaintPhoto(kind=kind, file_id=stored.id, uploaded_at=now)
    complaint.attach(photo, now)
    first_looks.queue(session, complaint, photo, now)
    return photo


def read(session: Session, seen: Sequence[ComplaintPhoto], photo_id: UUID, *, thumbnail: bool) -> files.ServedFile:
    """One of the pictures somebody may see, or its small one; raises `NotFound` where it is none of them."""
    photo = next((one for one in seen if one.id == photo_id), None)
    if photo is None:
        raise NotFound()
    return files.serve(session, photo.file_id, thumbnail=thumbnail)
