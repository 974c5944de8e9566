"""Permits are told to the national system when it can hear them. Nobody in the city waits for that."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_forwarding import ForwardingStatus, NationalSystem, PermitForwarding
from licensing.rules.forwarding import before_next_question, before_next_try
from licensing.use_cases.national_systems import Answer, SystemAway, adapter_of
from licensing.use_cases.permit_types import PermitType
from smartcity import due
from smartcity.http import Actor
from smartcity.storage import get

FORWARD = "licensing.forward-permit"


def queue(session: Session, permit: Permit, kind: PermitType) -> None:
    """A new permit that was flushed, if its type is told to a national system. OSS knows businesses, by their NIB, and nobody else."""
    if kind.forward == "none" or (kind.forward == "OSS" and _nib(session, permit) is None):
        return
    session.add(
        PermitForwarding(
            id=permit.id,
            office=permit.office,
            permit_no=permit.number,
            permit_type=permit.permit_type,
            system=kind.forward,
            queued_at=permit.issued_at,
        )
    )
    due.schedule(session, FORWARD, str(permit.id), permit.issued_at)


def forward(session: Session, subject: str, now: datetime) -> None:
    """Hand the permit `subject` over, or ask what came of it; then again while something is to come.

    While its system rests nobody calls it. Killed after the call and before the commit, it is called again by the same number.
    """
    forwarding = get(session, PermitForwarding, UUID(subject), lock=True)
    if not forwarding.is_under_way:
        return
    system = get(session, NationalSystem, forwarding.system)
    if later := system.left_alone_until(now):
        due.schedule(session, FORWARD, subject, later)
        return
    try:
        _call(session, forwarding, now)
    except SystemAway as away:
        forwarding.not_reached(str(away), now)
        system.failed(now)
        due.schedule(session, FORWARD, subject, now + before_next_try(forwarding.attempts))
        return
    system.answers()
    if forwarding.forwarded_at and forwarding.is_under_way:
        due.schedule(session, FORWARD, subject, now + before_next_question(now - forwarding.forwarded_at))


def _call(session: Session, forwarding: PermitForwarding, now: datetime) -> None:
    adapter, permit_no = adapter_of(forwarding.system), forwarding.permit_no
    if forwarding.status is ForwardingStatus.NOT_FORWARDED:
        content = content_of(session, get(session, Permit, forwarding.id), forwarding.system)
        answer: Answer | None = adapter.send(permit_no, content)
    else:
        answer = adapter.ask(permit_no)
    if answer is not None:
        forwarding.answered(answer.status, answer.reference, answer.reason, now)


def content_of(session: Session, permit: Permit, system: str) -> dict[str, Any]:
    """What the system is told: of a building who holds its permit and where it stands; of a business its NIB, which names it."""
    content = {
        "permit_no": permit.number, "permit_type": permit.permit_type, "status": permit.status.value, "application_no": permit.application_no,
        "issued_at": permit.issued_at.isoformat(), "valid_until": permit.valid_until.isoformat() if permit.valid_until else None,
        "kelurahan_code": permit.kelurahan_code, "site_address": permit.site_address, "verify_code": permit.verify_code,
    }  # fmt: skip
    if system == "OSS":
        return {**content, "nib": _nib(session, permit)}
    return {**content, "holder_name": permit.holder_name, "building": permit.building, "retribution_total": permit.retribution_total}


def _nib(session: Session, permit: Permit) -> str | None:
    return get(session, PermitApplication, permit.application_id).nib


def listed(actor: Actor, status: ForwardingStatus | None) -> sa.Select[PermitForwarding]:
    """What was told and what was not, of the actor's office (an auditor's: of every office)."""
    query = sa.select(PermitForwarding)
    if not actor.has("auditor"):
        query = query.where(PermitForwarding.office == actor.office)
    return query if status is None else query.where(PermitForwarding.status == status)


def send_again(session: Session, forwarding: PermitForwarding, actor: Actor, reason: str, now: datetime) -> PermitForwarding:
    """At once, also where the system was to be left alone for a while."""
    forwarding.send_again(actor.sub, reason, now)
    get(session, NationalSystem, forwarding.system).answers()
    due.schedule(session, FORWARD, str(forwarding.id), now)
    return forwarding


def settle(
    session: Session, forwarding: PermitForwarding, actor: Actor, reason: str, reference: str | None, now: datetime
) -> PermitForwarding:
    """By an officer's word; nothing is sent any more."""
    forwarding.settle(actor.sub, reason, reference, now)
    due.cancel(session, FORWARD, str(forwarding.id))
    return forwarding


def oldest_not_forwarded(session: Session, now: datetime) -> float:
    """Seconds the oldest permit waits that no national system has taken yet."""
    since = session.scalar(oldest())
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def oldest() -> sa.Select[datetime]:
    """Since when the longest waiting one waits. The condition is written out so that the planner sees it implies the partial index."""
    return sa.select(sa.func.min(PermitForwarding.queued_at)).where(sa.text("status = 'not_forwarded'"))
