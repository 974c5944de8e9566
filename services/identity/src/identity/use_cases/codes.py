"""One-time codes: asked for and tried, both counted for the address they come from."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from identity.model.one_time_code import OneTimeCode, Purpose
from identity.rules.lockout import Guarded
from identity.use_cases import channels, throttle
from identity.use_cases.throttle import Subject, TooOften
from smartcity.errors import InputWrong, RuleBroken


def may_ask(session: Session, address: str, now: datetime) -> None:
    """Count one wish for a code. Raises `TooOften` for an address that has asked too often, `RuleBroken` where no message travels."""
    if not channels.is_open():
        raise RuleBroken("messages-not-sent")
    subject = _must_not_wait(session, address, now)
    throttle.count_failure(session, [subject], now)


def may_be_written_to(session: Session, recipient: str, now: datetime) -> bool:
    """May this recipient get one more message? After the third they come ever more slowly, whoever asks; nobody is told."""
    subject = Subject.of(Guarded.RECIPIENT, recipient)
    if throttle.wait_of(session, [subject], now):
        return False
    throttle.count_failure(session, [subject], now)
    return True


def must_fit(session: Session, ident: UUID, purpose: Purpose, typed: str, address: str, now: datetime) -> OneTimeCode:
    """The code `ident`, used up by this. Raises `InputWrong` (the try is counted) for a wrong, old, used or unknown one, alike."""
    subject = _must_not_wait(session, address, now)
    code = session.get(OneTimeCode, ident, with_for_update=True)
    if code is None or code.purpose is not purpose or not code.accepts(typed, now):
        throttle.count_failure(session, [subject], now)
        raise InputWrong({"code": ["one-time-code-wrong"]})
    return code


def _must_not_wait(session: Session, address: str, now: datetime) -> Subject:
    subject = Subject.of(Guarded.CODE_ADDRESS, address)
    wait = throttle.wait_of(session, [subject], now)
    if wait:
        raise TooOften(wait)
    return subject
