"""How an application goes from state to state, and remembers it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from licensing.model.application_history import HistoryLine
from licensing.model.application_status import TRANSITIONS, Status
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states


@dataclass(frozen=True)
class Reason:
    """Why: a code of the service's reasons, and sentences for the applicant."""

    code: str
    sentences: tuple[str, ...] = ()


class OnItsWay(Aggregate):
    """Something that goes the ways of `application_status.TRANSITIONS` and no other; each step is a line of its history.

    `lapses_on`: the last day on which whose turn it is must have acted; `reminded` of it.
    """

    __abstract__ = True

    updated_at: Mapped[datetime]
    status_since: Mapped[datetime]
    status: Mapped[Status] = mapped_column(states(Status), default=Status.DRAFT)
    number: Mapped[str | None] = mapped_column(default=None)
    lapses_on: Mapped[date | None] = mapped_column(default=None, init=False)
    reminded: Mapped[bool] = mapped_column(default=False, init=False)

    @declared_attr
    def history(self) -> Mapped[list[HistoryLine]]:
        return relationship(order_by=HistoryLine.position, init=False, default_factory=list)

    def _move(self, to: Status, may: str, actor: str | None, now: datetime, reason: Reason | None = None) -> None:
        if to not in TRANSITIONS[self.status]:
            raise RuleBroken(f"application-not-{may}", status=self.status)
        position = len(self.history) + 1  # read before anything changes: reading may flush, and a half-moved row breaks its checks
        self.status, self.status_since, self.updated_at = to, now, now
        self.lapses_on, self.reminded = None, False
        line = HistoryLine(position=position, status=to, at=now, actor_sub=actor)
        if reason:
            line.reason_code, line.reasons = reason.code, list(reason.sentences)
        self.history.append(line)

    @property
    def _number(self) -> str:
        assert self.number is not None, "an application in the office's hands has its number"
        return self.number
