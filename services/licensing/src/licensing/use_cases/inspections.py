"""Inspections of buildings: opened, scheduled, carried out, concluded or cancelled by officers of the office that has them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from licensing.model.inspection import Findings, Inspection, InspectionPhoto
from licensing.model.inspection_status import InspectionStatus, Outcome
from licensing.model.permit import Permit
from licensing.use_cases.inspection_terms import may_have_permit, must_follow, terms
from licensing.use_cases.numbers import inspection_number
from licensing.use_cases.place_photos import locate, must_answer, received
from licensing.use_cases.reasons import must_be_reason
from smartcity import due, files
from smartcity.calendar import day_of, is_working_day
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.outages import Outage
from smartcity.regions import kelurahan
from smartcity.storage import get

FALL_DUE = "licensing.inspection"
FARTHEST = timedelta(days=60)


def open_one(session: Session, office: str, now: datetime, permit: Permit | None = None, **particulars: Any) -> Inspection:
    """A new inspection of an office; its clock runs from now on."""
    clock = terms()["clock"]
    inspection = Inspection(
        number=inspection_number(session, office, now), office=office, opened_at=now, status_since=now, updated_at=now,
        days=clock["days"], working=clock["clock"] == "hari kerja", legal_basis=clock["legal_basis"], **particulars,
    )  # fmt: skip
    inspection.permit = permit
    inspection.start(now)
    session.add(inspection)
    session.flush()
    _appoint(session, inspection)
    return inspection


def file(session: Session, actor: Actor, request: dict[str, Any], now: datetime) -> Inspection:
    """An officer opens one for their office, of itself or, named in `follows_id`, after one that was concluded."""
    earlier, permit = _followed(session, actor, request.pop("follows_id", None)), _permit(session, request.pop("permit_no", None))
    if earlier is not None:
        request = {"complaint_id": earlier.complaint_id, "follows_id": earlier.id, **request}
        permit = permit or earlier.permit
    if kelurahan(request["kelurahan_code"]) is None:
        raise InputWrong({"kelurahan_code": ["region-outside-medan"]})
    return open_one(session, str(actor.office), now, permit, opener_sub=actor.sub, **request)


def _followed(session: Session, actor: Actor, ident: UUID | None) -> Inspection | None:
    found = session.get(Inspection, ident, with_for_update=True) if ident else None
    if ident is None:
        return None
    taken = session.scalar(sa.select(Inspection.id).where(Inspection.follows_id == ident))
    if found is None or found.office != actor.office or found.status is not InspectionStatus.CONCLUDED or taken:
        raise InputWrong({"follows_id": ["not-to-be-followed"]})
    return found


def schedule(session: Session, inspection: Inspection, actor: Actor, plan: dict[str, Any], now: datetime) -> Inspection:
    """An inspector (who asks, where none is named) goes there on `day`; where the place is and what permit it has, if the officer has found out."""
    today, day = day_of(now), plan["day"]
    if not today <= day <= today + FARTHEST or not is_working_day(day):
        raise InputWrong({"day": ["inspection-day-impossible"]})
    inspection.permit = _found(session, inspection, actor, plan)
    inspection.schedule(plan.get("inspector_sub", actor.sub), day, now)
    inspection.site_address = plan.get("site_address", inspection.site_address)
    return inspection


def attach(session: Session, inspection: Inspection, actor: Actor, form: dict[str, Any], upload: Any, now: datetime) -> InspectionPhoto:
    """Keep a picture, with the point it was taken at where its camera did not write it."""
    inspection.must_be_carried_out_by(actor.acts_as)
    photo = InspectionPhoto(**received(session, form, upload, actor.sub, now))
    inspection.attach(photo, now)
    return photo


def read_photo(session: Session, inspection: Inspection, photo_id: UUID) -> files.ServedFile:
    """One picture; raises `NotFound`."""
    photo = next((one for one in inspection.photos if one.id == photo_id), None)
    if photo is None:
        raise NotFound()
    return files.serve(session, photo.file_id)


def conclude(session: Session, inspection: Inspection, actor: Actor, told: dict[str, Any], now: datetime) -> Inspection:
    """What was found at the place, and what follows. Raises `InputWrong` where it contradicts itself or leaves a line out."""
    inspection.must_be_carried_out_by(actor.acts_as)
    outcome, permit = told["outcome_code"], _found(session, inspection, actor, told)
    seen = outcome is not Outcome.NOT_ACCESSIBLE
    must_answer(told["checklist"], terms()["checklist"] if seen else [])
    if outcome is Outcome.NO_VIOLATION and not all(line["met"] for line in told["checklist"]):
        raise InputWrong({"outcome_code": ["contradicts-checklist"]})
    must_follow(outcome, told["measures"], permit)
    locate(session, inspection.photos)
    found = Findings(told["checklist"], told["report"], outcome, told["measures"], permit)
    inspection.conclude(found, terms()["photos"], actor.sub, now)
    _appoint(session, inspection)
    return inspection


def _found(session: Session, inspection: Inspection, actor: Actor, told: dict[str, Any]) -> Permit | None:
    """The permit that is named now or was before, unless the outcome is that there is none. Raises `own-case` where it is the actor's own."""
    permit = _permit(session, told.get("permit_no"))
    if permit and actor.has_part_in(permit.parties):
        raise RuleBroken("own-case")
    outcome = told.get("outcome_code")
    return permit or (inspection.permit if outcome is None or may_have_permit(outcome) else None)


def _permit(session: Session, number: str | None) -> Permit | None:
    if number is None:
        return None
    found = session.scalar(sa.select(Permit).where(Permit.number == number))
    if found is None:
        raise InputWrong({"permit_no": ["permit-unknown"]})
    return found


def cancel(session: Session, inspection: Inspection, actor: Actor, reason_code: str, now: datetime) -> Inspection:
    """Nobody goes there, for a reason of the table."""
    inspection.cancel(must_be_reason("inspection_cancelled", reason_code), actor.sub, now)
    _appoint(session, inspection)
    return inspection


def listed(actor: Actor, status: InspectionStatus | None) -> sa.Select[Inspection]:
    """The inspections of the actor's office (an auditor's: of every office)."""
    query = sa.select(Inspection).options(selectinload(Inspection.complaint))
    if not actor.has("auditor"):
        query = query.where(Inspection.office == actor.office)
    return query if status is None else query.where(Inspection.status == status)


def fall_due(session: Session, subject: str, now: datetime) -> None:
    """Half of the office's time is used, or all, or one and a half: somebody is told."""
    inspection = get(session, Inspection, UUID(subject), lock=True)
    if inspection.since and (percent := inspection.passed(now)):
        inspection.escalate(percent)
    _appoint(session, inspection)


def give_back(session: Session, cases: Sequence[UUID], outage: Outage) -> None:
    """The suite was down: the offices get the minutes back for those of the cases that are inspections."""
    found = sa.select(Inspection).where(Inspection.id.in_(cases)).order_by(Inspection.id)
    for inspection in session.scalars(found.with_for_update()):
        inspection.lose(outage)
        _appoint(session, inspection)


def _appoint(session: Session, inspection: Inspection) -> None:
    due.appoint(session, FALL_DUE, str(inspection.id), inspection.next_moment)
