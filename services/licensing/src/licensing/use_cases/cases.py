"""This office's part of `me/cases`: a person's applications, visits they are invited to, permits that end soon, and
notices about their permits."""

from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from licensing.model.application_status import EXAMINABLE, TRANSITIONS, Status
from licensing.model.permit import RENEWAL_DUE, Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_measure import OPEN, PermitMeasure
from licensing.model.permit_status import PermitStatus
from licensing.model.visit import Side, Visit
from licensing.use_cases.reasons import reasons
from smartcity.calendar import end_of_day
from smartcity.http.kernel_api import CaseLine, Cases, Withdrawal


def _applications(sub: str) -> sa.Select[PermitApplication]:
    return sa.select(PermitApplication).where(PermitApplication.owner_sub == sub).options(selectinload(PermitApplication.clocks))


def _application(application: PermitApplication) -> CaseLine:
    clock = application.running_clock
    last_day = clock.due_on if clock else application.lapses_on
    return CaseLine(
        kind="permit_application",
        id=str(application.id),
        number=application.number,
        status=application.status.value,
        label_code=f"permit_application.status.{application.status}",
        updated_at=application.updated_at,
        path=f"/v1/permit-applications/{application.id}",
        deadline=end_of_day(last_day) if last_day else None,
        withdrawal=_withdrawal(application),
    )


def _withdrawal(application: PermitApplication) -> Withdrawal | None:
    if Status.WITHDRAWN not in TRANSITIONS[application.status]:
        return None
    return Withdrawal(f"/v1/permit-applications/{application.id}/withdrawal", reasons()["withdrawn"])


def invited(status: Status, sub: str) -> sa.Select[Visit, str | None]:
    """The visits to a person's sites that are ahead, with the numbers of their applications in that state; one an application, at its place."""
    mine = (PermitApplication.owner_sub == sub, PermitApplication.status == status, Visit.carried_out_at.is_(None))
    ahead = sa.select(Visit, PermitApplication.number).join(PermitApplication, PermitApplication.id == Visit.application_id)
    return ahead.where(*mine).options(selectinload(Visit.moves))


def _visit(visit: Visit, number: str | None) -> CaseLine:
    """The day is the deadline, what to do the label; why and when exactly says the invitation, under `path`."""
    return CaseLine(
        kind="visit",
        id=str(visit.id),
        number=number,
        status="scheduled",
        label_code="visit.fixed" if visit.moved_by(Side.APPLICANT) else "visit.scheduled",
        updated_at=visit.moves[-1].moved_at if visit.moves else visit.scheduled_at,
        path=f"/v1/permit-applications/{visit.application_id}/visits",
        deadline=end_of_day(visit.day),
    )


def ending(sub: str) -> sa.Select[Permit]:
    """A person's permits that stand and end, the nearest last day first."""
    mine = (Permit.owner_sub == sub, Permit.status == PermitStatus.ACTIVE, Permit.valid_until.is_not(None))
    return sa.select(Permit).where(*mine).order_by(Permit.valid_until, Permit.id)


def to_renew(sub: str) -> sa.Select[Permit]:
    """A person's permits whose end they were reminded of and that nothing succeeds yet."""
    return sa.select(Permit).where(Permit.owner_sub == sub, sa.text(RENEWAL_DUE))


def _renewal(permit: Permit) -> CaseLine:
    return CaseLine(
        kind="permit_renewal",
        id=str(permit.id),
        number=permit.number,
        status="renewal_due",
        label_code="permit.renewal_due",
        updated_at=permit.reminded_at or permit.issued_at,
        path=f"/v1/permits/{permit.id}",
        deadline=end_of_day(permit.valid_until) if permit.valid_until else None,
    )


def noticed(sub: str) -> sa.Select[PermitMeasure, str]:
    """Notices to a person that are announced or in force, each with the number of its permit."""
    mine = sa.select(PermitMeasure, Permit.number).join(Permit, Permit.id == PermitMeasure.permit_id).where(PermitMeasure.owner_sub == sub)
    return mine.where(PermitMeasure.status.in_(OPEN))


def _notice(notice: PermitMeasure, number: str) -> CaseLine:
    return CaseLine(
        kind=f"permit_{notice.kind}",
        id=str(notice.id),
        number=number,
        status=notice.status.value,
        label_code=f"permit_measure.{notice.kind}.{notice.status}",
        updated_at=notice.ordered_at,
        path=f"/v1/permits/{notice.permit_id}",
        deadline=end_of_day(notice.answer_until) if notice.answer_until and notice.answer is None else None,
    )


MY_CASES = (
    Cases(_applications, PermitApplication.id, _application),
    *(Cases(partial(invited, status), PermitApplication.id, _visit) for status in sorted(EXAMINABLE)),
    Cases(to_renew, Permit.id, _renewal),
    Cases(noticed, PermitMeasure.id, _notice),
)
