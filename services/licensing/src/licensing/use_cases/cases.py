"""This office's part of `me/cases`: a person's applications, visits they are invited to, permits that end soon, and
notices about their permits."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from licensing.model.application_status import EXAMINABLE
from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_measure import OPEN, PermitMeasure
from licensing.model.permit_status import PermitStatus
from licensing.model.visit import Side, Visit
from licensing.use_cases.permit_applications import SHOWN_CASES, my_applications
from smartcity.calendar import end_of_day
from smartcity.http.kernel_api import CaseLine


def my_cases(session: Session, sub: str) -> list[CaseLine]:
    """All of them, what moved last first."""
    lines = [*my_applications(session, sub), *_visits(session, sub), *_ending(session, sub), *_notices(session, sub)]
    return sorted(lines, key=lambda line: line.updated_at, reverse=True)


def invited(sub: str) -> sa.Select[Visit, str | None]:
    """The visits to a person's sites that are ahead, the nearest first, each with the number of its application."""
    ahead = sa.select(Visit, PermitApplication.number).join(PermitApplication, PermitApplication.id == Visit.application_id)
    mine = (PermitApplication.owner_sub == sub, PermitApplication.status.in_(EXAMINABLE), Visit.carried_out_at.is_(None))
    return ahead.where(*mine).order_by(Visit.day, Visit.id)


def _visits(session: Session, sub: str) -> list[CaseLine]:
    """The day is the deadline, what to do the label; why and when exactly says the invitation, under `path`."""
    return [
        CaseLine(
            kind="visit",
            id=str(visit.id),
            number=number,
            status="scheduled",
            label_code="visit.fixed" if visit.moved_by(Side.APPLICANT) else "visit.scheduled",
            updated_at=visit.moves[-1].moved_at if visit.moves else visit.scheduled_at,
            path=f"/v1/permit-applications/{visit.application_id}/visits",
            deadline=end_of_day(visit.day),
        )
        for visit, number in session.execute(invited(sub).options(selectinload(Visit.moves)).limit(SHOWN_CASES))
    ]


def ending(sub: str) -> sa.Select[Permit]:
    """A person's permits that stand and end, the nearest last day first."""
    mine = (Permit.owner_sub == sub, Permit.status == PermitStatus.ACTIVE, Permit.valid_until.is_not(None))
    return sa.select(Permit).where(*mine).order_by(Permit.valid_until, Permit.id)


def _ending(session: Session, sub: str) -> list[CaseLine]:
    reminded = ending(sub).where(Permit.reminded_at.is_not(None), Permit.successor_id.is_(None)).limit(SHOWN_CASES)
    return [
        CaseLine(
            kind="permit_renewal",
            id=str(permit.id),
            number=permit.number,
            status="renewal_due",
            label_code="permit.renewal_due",
            updated_at=permit.reminded_at or permit.issued_at,
            path=f"/v1/permits/{permit.id}",
            deadline=end_of_day(permit.valid_until) if permit.valid_until else None,
        )
        for permit in session.scalars(reminded)
    ]


def noticed(sub: str) -> sa.Select[PermitMeasure, str]:
    """Notices to a person that are announced or in force, newest first, each with the number of its permit."""
    mine = sa.select(PermitMeasure, Permit.number).join(Permit, Permit.id == PermitMeasure.permit_id).where(PermitMeasure.owner_sub == sub)
    return mine.where(PermitMeasure.status.in_(OPEN)).order_by(PermitMeasure.id.desc())


def _notices(session: Session, sub: str) -> list[CaseLine]:
    return [
        CaseLine(
            kind=f"permit_{notice.kind}",
            id=str(notice.id),
            number=number,
            status=notice.status.value,
            label_code=f"permit_measure.{notice.kind}.{notice.status}",
            updated_at=notice.ordered_at,
            path=f"/v1/permits/{notice.permit_id}",
            deadline=end_of_day(notice.answer_until) if notice.answer_until and notice.answer is None else None,
        )
        for notice, number in session.execute(noticed(sub).limit(SHOWN_CASES))
    ]
