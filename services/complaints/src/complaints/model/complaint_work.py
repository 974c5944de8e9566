"""What an office does about a complaint in its hands: who of it has it, and what the repair cost and took."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from complaints.model.complaint_promise import Promised
from complaints.model.complaint_status import Status
from complaints.model.complaint_way import Step
from smartcity.errors import RuleBroken


@dataclass(frozen=True)
class Spent:
    """What one repair took: whole rupiah, where the office says how much, and materials (`name`, `quantity` as a decimal in a string, `unit`)."""

    cost: int | None = None
    materials: Sequence[dict[str, str]] = ()


NOTHING_SPENT = Spent()


class Worked(Promised):
    """`assignee_sub`: the officer who has it. `cost`, `materials`: of all its repairs together; a reopened one is repaired again."""

    __abstract__ = True

    assignee_sub: Mapped[str | None] = mapped_column(default=None)
    cost: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    materials: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default_factory=list)

    def assign(self, officer: str, step: Step) -> None:
        """An officer of the office has it; the same again changes nothing."""
        if self.status not in (Status.DISPOSED, Status.IN_PROGRESS):
            raise RuleBroken("complaint-not-assignable", status=self.status)
        if officer != self.assignee_sub:
            self.assignee_sub = officer
            self._write("assigned", step)

    def _spend(self, spent: Spent) -> None:
        if spent.cost is not None:
            self.cost = (self.cost or 0) + spent.cost
        self.materials = [*self.materials, *spent.materials]
