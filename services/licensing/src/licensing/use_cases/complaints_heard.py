"""What comes of the word of complaints: an inspection is opened, once; afterwards it says how its complaint stands."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.complaint_notice import ComplaintNotice, ComplaintWord, first_heard
from licensing.model.inspection import Inspection
from licensing.use_cases.inspection_terms import terms
from licensing.use_cases.inspections import open_one


def hear(session: Session, word: ComplaintWord, now: datetime, office: str | None = None) -> None:
    """Keep how a complaint about a building stands; `office`: before which it was laid now, which then has the inspection.

    Words come twice and in any order: an older one changes nothing, so that what was withdrawn first opens nothing afterwards.
    """
    if word.category not in terms()["categories"]:
        return
    notice = session.get(ComplaintNotice, word.complaint_id, with_for_update=True)
    if notice is None:
        session.add(first_heard(word))
        session.flush()
    elif not notice.hear(word):
        return
    if office is not None:
        _lay_before(session, word, office, now)


def _lay_before(session: Session, word: ComplaintWord, office: str, now: datetime) -> None:
    query = sa.select(Inspection).where(Inspection.complaint_id == word.complaint_id).order_by(Inspection.id.desc()).limit(1)
    newest = session.scalars(query.with_for_update()).one_or_none()
    if newest is None:
        open_one(session, office, now, kelurahan_code=word.kelurahan_code, complaint_id=word.complaint_id)
    else:
        newest.lay_before(office, now)
