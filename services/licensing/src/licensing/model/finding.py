"""What an examination finds wanting: each told once, with its sentence, and what it concerns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.errors import InputWrong, RuleBroken
from smartcity.storage import Base, uuid7


@dataclass(frozen=True)
class Raised:
    """A finding as the examiner says it. `concerns`: `answers.<question>`, `documents.<kind>`, `site_address` or `kelurahan_code`."""

    code: str
    sentence: str
    concerns: str


class Finding(Base):
    """`number` identifies it in its application; `raised_in` the round (0: carried over), `resolved_in` the one that found it mended."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "number"),
        sa.CheckConstraint("raised_in BETWEEN 0 AND 5 AND resolved_in > raised_in AND resolved_in <= 5", name="rounds"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    number: Mapped[int]
    code: Mapped[str]
    sentence: Mapped[str]
    concerns: Mapped[str]
    raised_in: Mapped[int]
    resolved_in: Mapped[int | None] = mapped_column(default=None)

    def again(self) -> Raised:
        """The same, for the application that continues this one."""
        return Raised(self.code, self.sentence, self.concerns)


def still_open(findings: Sequence[Finding]) -> list[Finding]:
    """Those that nobody found mended yet."""
    return [finding for finding in findings if finding.resolved_in is None]


def take_up(findings: list[Finding], raised: Sequence[Raised], resolved: frozenset[int], turn: int) -> None:
    """Keep what round `turn` found mended and wanting. Raises `InputWrong` for a number that is not open."""
    waiting = {finding.number: finding for finding in still_open(findings)}
    if resolved - set(waiting):
        raise InputWrong({"resolved": ["not-in-table"]})
    for number in resolved:
        waiting[number].resolved_in = turn
    for one in raised:
        number = len(findings) + 1
        findings.append(Finding(number=number, code=one.code, sentence=one.sentence, concerns=one.concerns, raised_in=turn))


def must_be_new(raised: Sequence[Raised], seen: Mapping[str, Any] | None, now_seen: Mapping[str, Any]) -> None:
    """Raises where a later round adds what an earlier one did not raise.

    PP 16/2021 Pasal 255(5)-(9): considerations are concrete and complete, and may not be changed or added later. What an
    earlier round had before it is settled by that round's silence. Only what the applicant has changed since the round before
    was never considered; a finding may concern that, and nothing else. `seen` is what that round had before it, `None` in the first.
    """
    if seen is None:
        return
    late = sorted({one.concerns for one in raised if now_seen.get(one.concerns) == seen.get(one.concerns)})
    if late:
        raise RuleBroken("finding-raised-late", concerns=", ".join(late))
