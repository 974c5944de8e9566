"""Two reports that may be of one child: shown side by side, decided by a person, asked before a birth is registered."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Status, Step
from civil_registry.model.duplicate_decision import DuplicateDecision, Verdict
from civil_registry.model.registration_history import HistoryLine
from civil_registry.use_cases.disclosure import look, looked_at
from civil_registry.use_cases.duplicate_search import Candidate, suspicious
from civil_registry.use_cases.hands import must_stand_aside
from smartcity.errors import NotFound, RuleBroken
from smartcity.http import Actor

NEVER = datetime.min.replace(tzinfo=UTC)
COMPARED_AT = (Step.VERIFICATION, Step.LATE_DECISION, Step.REGISTRATION)


@dataclass(frozen=True)
class Compared:
    """A candidate, and what was decided about it since both reports are as they are."""

    candidate: Candidate
    decision: DuplicateDecision | None


def compared(session: Session, registration: BirthRegistration) -> list[Compared]:
    """Every report that may be of the same child, with the decision that holds."""
    candidates = suspicious(session, registration)
    handed_in = _handed_in(session, [registration.id, *(one.registration_id for one in candidates)])
    decided = _decided(session, registration.id)
    found = []
    for candidate in candidates:
        decision = decided.get(candidate.registration_id)
        since = max(handed_in.get(ident, NEVER) for ident in (registration.id, candidate.registration_id))
        found.append(Compared(candidate, decision if decision and decision.decided_at >= since else None))
    return found


def _handed_in(session: Session, ids: list[UUID]) -> dict[UUID, datetime]:
    line = HistoryLine
    last = sa.select(line.registration_id, sa.func.max(line.at)).where(line.registration_id.in_(ids), line.status == Status.SUBMITTED)
    return {row[0]: row[1] for row in session.execute(last.group_by(line.registration_id))}


def _decided(session: Session, ident: UUID) -> dict[UUID, DuplicateDecision]:
    rule = DuplicateDecision
    query = sa.select(rule).where(sa.or_(rule.one_id == ident, rule.other_id == ident)).order_by(rule.decided_at, rule.id)
    return {row.other_id if row.one_id == ident else row.one_id: row for row in session.scalars(query)}


def show(session: Session, actor: Actor, registration: BirthRegistration, purpose: str | None) -> list[dict[str, Any]]:
    """The candidates side by side; each look at another child's report is recorded for its parents."""
    look(session, actor, registration, purpose)
    found = compared(session, registration)
    for one in found:
        looked_at(session, actor, ("birth_registration", one.candidate.registration_id, one.candidate.owner_sub), purpose)
    return [_shown(one) for one in found]


def _shown(one: Compared) -> dict[str, Any]:
    child, decision = one.candidate.child, one.decision
    return {
        "candidate": one.candidate,
        "child": child,
        "reasons": [{"code": code, "points": points} for code, points in one.candidate.score.reasons],
        "verdict": decision.verdict if decision else None,
        "decided_at": decision.decided_at if decision else None,
    }


def decide(
    session: Session, actor: Actor, registration: BirthRegistration, said: tuple[UUID, Verdict, str], now: datetime
) -> BirthRegistration:
    """A person says whether `said[0]` is the same child, and why. Raises `NotFound` for a report that is no candidate, `RuleBroken` out of turn."""
    other, verdict, why = said
    if registration.waits_for not in COMPARED_AT:
        raise RuleBroken("duplicates-not-compared", status=registration.status)
    must_stand_aside(session, actor, registration)
    points = {one.registration_id: one.score.points for one in suspicious(session, registration)}
    if other not in points:
        raise NotFound()
    first, second = sorted((registration.id, other))
    session.add(
        DuplicateDecision(
            one_id=first, other_id=second, verdict=verdict, points=points[other], why=why, decided_by=actor.sub, decided_at=now
        )
    )
    registration.updated_at = now
    return registration


def must_be_decided(session: Session, registration: BirthRegistration) -> None:
    """Raises `RuleBroken` where a person has still to decide about another report, or has found that it is of the same child."""
    found = compared(session, registration)
    if undecided := [one for one in found if one.decision is None]:
        raise RuleBroken("duplicates-undecided", count=len(undecided))
    if any(one.decision and one.decision.verdict is Verdict.SAME for one in found):
        raise RuleBroken("child-registered-twice")
