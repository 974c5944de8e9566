"""The first look of a machine: asked for by due work until it has looked; what it doubts waits for a person. It shows, hides and deletes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import ComplaintPhoto
from complaints.model.first_look import WAITING, FirstLook
from complaints.use_cases.moderator import ModeratorAway, Picture, Words, named
from smartcity import due, files
from smartcity.errors import RuleBroken
from smartcity.files.entity import FileStatus
from smartcity.observability import log
from smartcity.storage import get

KIND = "complaints.first_look"
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=30)
SOON = timedelta(seconds=2)
"""Until a photo has been made anew."""


@dataclass
class _Rest:
    """How long a moderator that is away is left alone by this process: the deadlines of complaints wait in the same line."""

    failures: int = 0
    until: datetime | None = None

    def begin(self, now: datetime) -> datetime:
        self.failures += 1
        self.until = now + min(LONGEST, SHORTEST * 2 ** min(self.failures - 1, 10))
        return self.until

    def end(self) -> None:
        self.failures, self.until = 0, None


rest = _Rest()


def queue(session: Session, complaint: Complaint, photo: ComplaintPhoto | None, now: datetime) -> None:
    """Have the words looked at, or a photo; not where there is nobody to look, nor what everybody will never see."""
    if named() is None or complaint.confidential:
        return
    session.flush()
    look = FirstLook(photo_id=photo.id if photo else None, queued_at=now)
    complaint.looks.append(look)
    session.flush()
    due.schedule(session, KIND, str(look.id), now)


def take(session: Session, subject: str, now: datetime) -> None:
    """Due work: the first look `subject`. Away: again, ever more seldom, for as long as it takes. Asked twice, it is noted once."""
    look = session.get_one(FirstLook, UUID(subject))
    if look.looked_at is not None:
        return
    if rest.until and now < rest.until:
        due.schedule(session, KIND, subject, rest.until)
        return
    try:
        reasons = _ask(session, look)
    except RuleBroken:
        due.schedule(session, KIND, subject, now + SOON)
    except ModeratorAway as away:
        log.warning("moderator away", error=str(away), subject=subject)
        due.schedule(session, KIND, subject, rest.begin(now))
    else:
        rest.end()
        complaint = get(session, Complaint, look.complaint_id, lock=True)
        session.refresh(look)  # a person may have looked meanwhile
        complaint.hear_doubts(look, reasons, now)


def _ask(session: Session, look: FirstLook) -> frozenset[str]:
    """Raises `ModeratorAway`, and `RuleBroken` while a photo has not been made anew."""
    moderator = named()
    if moderator is None:
        raise ModeratorAway("not-configured")
    if look.photo_id is None:
        complaint = get(session, Complaint, look.complaint_id)
        return moderator.look(look.id, Words(complaint.title, complaint.address, complaint.text))
    photo = session.get_one(ComplaintPhoto, look.photo_id)
    if photo.stored.status is FileStatus.REFUSED:
        return frozenset()  # there is nothing that anybody could be shown
    served = files.serve(session, photo.file_id)
    return moderator.look(look.id, Picture(served.media_type, served.body))


def longest_wait(session: Session, now: datetime) -> float:
    """Seconds for which what waited for longest has not been looked at by the moderator; 0 where none is named."""
    if named() is None:
        return 0.0
    first = session.scalar(sa.select(sa.func.min(FirstLook.queued_at)).where(sa.text(WAITING)))
    return max(0.0, (now - first).total_seconds()) if first else 0.0
