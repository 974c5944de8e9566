"""What waits for somebody of the office, oldest first."""

from typing import Any

import sqlalchemy as sa

from licensing.model.application_status import Status
from licensing.model.permit_application import WAITING, PermitApplication
from smartcity.http import Actor

STEPS = {
    "completeness": Status.SUBMITTED,
    "first_examination": Status.COMPLETE,
    "examination": Status.IN_EXAMINATION,
    "assessment": Status.APPROVED,
}


def waiting(actor: Actor, step: str | None) -> sa.Select[PermitApplication]:
    """Applications of the actor's office that wait for `step`, or for any step."""
    # the state is written out, not bound, so that the planner sees it implies the partial index
    asked = PermitApplication.status == sa.bindparam(None, STEPS[step], literal_execute=True) if step else sa.text(WAITING)
    return sa.select(PermitApplication).where(PermitApplication.office == actor.office, asked)


def line(application: PermitApplication, mine: bool) -> dict[str, Any]:
    """A line of the queue, saying whether it is assigned to whoever asks."""
    names = (
        "id",
        "number",
        "permit_type",
        "office",
        "status",
        "status_since",
        "kelurahan_code",
        "submitted_at",
        "retribution",
        "permit_id",
    )
    return {**{name: getattr(application, name) for name in names}, "assigned_to_me": mine}
