"""A password is replaced: a forgotten one by a one-time code, a known one by itself. Sessions end, and it is kept and told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_change import Change, changed
from identity.model.account_session import EndReason
from identity.model.one_time_code import OneTimeCode, Purpose
from identity.model.secret import hash_secret, matches
from identity.use_cases import codes, letters, passwords, sessions, throttle
from identity.use_cases.accounts import account_of
from identity.use_cases.authorization import find_account, guarded_account
from identity.use_cases.origin import Origin, tell
from smartcity.errors import InputWrong
from smartcity.storage import get


@dataclass(frozen=True)
class Signed:
    """Whose token it is, and the session it belongs to."""

    sub: str
    sid: UUID | None


def begin_reset(session: Session, email: str, origin: Origin, now: datetime) -> OneTimeCode:
    """Send a code to the address, if an active account was opened with it; the answer is the same if not."""
    codes.may_ask(session, origin.address, now)
    account = find_account(session, email)
    known = account if account is not None and account.is_active else None
    code, typed = OneTimeCode.make(Purpose.PASSWORD_RESET, now, known.id if known else None)
    session.add(code)
    if known is not None and codes.may_be_written_to(session, email, now):
        letters.write(session, email, "reset_code", origin.language, now, code=typed)
    else:
        code.withhold()
    return code


def finish_reset(session: Session, ident: UUID, sent: Mapping[str, str], origin: Origin, now: datetime) -> None:
    """`sent`: `code` and `password`. The new password counts and every session ends. Raises `InputWrong` for a bad password (the code stays good) or a wrong code."""
    passwords.must_be_good(sent["password"], ())
    code = codes.must_fit(session, ident, Purpose.PASSWORD_RESET, sent["code"], origin.address, now)
    account = get(session, Account, code.account_id, lock=True)
    try:
        passwords.must_be_good(sent["password"], account.own)
    except InputWrong:
        code.give_back()
        raise
    _replace(session, account, sent["password"])
    sessions.end_all(session, account.id, EndReason.PASSWORD_CHANGED, now)
    _keep_and_tell(session, account, Change.PASSWORD_RESET, origin, now)


def change(session: Session, whose: Signed, sent: Mapping[str, str], origin: Origin, now: datetime) -> None:
    """`sent`: `current_password` and `password`. Every session but the one in hand ends. Wrong guesses at the current one are counted as at sign-in."""
    account = get(session, Account, account_of(session, whose.sub).id, lock=True)
    subject = guarded_account(account, account.login)
    wait = throttle.wait_of(session, [subject], now)
    if wait:
        raise throttle.TooOften(wait)
    passwords.must_be_good(sent["password"], account.own)
    if not matches(account.password_hash, sent["current_password"]):
        throttle.count_failure(session, [subject], now)
        raise InputWrong({"current_password": ["password-wrong"]})
    _replace(session, account, sent["password"])
    sessions.end_all(session, account.id, EndReason.PASSWORD_CHANGED, now, but=whose.sid)
    _keep_and_tell(session, account, Change.PASSWORD_CHANGED, origin, now)


def _replace(session: Session, account: Account, password: str) -> None:
    account.password_hash = hash_secret(password)
    throttle.forgive(session, guarded_account(account, account.login))


def _keep_and_tell(session: Session, account: Account, what: Change, origin: Origin, now: datetime) -> None:
    session.add(changed(account.id, what, origin.address, now))
    tell(session, account, "password_changed", origin, now)
