"""An application about a permit that is there already: to amend it, or to renew it. Nothing is typed again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.application_document import ApplicationDocument
from licensing.model.application_history import HistoryLine
from licensing.model.application_status import CLOSED_WITHOUT_PERMIT, Status
from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_status import PermitStatus, Succession
from licensing.model.succession import SuccessionRequest
from licensing.use_cases.permit_types import permit_type
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.http import Actor
from smartcity.storage import get


def ask_for_renewal(session: Session, permit: Permit, actor: Actor, now: datetime) -> PermitApplication:
    """A draft that renews the permit, with all it says and its documents. Raises `RuleBroken` too early, too late, or a second time."""
    permit.must_be_renewable(day_of(now))
    return _draft(session, permit, Succession.RENEWAL, actor, now)


def ask_for_amendment(session: Session, permit: Permit, actor: Actor, now: datetime) -> PermitApplication:
    """A draft that amends the permit; the holder changes in it what is to be another."""
    permit.must_be_amendable()
    return _draft(session, permit, Succession.AMENDMENT, actor, now)


def _draft(session: Session, permit: Permit, kind: Succession, actor: Actor, now: datetime) -> PermitApplication:
    given = permit_type(permit.permit_type)
    if not given.given_on(day_of(now)):
        raise RuleBroken("permit-type-ended", permit_type=given.code)
    if _is_open(session, permit, kind):
        raise RuleBroken("succession-asked-already")
    origin = get(session, PermitApplication, permit.application_id)
    draft = PermitApplication(
        office=permit.office, owner_sub=permit.owner_sub, permit_type=permit.permit_type, applicant_name=permit.holder_name,
        applicant_address=permit.holder_address, site_address=permit.site_address, kelurahan_code=permit.kelurahan_code,
        answers=origin.answers, nib=origin.nib, position=origin.position, created_at=now, updated_at=now, status_since=now,
    )  # fmt: skip
    draft.history.append(HistoryLine(position=1, status=Status.DRAFT, at=now, actor_sub=actor.sub))
    draft.tell_company()
    newest = {document.kind: document for document in origin.documents}
    draft.documents = [_again(document, now) for document in newest.values()]
    draft.succession = SuccessionRequest(permit_id=permit.id, kind=kind)
    session.add(draft)
    return draft


def _again(document: ApplicationDocument, now: datetime) -> ApplicationDocument:
    return ApplicationDocument(
        kind=document.kind, file_id=document.file_id, name=document.name, uploaded_at=now, expires_on=document.expires_on
    )


def _is_open(session: Session, permit: Permit, kind: Succession) -> bool:
    asked = sa.select(SuccessionRequest.application_id).join(PermitApplication, PermitApplication.id == SuccessionRequest.application_id)
    of_permit = (SuccessionRequest.permit_id == permit.id, SuccessionRequest.kind == kind)
    return session.scalar(asked.where(*of_permit, PermitApplication.status.not_in(CLOSED_WITHOUT_PERMIT)).limit(1)) is not None


def predecessor_of(session: Session, application: PermitApplication) -> tuple[Permit, Succession] | None:
    """The permit that the application amends or renews, locked, or the one that was put in its place since.

    `None` where it no longer stands: then the permit that was applied for stands for itself.
    """
    asked = application.succession
    if asked is None:
        return None
    permit = get(session, Permit, asked.permit_id, lock=True)
    while permit.status is PermitStatus.AMENDED and permit.successor_id is not None:
        permit = get(session, Permit, permit.successor_id, lock=True)
    renews = asked.kind is Succession.RENEWAL
    stands = permit.status in ((PermitStatus.ACTIVE, PermitStatus.SUSPENDED, PermitStatus.EXPIRED) if renews else (PermitStatus.ACTIVE,))
    return (permit, asked.kind) if stands and permit.successor_id is None else None


def hand_on(session: Session, permit: Permit) -> None:
    """What was asked for about the permit that this one takes the place of is about this one now."""
    if permit.succession in (Succession.AMENDMENT, Succession.CORRECTION):
        session.flush()
        others = (SuccessionRequest.permit_id == permit.predecessor_id, SuccessionRequest.application_id != permit.application_id)
        session.execute(sa.update(SuccessionRequest).where(*others).values(permit_id=permit.id))
