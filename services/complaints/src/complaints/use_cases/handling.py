"""The city's side: read, lay before an office, work on it, answer; or give it back, ask, archive."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_history import Audience
from complaints.model.complaint_queries import lines
from complaints.model.complaint_status import Clock
from complaints.model.complaint_way import Step
from complaints.model.complaint_work import Spent
from complaints.rules.clocks import later
from complaints.use_cases import clocks
from complaints.use_cases.categories import category, elsewhere, must_be_reason
from complaints.use_cases.routing import office_in_charge
from smartcity.calendar import day_of
from smartcity.errors import Forbidden, InputWrong, RuleBroken
from smartcity.http import Actor
from smartcity.offices import office as known_office


def verify(session: Session, actor: Actor, complaint: Complaint, request: dict[str, Any], now: datetime) -> Complaint:
    """The coordinator has read it: good, or something is missing, or it is not pursued here."""
    step = Step(now, actor.sub, request.get("note"))
    if request["result"] == "verified":
        complaint.verify(step)
    elif request["result"] == "needs_completion":
        complaint.ask_completion(step, clocks.turn(Clock.COMPLETION, now))
    else:
        _archive(complaint, request, step)
    clocks.appoint(session, complaint)
    return complaint


def _archive(complaint: Complaint, request: dict[str, Any], step: Step) -> None:
    reason = must_be_reason("archive_reasons", request.get("reason_code", ""))
    forwarded = request.get("forwarded_to")
    if reason == "not-the-citys" and not forwarded:
        raise InputWrong({"forwarded_to": ["elsewhere-needed"]})
    if not forwarded:
        complaint.archive(reason, None, step)
        return
    owner = elsewhere(forwarded)
    words = f"{owner['name']}: {owner['channel']}"
    complaint.archive(reason, forwarded, Step(step.at, step.actor_sub, f"{words}. {step.note}" if step.note else words))


def dispose(session: Session, actor: Actor, complaint: Complaint, request: dict[str, Any], now: datetime) -> Complaint:
    """Lay it before the office named, or the one in charge by the routing rules."""
    kind = category(complaint.category)
    if kind.elsewhere and not request.get("office"):
        raise RuleBroken("not-the-citys", channel=elsewhere(kind.elsewhere)["channel"])
    office = request.get("office") or office_in_charge(session, complaint.category, complaint.kelurahan_code, now)
    if known_office(office) is None or office.startswith("EKSTERNAL"):
        raise InputWrong({"office": ["office-unknown"]})
    complaint.dispose(office, Step(now, actor.sub, request.get("note")), clocks.turn(Clock.FOLLOW_UP, now))
    clocks.appoint(session, complaint)
    return complaint


def give_back(session: Session, actor: Actor, complaint: Complaint, note: str, now: datetime) -> Complaint:
    """The office says it is another's business; the third time the secretariat has it."""
    complaint.give_back(Step(now, actor.sub, note), clocks.turn(Clock.VERIFICATION, now), clocks.turn(Clock.FOLLOW_UP, now))
    clocks.appoint(session, complaint)
    return complaint


def follow_up(session: Session, actor: Actor, complaint: Complaint, request: dict[str, Any], now: datetime) -> Complaint:
    """The office begins, or adds a note to the timeline."""
    step = Step(now, actor.sub, request["note"], Audience.EVERYBODY if request["public"] else Audience.CITY)
    complaint.follow_up(step, clocks.answer_turn(complaint, now))
    clocks.appoint(session, complaint)
    return complaint


def assign(actor: Actor, complaint: Complaint, officer: UUID | None, now: datetime) -> Complaint:
    """An officer takes it, or the head gives it to one of the office. Raises `Forbidden` where an officer gives it to somebody else."""
    taken_by = str(officer) if officer else actor.sub
    if taken_by != actor.sub and not actor.has("head"):
        raise Forbidden()
    complaint.assign(taken_by, Step(now, actor.sub, None, Audience.CITY))
    return complaint


def answer(session: Session, actor: Actor, complaint: Complaint, request: dict[str, Any], now: datetime) -> Complaint:
    """The office says it is done, and what it cost and took; the reporter has the word."""
    proof = category(complaint.category).proof
    materials = [{**one, "quantity": f"{one['quantity']:f}"} for one in request["materials"]]
    spent = Spent(request.get("cost"), materials)
    complaint.answer(Step(now, actor.sub, request["text"]), clocks.turn(Clock.CONSENT, now), proof_needed=proof, spent=spent)
    clocks.appoint(session, complaint)
    return complaint


def extend(session: Session, actor: Actor, complaint: Complaint, request: dict[str, Any], now: datetime) -> Complaint:
    """The head moves the date of the answer by working days, at most the category's own ceiling once more. Raises `InputWrong`."""
    most = category(complaint.category).answer_days
    if request["working_days"] > most:
        raise InputWrong({"working_days": ["extension-too-long"]})
    until = later(complaint.answer_by, request["working_days"])
    complaint.extend(until, Step(now, actor.sub, request["reason"]))
    clocks.appoint(session, complaint)
    return complaint


def plan(actor: Actor, complaint: Complaint, request: dict[str, Any], now: datetime) -> Complaint:
    """The office names planned works and the day they are expected. Raises `InputWrong` for a day that is gone."""
    if request["expected_on"] < day_of(now):
        raise InputWrong({"expected_on": ["day-is-gone"]})
    note = f"{request['reference']}: {request['expected_on']:%Y-%m-%d}"
    complaint.plan(request["reference"], request["expected_on"], Step(now, actor.sub, note))
    return complaint


def waiting(actor: Actor) -> sa.Select[Complaint]:
    """What waits for the actor: everything that waits for the city (coordinator), or what lies with their office; the most urgent first."""
    # the condition is written out so that the planner sees it implies the partial index
    query = lines().where(sa.text("status IN ('received', 'disposed', 'in_progress')"))
    if actor.has("coordinator"):
        return query.where(Complaint.status == "received")
    return query.where(Complaint.office == actor.office)


def assigned(actor: Actor) -> sa.Select[Complaint]:
    """What waits and is assigned to the actor, the most urgent first."""
    return lines().where(sa.text("status IN ('received', 'disposed', 'in_progress')"), Complaint.assignee_sub == actor.sub)
