"""What the head does about a permit that was given: suspends, lifts, revokes; first a notice that the holder may answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_measure import MeasureKind, PermitMeasure
from licensing.model.permit_status import PermitStatus
from licensing.use_cases.reasons import must_be_reason
from smartcity import due
from smartcity.calendar import add_working_days, day_of, end_of_day, start_of_day
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.storage import get

SUSPEND, LIFT = "licensing.suspend-permit", "licensing.lift-suspension"


@dataclass(frozen=True)
class Notice:
    """Why, by a code of the reasons, and the text as the holder reads it."""

    reason_code: str
    text: str


@cache
def terms() -> dict[str, dict[str, Any]]:
    """`data/measures.yaml`: days to answer, reasons that wait for no answer, legal basis; by step of the reasons."""
    return yaml.safe_load((files("licensing") / "data" / "measures.yaml").read_text())  # type: ignore[no-any-return]


def suspend(session: Session, permit: Permit, actor: Actor, notice: Notice, period: tuple[date, date], now: datetime) -> Permit:
    """Announce a suspension for these days; one for an immediate reason may begin today, and then does."""
    starts_on, ends_on = period
    measure = measure_of(permit, MeasureKind.SUSPENSION, actor, notice, now)
    today, earliest = day_of(now), measure.answer_until + timedelta(days=1) if measure.answer_until else day_of(now)
    if starts_on < earliest:
        raise InputWrong({"starts_on": ["before-the-notice-is-over"]})
    if not starts_on <= ends_on <= starts_on + timedelta(days=terms()["suspended"]["longest_days"] - 1):
        raise InputWrong({"ends_on": ["not-a-period-of-suspension"]})
    measure.starts_on, measure.ends_on = starts_on, ends_on
    permit.announce(measure)
    due.schedule(session, LIFT, str(permit.id), end_of_day(ends_on))
    if starts_on == today:
        permit.suspend(now)
    else:
        due.schedule(session, SUSPEND, str(permit.id), start_of_day(starts_on))
    return permit


def begin_suspension(session: Session, subject: str, now: datetime) -> None:
    """The first day of an announced suspension has come."""
    get(session, Permit, UUID(subject), lock=True).suspend(now)


def lift_suspension(session: Session, permit: Permit, actor: Actor, now: datetime) -> Permit:
    """The head lets the permit stand again, or takes the notice back."""
    permit.lift_suspension(actor.sub, now)
    for kind in (SUSPEND, LIFT):
        due.cancel(session, kind, str(permit.id))
    return permit


def end_suspension(session: Session, subject: str, now: datetime) -> None:
    """The last day of a suspension is over."""
    permit = get(session, Permit, UUID(subject), lock=True)
    if permit.open_measure(MeasureKind.SUSPENSION):
        permit.lift_suspension(None, now)


def announce_revocation(permit: Permit, actor: Actor, notice: Notice, now: datetime) -> Permit:
    """Tell the holder in writing why the permit is to be revoked, and until when they may answer."""
    permit.announce(measure_of(permit, MeasureKind.REVOCATION, actor, notice, now))
    return permit


def answer(permit: Permit, text: str, now: datetime) -> Permit:
    """The holder's answer to a notice."""
    permit.answer(text, now)
    return permit


def revoke(permit: Permit, actor: Actor, notice: Notice, now: datetime) -> Permit:
    """Take it back: after a notice for the same reason, or at once for a reason that waits for no answer. Twice is once."""
    if permit.status is PermitStatus.REVOKED:
        return permit
    measure = measure_of(permit, MeasureKind.REVOCATION, actor, notice, now)
    if measure.answer_until is not None:
        measure = permit.announced_revocation(notice.reason_code)
    elif not notice.text:
        raise InputWrong({"text": ["required"]})
    permit.revoke(measure, actor.sub, now)
    return permit


STEPS = {MeasureKind.SUSPENSION: "suspended", MeasureKind.REVOCATION: "revoked", MeasureKind.CORRECTION: "corrected"}


def measure_of(permit: Permit, kind: MeasureKind, actor: Actor, notice: Notice, now: datetime) -> PermitMeasure:
    """A measure by the terms of its kind; raises `InputWrong` for a reason that is none of them."""
    step, code = STEPS[kind], notice.reason_code
    said = terms()[step]
    days = said.get("answer_days") if must_be_reason(step, code) not in said.get("immediate", ()) else None
    return PermitMeasure(
        owner_sub=permit.owner_sub, kind=kind, reason_code=code, text=notice.text, legal_basis=said["legal_basis"],
        ordered_by=actor.sub, ordered_at=now, answer_until=add_working_days(day_of(now), days) if days else None,
    )  # fmt: skip
