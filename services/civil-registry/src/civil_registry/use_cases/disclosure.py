"""Who looks at a registration or an entry of the register, why, and how much of it they see."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.certificate import Certificate
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.record_act import RecordAct
from civil_registry.rules.sight import Sight, masked, sight_of
from civil_registry.use_cases.registry_data import purposes
from smartcity import access_log
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.identity_number import mask

Shown = BirthRegistration | BirthRecord | DeathRegistration | DeathRecord | Certificate | RecordAct
KINDS: dict[type[Shown], str] = {
    BirthRegistration: "birth_registration", BirthRecord: "birth_record", Certificate: "certificate", RecordAct: "record_act",
    DeathRegistration: "death_registration", DeathRecord: "death_record",
}  # fmt: skip


def look(session: Session, actor: Actor, shown: Shown, purpose: str | None) -> Sight:
    """How much the actor sees; an official's look needs a purpose and is recorded for the person concerned.

    Raises `InputWrong` without a known purpose. Who sees nothing personal needs none.
    """
    own = actor.sub == shown.owner_sub
    sight = sight_of(actor.roles, own=own)
    if own or sight is Sight.NONE:
        return sight
    if purpose not in purposes():
        raise InputWrong({"purpose": ["purpose-unknown" if purpose else "purpose-required"]})
    access_log.record(session, actor, shown.owner_sub, (KINDS[type(shown)], str(shown.id)), purpose)
    return sight


def looked_at(session: Session, actor: Actor, shown: tuple[str, UUID, str], purpose: str | None) -> None:
    """Record that data of (kind, id, owner) were shown beside what was asked for; `look` has already asked the purpose."""
    kind, ident, owner_sub = shown
    access_log.record(session, actor, owner_sub, (kind, str(ident)), purpose or "")


def disclosed(details: dict[str, Any], sight: Sight) -> dict[str, Any]:
    """The details as far as `sight` reaches."""
    if sight is Sight.NONE:
        return {}
    shown: dict[str, Any] = details if sight is Sight.FULL else masked(details, mask)
    return shown
