"""The same child twice: same mother, same day, same name. A twin of the same name is told apart by its order of birth."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import FILED, BirthRegistration
from civil_registry.use_cases.birth_particulars import columns
from smartcity.errors import RuleBroken

INDEX = "uq_birth_registration_child"


def must_be_new(session: Session, details: Mapping[str, Any], besides: UUID | None = None) -> None:
    """Raises where another registration that was filed is of this child, unless `twin_order` says that they are two.

    The unique index holds the same rule for two that come at once.
    """
    mine = columns(details)
    if mine["mother_nik_index"] is None:  # a foundling: nobody can say by the mother that it is another
        return
    same = sa.select(BirthRegistration.twin_order).where(
        sa.text(FILED), *(getattr(BirthRegistration, name) == mine[name] for name in ("mother_nik_index", "born_on", "child_name_index"))
    )
    if besides is not None:
        same = same.where(BirthRegistration.id != besides)
    taken = set(session.scalars(same))
    if taken and (mine["twin_order"] == 0 or mine["twin_order"] in taken):
        raise RuleBroken("child-already-filed")
