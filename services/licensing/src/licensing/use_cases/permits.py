"""Permits: issued when everything is there, listed, shown, revoked."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.use_cases.issue_measures import measured
from licensing.use_cases.numbers import permit_number
from licensing.use_cases.ownership import owned
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.reasons import must_be_reason
from licensing.use_cases.staff import is_staff
from smartcity import access_log, documents, due
from smartcity.calendar import day_of, end_of_day
from smartcity.http import Actor
from smartcity.storage import get, uuid7

EXPIRE = "licensing.expire-permit"


def issue_if_ready(session: Session, application: PermitApplication, now: datetime) -> None:
    """The permit of an application that is paid or owes nothing; nothing otherwise."""
    if not application.can_be_issued:
        return
    permit_id, kind = uuid7(), permit_type(application.permit_type)
    receipt_no = application.receipt_no
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
        valid_until=kind.ends_on(day_of(now)),
        **measured(application, now),
    )
    permit.tell_issue()
    session.add(permit)
    if permit.valid_until:
        due.schedule(session, EXPIRE, str(permit_id), end_of_day(permit.valid_until))


def expire(session: Session, subject: str, now: datetime) -> None:
    """The last day of the permit `subject` is over."""
    get(session, Permit, UUID(subject)).expire()


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


def revoke(permit: Permit, actor: Actor, reason_code: str, now: datetime) -> Permit:
    """The head takes it back; verification shows it from then on."""
    permit.revoke(actor.sub, must_be_reason("revoked", reason_code), now)
    return permit
