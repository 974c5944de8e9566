"""Work is spread over those who are there, by load."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take it: how many open assignments they have, and when they were last given one."""

    sub: str
    open: int
    last_given: datetime | None


def chosen(candidates: Sequence[Candidate], barred: Set[str]) -> str | None:
    """Who has the fewest open, of equals whoever was given one longest ago; never one of `barred`. `None`: nobody can."""
    able = [one for one in candidates if one.sub not in barred]
    return min(able, key=lambda one: (one.open, one.last_given or NEVER, one.sub)).sub if able else None
