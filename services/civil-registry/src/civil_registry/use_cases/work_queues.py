"""What waits for somebody of the office, oldest first."""

import sqlalchemy as sa

from civil_registry.model.birth_registration import WAITING, BirthRegistration
from civil_registry.model.birth_status import Step
from smartcity.http import Actor


def waiting(actor: Actor, step: Step | None) -> sa.Select[BirthRegistration]:
    """Registrations of the actor's office that wait for `step`, or for any step."""
    # the condition is written out so that the planner sees it implies the partial index
    query = sa.select(BirthRegistration).where(BirthRegistration.office == actor.office, sa.text(WAITING))
    return query.where(BirthRegistration.waits_for == step) if step else query
