"""Who works here, and what they may see of others."""

from sqlalchemy.orm import Session

from licensing.model.permit_application import PermitApplication
from smartcity import access_log
from smartcity.http import Actor

ROLES = ("officer", "examiner", "approver", "head", "auditor")


def is_staff(actor: Actor) -> bool:
    """Does the actor act for the office, or audit it?"""
    return any(actor.has(role) for role in ROLES)


def seen(session: Session, actor: Actor, application: PermitApplication, purpose: str) -> None:
    """Record that somebody else than the applicant was shown the application."""
    if not actor.owns(application.owner_sub):
        access_log.record(session, actor, application.owner_sub, ("permit_application", str(application.id)), purpose)
