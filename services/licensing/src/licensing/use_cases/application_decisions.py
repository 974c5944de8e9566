"""The office's side: checked, given back, examined, approved, rejected."""

from datetime import datetime

from sqlalchemy.orm import Session

from licensing.model.examination import EXAMINE, Round
from licensing.model.permit_application import PermitApplication, Reason
from licensing.use_cases.clocks import follow
from licensing.use_cases.examiners import behind
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.reasons import must_be_reason
from smartcity import duties
from smartcity.errors import InputWrong, RuleBroken
from smartcity.http import Actor


def find_complete(application: PermitApplication, actor: Actor, now: datetime) -> PermitApplication:
    """All papers are there."""
    application.find_complete(actor.sub, now)
    follow(application, now)
    return application


def give_back(application: PermitApplication, actor: Actor, reason: Reason, now: datetime) -> PermitApplication:
    """Back to the applicant for repair."""
    must_be_reason("returned", reason.code)
    application.give_back(actor.sub, reason, now)
    follow(application, now)
    return application


def examine(session: Session, application: PermitApplication, actor: Actor, held: Round, now: datetime) -> PermitApplication:
    """One round of the technical examination. Raises `InputWrong` for a finding about something the permit type does not ask."""
    kind = permit_type(application.permit_type)
    wrong = {at: {"concerns": ["not-in-table"]} for at, one in enumerate(held.raised) if one.concerns not in kind.examinable}
    if wrong:
        raise InputWrong({"findings": wrong})
    application.examine(actor.sub, held, now)
    duties.done(session, actor, application.id, EXAMINE, now)
    follow(application, now)
    return application


def approve(session: Session, application: PermitApplication, actor: Actor, now: datetime) -> PermitApplication:
    """The technical side conforms; whoever examined, for themselves or in somebody's name, and whoever acts for them, is another person."""
    if actor.acts_as & behind(session, application):
        raise RuleBroken("approver-has-examined")
    application.approve(actor.sub, now, permit_type(application.permit_type).needs(application.answers))
    follow(application, now)
    return application


def reject(application: PermitApplication, actor: Actor, reason: Reason, now: datetime) -> PermitApplication:
    """The office says no."""
    must_be_reason("rejected", reason.code)
    application.reject(actor.sub, reason, now)
    follow(application, now)
    return application
