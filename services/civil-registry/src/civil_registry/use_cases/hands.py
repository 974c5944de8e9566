"""In whose hands a registration is: who filed it may mend it and takes no step of the office, nor does anybody for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Step
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.office_way import OfficeWay
from smartcity import duties
from smartcity.errors import Forbidden
from smartcity.http import Actor

FILING = "filing"


def filed(session: Session, actor: Actor, registration: OfficeWay, now: datetime) -> None:
    """Keep that the actor filed it, or claimed it."""
    duties.done(session, actor, registration.id, FILING, now)


def must_be_filer(actor: Actor, registration: BirthRegistration | DeathRegistration) -> None:
    """Raises `Forbidden` for an official who did not file it for who reports, at the counter."""
    if not actor.owns(registration.owner_sub) and registration.filed_by_sub not in actor.acts_as:
        raise Forbidden()


def must_stand_aside(session: Session, actor: Actor, registration: OfficeWay) -> None:
    """Raises `RuleBroken` for everybody in whose name it was filed, and for who acts for them; whose it is, the policy keeps out."""
    duties.must_be_another(session, actor, registration.id, FILING, code="own-case")


def taken(session: Session, actor: Actor, registration: OfficeWay, step: Step, now: datetime) -> None:
    """Keep that the actor took a step of the office.

    Raises `RuleBroken` where they, or somebody they act for, filed it or took another step of it: deputies are no way around.
    """
    must_stand_aside(session, actor, registration)
    others = [other for other in Step if other is not step]
    duties.must_be_another(session, actor, registration.id, *others, code="another-person-must", step=step)
    duties.done(session, actor, registration.id, step, now)
