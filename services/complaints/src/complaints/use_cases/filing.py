"""A complaint comes in: by a citizen, by nobody known, or by an officer for somebody; and what is near it already."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_status import Clock
from complaints.model.complaint_way import Step
from complaints.use_cases import clocks, first_looks
from complaints.use_cases.categories import category, channels
from complaints.use_cases.places import kelurahan_code, wrong_place
from complaints.use_cases.questions import wrong_answers
from complaints.use_cases.visibility import PURPOSE
from smartcity.calendar import day_of
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.storage import blind_index, next_number

OWN_CHANNELS = ("web", "app")
APPLICATION = "open311"
"""The role of an application with a key of its own, which files for its users."""


def file(session: Session, actor: Actor, request: dict[str, Any], now: datetime) -> tuple[Complaint, str]:
    """A new complaint with its number, and the token that opens it to whoever has it. Raises `InputWrong`."""
    kind = category(request["category"])
    _must_fit(actor, request, now)
    request = {**request, "kelurahan_code": kelurahan_code(request)}
    token = secrets.token_urlsafe(18)
    on_behalf = _is_staff(actor) or actor.has(APPLICATION)
    complaint = Complaint(
        number=_number(session, now), follow_up_index=blind_index(token, PURPOSE), owner_sub="" if on_behalf else actor.sub,
        recorded_by=actor.sub, received_at=now, updated_at=now, status_since=now, answer_by=clocks.ceiling(kind.code, now), **request,
    )  # fmt: skip
    session.add(complaint)
    complaint.receive(Step(now, actor.sub or None), clocks.turn(Clock.VERIFICATION, now))
    clocks.appoint(session, complaint)
    first_looks.queue(session, complaint, None, now)
    return complaint, token


def _number(session: Session, now: datetime) -> str:
    period = f"{day_of(now):%Y%m}"
    return f"MRK-{period}-{next_number(session, 'complaint', 'MEDAN', period):06d}"


def _must_fit(actor: Actor, request: dict[str, Any], now: datetime) -> None:
    errors: dict[str, Any] = {}
    if request["channel"] not in channels():
        errors["channel"] = ["channel-unknown"]
    elif request["channel"] not in OWN_CHANNELS and not _is_staff(actor):
        errors["channel"] = ["channel-not-yours"]
    if _is_staff(actor) and not request.get("reporter_name") and not request["anonymous"]:
        errors["reporter_name"] = ["needed-when-on-behalf"]
    if request.get("incident_at") and request["incident_at"] > now:
        errors["incident_at"] = ["moment-in-the-future"]
    errors |= wrong_place(request)
    if wrong := wrong_answers(request["category"], request["answers"]):
        errors["answers"] = wrong
    if errors:
        raise InputWrong(errors)


def _is_staff(actor: Actor) -> bool:
    return actor.has("officer") or actor.has("coordinator")
