"""A hospital tells of a birth: a draft is made of it that the parent claims. Told twice, it is one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_notification import BirthNotification
from civil_registry.rules.register_chain import canonical
from civil_registry.use_cases.birth_particulars import must_be_possible
from civil_registry.use_cases.birth_registrations import Filed, draft
from civil_registry.use_cases.claims import NOBODY, code_of
from smartcity.errors import RuleBroken
from smartcity.http import Actor

ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
UNSAID: dict[str, Any] = {"circumstances": [], "kelurahan_code": None, "family_card_no": None, "reporter": None, "witnesses": []}


@dataclass(frozen=True)
class Noted:
    """What the hospital prints for the mother."""

    id: UUID
    reference: str
    notified_at: datetime
    claim_code: str


def notify(session: Session, actor: Actor, now: datetime, told: Mapping[str, Any]) -> Noted:
    """Make a draft of what a hospital tells. Raises `RuleBroken` where its reference has said something else before."""
    said = canonical(_plain(told))
    reference = told["reference"]
    session.execute(ONE_AT_A_TIME, {"key": f"birth notification {actor.sub} {reference}"})
    query = sa.select(BirthNotification).where(BirthNotification.agency_sub == actor.sub, BirthNotification.reference == reference)
    known = session.scalars(query).one_or_none()
    if known is None:
        known = _kept(session, actor, now, (told, said))
    elif known.said != said:
        raise RuleBroken("notification-told-otherwise", reference=reference)
    return Noted(known.id, reference, known.notified_at, code_of(known.registration_id))


def _kept(session: Session, actor: Actor, now: datetime, notified: tuple[Mapping[str, Any], str]) -> BirthNotification:
    told, said = notified
    path = "married_parents" if told.get("father") else "mother_only"
    details = {**UNSAID, "path": path, "child": told["child"], "mother": told["mother"], "father": told.get("father")}
    must_be_possible(details, now)
    registration = draft(session, Filed(NOBODY, actor.sub), now, details)
    session.flush()
    known = BirthNotification(
        agency_sub=actor.sub, reference=told["reference"], registration_id=registration.id, notified_at=now, said=said
    )
    session.add(known)
    return known


def _plain(told: Any) -> Any:
    if isinstance(told, Mapping):
        return {name: _plain(value) for name, value in told.items()}
    return told if isinstance(told, str | int | None) else str(told)
