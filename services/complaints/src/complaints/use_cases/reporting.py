"""The reporter's side: complete, agree, say that it is not repaired, take it back; and what everybody may read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_history import Audience
from complaints.model.complaint_queries import lines
from complaints.model.complaint_status import TRANSITIONS, Clock, CloseCause, Status
from complaints.model.complaint_table import PUBLIC
from complaints.model.complaint_way import Step
from complaints.model.follower import Follower
from complaints.use_cases import clocks, first_looks
from complaints.use_cases.categories import clock_rule, must_be_reason, reasons
from complaints.use_cases.duplicates import asked
from complaints.use_cases.places import kelurahan_code, wrong_point
from smartcity.errors import InputWrong
from smartcity.http.kernel_api import CaseLine, Cases, Withdrawal


def complete(session: Session, complaint: Complaint, text: str, now: datetime) -> Complaint:
    """Add what was missing; the coordinator's clock begins anew."""
    complaint.complete(text, Step(now, complaint.owner_sub or None), clocks.turn(Clock.VERIFICATION, now))
    clocks.appoint(session, complaint)
    first_looks.queue(session, complaint, None, now)
    return complaint


def locate(complaint: Complaint, request: dict[str, float], now: datetime) -> Complaint:
    """Say where it is: a point of the map, or what a photo offered. Raises `InputWrong` outside the city."""
    if wrong := wrong_point(request):
        raise InputWrong(wrong)
    code = kelurahan_code({"kelurahan_code": complaint.kelurahan_code, **request})
    complaint.locate(request["latitude"], request["longitude"], code, Step(now, complaint.owner_sub or None))
    return complaint


def accept(session: Session, complaint: Complaint, rating: int | None, now: datetime) -> Complaint:
    """It is repaired: closed."""
    complaint.close(CloseCause.ACCEPTED, Step(now, complaint.owner_sub or None), rating)
    clocks.appoint(session, complaint)
    return complaint


def reopen(session: Session, complaint: Complaint, note: str, now: datetime) -> Complaint:
    """It is not repaired: back to the office, with a new ceiling."""
    until = clock_rule("reopening", complaint.closed_at).ends(complaint.closed_at) if complaint.closed_at else None
    again = clocks.Turn(Clock.ANSWER, clocks.ceiling(complaint.category, now))
    complaint.reopen(until, Step(now, complaint.owner_sub or None, note, Audience.PARTIES), again)
    clocks.appoint(session, complaint)
    return complaint


def withdraw(session: Session, complaint: Complaint, reason_code: str, now: datetime) -> Complaint:
    """The reporter takes it back."""
    complaint.withdraw(must_be_reason("withdrawal_reasons", reason_code), Step(now, complaint.owner_sub or None))
    clocks.appoint(session, complaint)
    return complaint


def public_list(category: str | None, kelurahan_code: str | None, status: Status | None) -> sa.Select[Complaint]:
    """What everybody may read: verified and not confidential."""
    query = lines().where(sa.text(PUBLIC))
    if category:
        query = query.where(Complaint.category == category)
    if kelurahan_code:
        query = query.where(Complaint.kelurahan_code == kelurahan_code)
    return query.where(Complaint.status == status) if status else query


def own_list(sub: str) -> sa.Select[Complaint]:
    """A person's own complaints."""
    return lines().where(Complaint.owner_sub == sub)


def _own(complaint: Complaint) -> CaseLine:
    """A person's own complaint, and how it is taken back."""
    may = Status.WITHDRAWN in TRANSITIONS[complaint.status]
    way = Withdrawal(f"/v1/complaints/{complaint.id}/withdrawal", reasons("withdrawal_reasons")) if may else None
    return _line("complaint", complaint, way)


def _followed(complaint: Complaint) -> CaseLine:
    return _line("followed-complaint", complaint, None)


def _line(kind: str, complaint: Complaint, withdrawal: Withdrawal | None) -> CaseLine:
    return CaseLine(
        kind=kind, id=str(complaint.id), number=complaint.number, status=complaint.status.value,
        label_code=f"complaint.status.{complaint.status}", updated_at=complaint.updated_at, path=f"/v1/complaints/{complaint.id}",
        deadline=complaint.deadline, withdrawal=withdrawal,
    )  # fmt: skip


MY_CASES = (Cases(own_list, Complaint.id, _own), Cases(asked, Follower.complaint_id, _followed))
"""This office's part of `me/cases`: the complaints of a person, and those they follow whose answer they are asked about."""
