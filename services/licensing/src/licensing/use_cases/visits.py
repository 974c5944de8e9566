"""Visits to the site: scheduled by the office, moved once by either side, carried out by an examiner."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from licensing.model.examination import EXAMINE
from licensing.model.permit_application import PermitApplication
from licensing.model.visit import Conclusion, Found, Side, Visit, VisitPhoto
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.place_photos import locate, must_answer, received
from licensing.use_cases.staff import is_staff, seen
from smartcity import duties, files
from smartcity.calendar import day_of, is_working_day
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.http import Actor

FARTHEST = timedelta(days=60)


def schedule(application: PermitApplication, actor: Actor, day: date, invitation: str, now: datetime) -> Visit:
    """Invite the applicant to a visit on `day`. Raises `InputWrong` for a day nobody can come, `RuleBroken` out of turn."""
    if permit_type(application.permit_type).visit is None:
        raise RuleBroken("visit-not-declared", permit_type=application.permit_type)
    visit = Visit(
        position=len(application.visits) + 1, day=_possible(day, now), invitation=invitation, scheduled_at=now, scheduler_sub=actor.sub
    )
    application.schedule(visit, now)
    return visit


def _possible(day: date, now: datetime) -> date:
    today = day_of(now)
    if not today < day <= today + FARTHEST or not is_working_day(day):
        raise InputWrong({"day": ["visit-day-impossible"]})
    return day


def of(application: PermitApplication, visit_id: UUID) -> Visit:
    """A visit of the application; raises `NotFound`."""
    found = next((visit for visit in application.visits if visit.id == visit_id), None)
    if found is None:
        raise NotFound()
    return found


def move(application: PermitApplication, visit_id: UUID, actor: Actor, wish: dict[str, Any], now: datetime) -> Visit:
    """To another `day`, saying `reason`; once for the applicant, once for the office."""
    visit = of(application, visit_id)
    application.must_be_examinable()
    side = Side.APPLICANT if actor.owns(application.owner_sub) and not is_staff(actor) else Side.OFFICE
    visit.must_be_ahead()
    visit.move(side, _possible(wish["day"], now), wish["reason"], actor.sub, now)
    application.updated_at = now
    return visit


def attach(
    session: Session, application: PermitApplication, visit_id: UUID, form: dict[str, Any], upload: Any, now: datetime
) -> VisitPhoto:
    """Keep a picture, with the point it was taken at where its camera did not write it."""
    visit = of(application, visit_id)
    application.must_be_examinable()
    photo = VisitPhoto(**received(session, form, upload, application.owner_sub, now))
    visit.attach(photo)
    application.updated_at = now
    return photo


def carry_out(application: PermitApplication, visit_id: UUID, actor: Actor, found: Found, now: datetime) -> Visit:
    """The examiner's report. Raises `InputWrong` where a line of the checklist is left out, `RuleBroken` before its day or without pictures."""
    visit, terms = of(application, visit_id), permit_type(application.permit_type).visit
    application.must_be_examinable()
    assert terms is not None, "a visit is scheduled only where the type declares it"
    _must_answer(found, [line["code"] for line in terms["checklist"]])
    session = object_session(application)
    assert session is not None, "a case of this request"
    locate(session, visit.photos)
    duties.done(session, actor, application.id, EXAMINE, now)
    visit.carry_out(found, terms["photos"], day_of(now), now)
    application.updated_at = now
    return visit


def _must_answer(found: Found, codes: list[str]) -> None:
    must_answer(found.checklist, codes)
    if found.conclusion is Conclusion.CONFORMS and not all(line["met"] for line in found.checklist):
        raise InputWrong({"conclusion": ["contradicts-checklist"]})


def listed(session: Session, actor: Actor, application: PermitApplication) -> sa.Select[Visit]:
    """The visits of one application."""
    seen(session, actor, application, "visits listed")
    return sa.select(Visit).where(Visit.application_id == application.id)


def read_photo(session: Session, actor: Actor, application: PermitApplication, visit_id: UUID, photo_id: UUID) -> files.ServedFile:
    """One picture of a visit; raises `NotFound`."""
    photo = next((one for one in of(application, visit_id).photos if one.id == photo_id), None)
    if photo is None:
        raise NotFound()
    seen(session, actor, application, "visit photo read")
    return files.serve(session, photo.file_id)
