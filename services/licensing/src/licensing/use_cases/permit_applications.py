"""The applicant's side: open, change, submit, withdraw; and who may look."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from licensing.model.application_history import HistoryLine
from licensing.model.application_status import Status
from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication, Reason
from licensing.use_cases import lapses
from licensing.use_cases.clocks import follow
from licensing.use_cases.numbers import application_number
from licensing.use_cases.ownership import applicant_of, owned
from licensing.use_cases.permit_types import PermitType, permit_type, permit_types
from licensing.use_cases.reasons import must_be_reason
from licensing.use_cases.staff import is_staff, seen
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.http import Actor
from smartcity.regions import in_city_box, kelurahan


def open_draft(session: Session, actor: Actor, now: datetime, request: dict[str, Any]) -> PermitApplication:
    """A draft of the actor's own, or of the company they name as `applicant`. Raises `InputWrong` for a type not given today, answers that do not fit, or a place outside Medan."""
    kind = _given_type(request["permit_type"], now)
    _must_fit(kind, request)
    owner = applicant_of(actor, request.pop("applicant", None), "applicant")
    _may_apply(kind, request.get("nib"), company=owner != actor.sub)
    earlier = _continued(session, owner, request.pop("continues_id", None))
    application = PermitApplication(
        office=kind.office, owner_sub=owner, created_at=now, updated_at=now, status_since=now, **request
    )  # fmt: skip
    application.history.append(HistoryLine(position=1, status=Status.DRAFT, at=now, actor_sub=actor.sub))
    application.tell_company()
    if earlier is not None:
        application.take_over(earlier)
    session.add(application)
    return application


def _continued(session: Session, owner: str, ident: UUID | None) -> PermitApplication | None:
    """The applicant's own application that the new one continues, if it names one."""
    found = session.get(PermitApplication, ident) if ident else None
    if ident and (found is None or found.owner_sub != owner):
        raise InputWrong({"continues_id": ["not-continuable"]})
    return found


def change(application: PermitApplication, now: datetime, request: dict[str, Any]) -> PermitApplication:
    """Other particulars or answers, while the application is in the applicant's hands."""
    application.must_be_editable()
    kind = permit_type(application.permit_type)
    _must_fit(kind, {"answers": application.answers, "kelurahan_code": application.kelurahan_code, **request})
    for name, value in request.items():
        setattr(application, name, value)
    application.updated_at = now
    lapses.watch(application, now)
    return application


def _given_type(code: str, now: datetime) -> PermitType:
    kind = next((kind for kind in permit_types() if kind.code == code), None)
    if kind is None:
        raise InputWrong({"permit_type": ["not-in-table"]})
    if not kind.given_on(day_of(now)):
        raise InputWrong({"permit_type": ["permit-type-not-given-now"]})
    return kind


def _may_apply(kind: PermitType, nib: str | None, *, company: bool) -> None:
    if nib is None and (company or "citizen" not in kind.applicants):
        raise InputWrong({"nib": ["required"]})
    if nib is not None and "business" not in kind.applicants:
        raise InputWrong({"nib": ["not-for-business"]})


def _must_fit(kind: PermitType, request: dict[str, Any]) -> None:
    errors: dict[str, Any] = {}
    if wrong := kind.wrong_answers(request["answers"]):
        errors["answers"] = wrong
    if kelurahan(request["kelurahan_code"]) is None:
        errors["kelurahan_code"] = ["region-outside-medan"]
    place = request.get("position")
    if place and not in_city_box(place["lat"], place["lon"]):
        errors["position"] = ["position-outside-medan"]
    if errors:
        raise InputWrong(errors)


def submit(session: Session, actor: Actor, application: PermitApplication, now: datetime) -> PermitApplication:
    """Into the office's hands, first or again; it gets its number the first time."""
    kind = permit_type(application.permit_type)
    _must_fit(kind, {"answers": application.answers, "kelurahan_code": application.kelurahan_code})
    application.check_submittable(kind.required_documents, day_of(now))
    if application.number is None and not kind.given_on(day_of(now)):
        raise RuleBroken("permit-type-ended", permit_type=kind.code)
    number = application.number or application_number(session, kind.code, application.office, now)
    application.submit(number, now, actor.sub)
    follow(application, now)
    return application


def withdraw(application: PermitApplication, actor: Actor, reason_code: str, now: datetime) -> PermitApplication:
    """The applicant takes it back."""
    application.withdraw(Reason(must_be_reason("withdrawn", reason_code)), now, actor.sub)
    follow(application, now)
    return application


def show(session: Session, actor: Actor, application: PermitApplication) -> PermitApplication:
    """One application with everything; who is not its applicant is recorded as having seen it."""
    seen(session, actor, application, "application shown")
    return application


def listed(actor: Actor, status: Status | None, *, mine: bool, company: str | None = None) -> list[sa.Select[PermitApplication]]:
    """The actor's own applications, a company's, or those of their office (an auditor's: of every office), without names."""
    found = owned(PermitApplication, actor, company) if mine or company or not is_staff(actor) else [_of_office(actor)]
    if status is not None:
        found = [query.where(PermitApplication.status == status) for query in found]
    return [query.options(selectinload(PermitApplication.clocks), selectinload(PermitApplication.permit)) for query in found]


def _of_office(actor: Actor) -> sa.Select[PermitApplication]:
    query = sa.select(PermitApplication)
    return query if actor.has("auditor") else query.where(PermitApplication.office == actor.office)


def counted(session: Session, actor: Actor, company: str | None) -> dict[str, dict[str, int]]:
    """How many applications and permits of one's own, or of one company, are in each state."""
    owners = [applicant_of(actor, company, "company")] if company else actor.subs

    kinds: dict[str, type[PermitApplication | Permit]] = {"applications": PermitApplication, "permits": Permit}
    return {name: {status.value: count for status, count in session.execute(by_status(kind, owners))} for name, kind in kinds.items()}


def by_status(kind: type[PermitApplication | Permit], owners: Sequence[str]) -> sa.Select[Any, int]:
    """How many of the owners' there are in each state."""
    return sa.select(kind.status, sa.func.count()).where(kind.owner_sub.in_(owners)).group_by(kind.status)
