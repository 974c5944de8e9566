"""The way of a complaint: where it stands, whose turn it is until when, and the line that each step leaves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from complaints.model.complaint_history import Audience, HistoryLine
from complaints.model.complaint_status import TRANSITIONS, WAITS_FOR, Clock, Escalation, Status
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states, uuid7


@dataclass(frozen=True)
class Step:
    """Who does it, when, and the words for it, with whom they are for."""

    at: datetime
    actor_sub: str | None = None
    note: str | None = None
    audience: Audience = Audience.EVERYBODY


@dataclass(frozen=True)
class Turn:
    """Whose turn is next: the clock, and its last moment."""

    clock: Clock
    deadline: datetime


class OnItsWay(Aggregate):
    """What goes the ways of `complaint_status.TRANSITIONS` and no other; one clock runs at a time."""

    __abstract__ = True

    number: Mapped[str]
    category: Mapped[str]
    kelurahan_code: Mapped[str]
    updated_at: Mapped[datetime]
    status_since: Mapped[datetime]
    status: Mapped[Status] = mapped_column(states(Status), default=Status.RECEIVED)
    clock: Mapped[Clock | None] = mapped_column(states(Clock, "clock"), default=None)
    deadline: Mapped[datetime | None] = mapped_column(default=None)
    escalation: Mapped[Escalation] = mapped_column(states(Escalation, "escalation"), default=Escalation.NONE)
    office: Mapped[str | None] = mapped_column(default=None)

    @declared_attr
    def history(self) -> Mapped[list[HistoryLine]]:
        # loaded with the row: a later reading would flush, and a half-moved row breaks its checks
        return relationship(order_by=HistoryLine.position, lazy="selectin", init=False, default_factory=list)

    @property
    def waits_for(self) -> str | None:
        """Whose turn it is: `reporter`, `coordinator`, `office`, or nobody's."""
        return WAITS_FOR[self.clock] if self.clock else None

    @property
    def _office(self) -> str:
        assert self.office is not None, "a complaint in work is in an office's hands"
        return self.office

    def _about(self, at: datetime) -> tuple[UUID, str, str, str, datetime]:
        return self.id, self.number, self.category, self.kelurahan_code, at

    def _must_be(self, status: Status, may: str) -> None:
        if self.status is not status:
            raise RuleBroken(f"complaint-not-{may}", status=self.status)

    def _turn(self, turn: Turn | None) -> None:
        self.clock, self.deadline = (turn.clock, turn.deadline) if turn else (None, None)
        self.escalation = Escalation.NONE

    def _write(self, event: str, step: Step, ident: UUID | None = None) -> None:
        self.updated_at = step.at
        self.history.append(HistoryLine(
            id=ident or uuid7(), position=len(self.history) + 1, event=event, status=self.status, at=step.at, audience=step.audience,
            actor_sub=step.actor_sub, office=self.office, note=step.note,
        ))  # fmt: skip

    def _move(self, to: Status, may: str, event: str, step: Step, turn: Turn | None = None) -> None:
        if to not in TRANSITIONS[self.status]:
            raise RuleBroken(f"complaint-not-{may}", status=self.status)
        self.status, self.status_since = to, step.at
        self._turn(turn)
        self._write(event, step)
