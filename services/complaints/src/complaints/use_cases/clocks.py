"""One clock a complaint: its end is due work; what runs out is carried up, withdrawn or closed."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_status import Clock, CloseCause, Escalation
from complaints.model.complaint_table import WAITING
from complaints.model.complaint_way import Step, Turn
from complaints.rules.clocks import answer_by
from complaints.use_cases.categories import categories, ends
from smartcity import due
from smartcity.storage import get

KIND = "complaints.deadline"


def turn(clock: Clock, now: datetime) -> Turn:
    """The next turn, with the clock's own length from now."""
    return Turn(clock, ends(clock, now))


def answer_turn(complaint: Complaint, now: datetime) -> Turn:
    """The answer's clock: the class's ceiling, and never shorter than a first follow-up."""
    return Turn(Clock.ANSWER, max(complaint.answer_by, ends(Clock.FOLLOW_UP, now)))


def ceiling(category: str, start: datetime) -> datetime:
    """Until when a complaint of the category is answered that is taken up at `start`."""
    return answer_by(start, categories()[category].answer_days)


def appoint(session: Session, complaint: Complaint) -> None:
    """Keep the due work in step with the complaint's clock."""
    due.appoint(session, KIND, str(complaint.id), complaint.deadline)


def run_out(session: Session, subject: str, now: datetime) -> None:
    """Due work: the complaint's clock has run out; an earlier appointment of a moved clock does nothing."""
    complaint = get(session, Complaint, UUID(subject), lock=True)
    if complaint.clock is None or complaint.deadline is None or complaint.deadline > now:
        return
    if complaint.clock is Clock.COMPLETION:
        complaint.withdraw("not-completed", Step(now))
    elif complaint.clock is Clock.CONSENT and complaint.is_doubted:
        complaint.reopen(None, Step(now), Turn(Clock.ANSWER, ceiling(complaint.category, now)), "reopened.followers")
    elif complaint.clock is Clock.CONSENT:
        complaint.close(CloseCause.SILENCE, Step(now))
    else:
        again = turn(Clock.FOLLOW_UP, now) if complaint.escalation is Escalation.NONE else None
        complaint.escalate(again, now)
        if again is None:
            return  # the secretariat has it: nobody is above, the date stands in red
    appoint(session, complaint)


def unverified_late(session: Session, now: datetime) -> float:
    """Complaints that were to be verified and were not, and wait for it."""
    return _late(session, Clock.VERIFICATION, now)


def not_taken_up_late(session: Session, now: datetime) -> float:
    """Complaints that an office was to take up and did not."""
    return _late(session, Clock.FOLLOW_UP, now)


def unanswered_late(session: Session, now: datetime) -> float:
    """Complaints that were to be answered and were not."""
    return _late(session, Clock.ANSWER, now)


def _late(session: Session, clock: Clock, now: datetime) -> float:
    """A clock that ran out is carried up and gets another date: it stays late until the step is done."""
    late = sa.or_(Complaint.deadline < now, Complaint.escalation != Escalation.NONE)
    waiting = sa.select(sa.func.count()).select_from(Complaint).where(sa.text(WAITING), Complaint.clock == clock, late)
    return float(session.scalar(waiting) or 0)


BREACHED = {"verification": unverified_late, "follow_up": not_taken_up_late, "answer": unanswered_late}
