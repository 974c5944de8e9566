"""Permits: issued when everything is there, listed, shown; their last day, and the reminder before it."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_status import Succession
from licensing.use_cases.forwarding import queue
from licensing.use_cases.issue_measures import measured
from licensing.use_cases.numbers import permit_number
from licensing.use_cases.ownership import owned
from licensing.use_cases.permit_types import PermitType, permit_type
from licensing.use_cases.staff import is_staff
from licensing.use_cases.succession import hand_on, predecessor_of
from licensing.use_cases.works_notices import watch
from smartcity import access_log, documents, due
from smartcity.calendar import day_of, end_of_day, start_of_day
from smartcity.http import Actor
from smartcity.storage import get, uuid7

EXPIRE, REMIND = "licensing.expire-permit", "licensing.remind-of-renewal"


def issue_if_ready(session: Session, application: PermitApplication, now: datetime) -> None:
    """The permit of an application that is paid or owes nothing; nothing otherwise."""
    if not application.can_be_issued:
        return
    permit_id, kind = uuid7(), permit_type(application.permit_type)
    receipt_no = application.receipt_no
    before = predecessor_of(session, application)
    application.issue(permit_id, now)
    code = documents.promise(session, "permit", permit_id)
    permit = Permit(
        id=permit_id,
        number=permit_number(session, application.permit_type, application.office, now),
        permit_type=application.permit_type,
        application_id=application.id,
        application_no=application.number or "",
        office=application.office,
        owner_sub=application.owner_sub,
        holder_name=application.applicant_name,
        holder_address=application.applicant_address,
        site_address=application.site_address,
        kelurahan_code=application.kelurahan_code,
        building=application.assessments[-1].calculation["inputs"] if kind.is_building else application.answers,
        legal_basis=kind.legal_basis,
        retribution_total=application.retribution or 0,
        receipt_no=receipt_no,
        verify_code=code,
        issued_at=now,
        **measured(application, now),
    )
    hold(session, permit, kind, before)
    permit.tell_issue()


def hold(session: Session, permit: Permit, kind: PermitType, before: tuple[Permit, Succession] | None) -> None:
    """Say from when until when the permit holds, and put it in the place of the one before it, if there is one."""
    now, today = permit.issued_at, day_of(permit.issued_at)
    permit.valid_from, permit.valid_until = today, kind.ends_on(today)
    if before is not None:
        old, permit.succession = before
        permit.predecessor_id = old.id
        if permit.succession is Succession.RENEWAL and old.valid_until is not None:
            permit.valid_from, permit.valid_until = old.valid_until + timedelta(days=1), kind.ends_on(old.valid_until)
            old.renew(permit.id, now)
        else:
            permit.valid_from, permit.valid_until = max(today, old.valid_from or today), old.valid_until
            old.amend(permit, now)
        session.flush()  # the one before leaves its place first: one permit in force for an application
    if permit.valid_until is not None and kind.renewal is not None:
        permit.renewable_from = permit.valid_until - timedelta(days=kind.renewal["from_days_before"])
        permit.remind_on = permit.valid_until - timedelta(days=kind.renewal["remind_days_before"])
    session.add(permit)
    hand_on(session, permit)
    session.flush()
    watch(session, permit, kind, before[0] if before else None)
    queue(session, permit, kind)
    _appoint(session, permit)


def _appoint(session: Session, permit: Permit) -> None:
    if permit.valid_until:
        due.schedule(session, EXPIRE, str(permit.id), end_of_day(permit.valid_until))
    if permit.remind_on:
        due.schedule(session, REMIND, str(permit.id), start_of_day(permit.remind_on))


def expire(session: Session, subject: str, now: datetime) -> None:
    """The last day of the permit `subject` is over."""
    get(session, Permit, UUID(subject), lock=True).expire(now)


def remind(session: Session, subject: str, now: datetime) -> None:
    """The day has come to remind the holder of the permit's last day."""
    get(session, Permit, UUID(subject), lock=True).remind(now)


def show(session: Session, actor: Actor, permit: Permit) -> Permit:
    """One permit; who is not its holder is recorded as having seen it."""
    if not actor.owns(permit.owner_sub):
        access_log.record(session, actor, permit.owner_sub, ("permit", str(permit.id)), "permit shown")
    return permit


def listed(actor: Actor, *, mine: bool, company: str | None = None) -> list[sa.Select[Permit]]:
    """The actor's own permits, a company's, or those of their office (an auditor's: of every office)."""
    if mine or company or not is_staff(actor):
        return owned(Permit, actor, company)
    query = sa.select(Permit)
    return [query if actor.has("auditor") else query.where(Permit.office == actor.office)]
