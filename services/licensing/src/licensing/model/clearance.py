"""What another office must say before the approval; asked of all of them at once, each with a clock of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model.application_document import ApplicationDocument
from licensing.model.step_clock import COUNTS, RUNNING, Clock
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states

if TYPE_CHECKING:
    from licensing.model.permit_application import PermitApplication


class Silence(StrEnum):
    """What it means that an office says nothing in its time."""

    APPROVAL = "approval"
    WAITS = "waits"


class Answer(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"


class Clearance(Clock, Aggregate):
    """One question to one office. Asked anew after a refusal, with the next `turn`; its clock stands while the applicant acts."""

    __tablename__ = "clearance"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "code", "turn"),
        sa.CheckConstraint(COUNTS, name="counts"),
        sa.CheckConstraint(RUNNING, name="running"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("answer IS NULL OR since IS NULL", name="stopped"),
        sa.CheckConstraint("answer IS NULL OR by_silence = (answerer_sub IS NULL)", name="by_somebody"),
        sa.CheckConstraint("NOT by_silence OR (answer = 'approved' AND silence = 'approval')", name="by_silence"),
        sa.Index("ix_clearance_waiting", "office", "asked_at", "id", postgresql_where=sa.text("since IS NOT NULL")),
        sa.Index("ix_clearance_case", "application_id", postgresql_where=sa.text("since IS NOT NULL")),
    )

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    code: Mapped[str]
    turn: Mapped[int]
    office: Mapped[str]
    what: Mapped[str]
    silence: Mapped[Silence] = mapped_column(states(Silence, "silence"))
    document_kinds: Mapped[list[str]] = mapped_column(JSONB)
    asked_at: Mapped[datetime]
    answer: Mapped[Answer | None] = mapped_column(states(Answer, "answer"), default=None)
    by_silence: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answerer_sub: Mapped[str | None] = mapped_column(default=None)
    reasons: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    application: Mapped["PermitApplication"] = relationship(back_populates="clearances", init=False)

    @property
    def parties(self) -> frozenset[str]:
        """Those of the application."""
        return self.application.parties

    @property
    def needed_documents(self) -> list[ApplicationDocument]:
        """The documents that this office sees, the newest of each kind."""
        return list({one.kind: one for one in self.application.documents if one.kind in self.document_kinds}.values())

    def say(self, answer: Answer, officer: str, reasons: tuple[str, ...], now: datetime) -> None:
        """The office answers, once; not while the applicant acts, and not after the decision."""
        if self.answer is not None:
            raise RuleBroken("clearance-answered", answer=self.answer)
        if self.since is None:
            raise RuleBroken("clearance-not-open", status=self.application.status)
        self.answer, self.answerer_sub, self.reasons, self.answered_at = answer, officer, list(reasons), now
        self.stop(now)

    def take_silence(self, now: datetime) -> None:
        """Nobody said anything in time, which is an approval here."""
        self.answer, self.by_silence, self.answered_at = Answer.APPROVED, True, now
        self.stop(now)


def newest(clearances: Sequence[Clearance]) -> dict[str, Clearance]:
    """By code, the one asked last."""
    return {one.code: one for one in sorted(clearances, key=lambda one: one.turn)}


def ask(clearances: list[Clearance], terms: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Ask what was not asked or was refused; go on asking what waits; what was approved stays so."""
    asked = newest(clearances)
    for row in terms:
        found = asked.get(row["code"])
        if found is None or found.answer is Answer.REFUSED:
            found = Clearance(
                code=row["code"], turn=found.turn + 1 if found else 1, office=row["office"], what=row["what"], silence=Silence(row["silence"]),
                document_kinds=row["documents"],
                days=row["days"], working=row["clock"] == "hari kerja", legal_basis=row["legal_basis"], asked_at=now,
            )  # fmt: skip
            clearances.append(found)
        if found.answer is None and found.since is None:
            found.start(now)


def must_be_clear(clearances: Sequence[Clearance], needed: frozenset[str]) -> None:
    """Raises naming the offices that have not answered, or that have refused."""
    asked = newest(clearances)
    open_ones = sorted(code for code in needed if code not in asked or asked[code].answer is None)
    if open_ones:
        raise RuleBroken("clearances-open", clearances=", ".join(open_ones))
    refused = sorted(code for code in needed if asked[code].answer is Answer.REFUSED)
    if refused:
        raise RuleBroken("clearance-refused", clearances=", ".join(refused))
