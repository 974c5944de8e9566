"""The second factor: shown, confirmed, asked for, taken off. Wrong codes are counted for the account."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_change import Change, changed
from identity.model.second_factor import RECOVERY_CODES, RecoveryCode, SecondFactor, new_recovery_code, recovery_index
from identity.model.secret import matches
from identity.rules.lockout import Guarded
from identity.use_cases import throttle
from identity.use_cases.origin import Origin, tell
from identity.use_cases.throttle import Subject, TooOften
from smartcity.errors import InputWrong, RuleBroken

REQUIRED_OF = ("", "officers")
_CONFIRMED_AT = sa.select(SecondFactor.confirmed_at).where(SecondFactor.account_id == sa.bindparam("account_id"))


def factor_of(session: Session, account_id: UUID, *, lock: bool = False) -> SecondFactor | None:
    """The account's authenticator, confirmed or not."""
    return session.get(SecondFactor, account_id, with_for_update=lock or None, populate_existing=lock)


def is_on(session: Session, account_id: UUID) -> bool:
    """Is it asked for at sign-in?"""
    return session.scalar(_CONFIRMED_AT, {"account_id": account_id}) is not None


def codes_left(session: Session, account_id: UUID) -> int:
    """Recovery codes that were not used."""
    unused = sa.select(sa.func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def show(session: Session, account: Account, now: datetime) -> SecondFactor:
    """A new authenticator to be confirmed, instead of one that never was. Raises `RuleBroken` where one is in use."""
    session.get(Account, account.id, with_for_update=True)
    found = factor_of(session, account.id, lock=True)
    if found is not None and found.confirmed_at is not None:
        raise RuleBroken("second-factor-on")
    made = SecondFactor.make(account.id, now)
    return session.merge(made)


def confirm(session: Session, account: Account, typed: str, origin: Origin, now: datetime) -> list[str]:
    """It is in use from now on; answers the recovery codes, shown this once. Raises `InputWrong` for a wrong code, `RuleBroken` without one to confirm."""
    subject = _must_not_wait(session, account, now)
    found = factor_of(session, account.id, lock=True)
    if found is None or found.confirmed_at is not None:
        raise RuleBroken("second-factor-not-shown")
    if not found.accepts("".join(typed.split()), now):
        throttle.count_failure(session, [subject], now)
        raise InputWrong({"code": ["second-factor-wrong"]})
    found.confirmed_at = now
    codes = [new_recovery_code() for _ in range(RECOVERY_CODES)]
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.add_all(RecoveryCode(account_id=account.id, code_index=recovery_index(account.id, code)) for code in codes)
    _keep(session, account, Change.SECOND_FACTOR_ON, origin, now)
    return codes


def must_fit(session: Session, account: Account, typed: str, origin: Origin, now: datetime) -> None:
    """A code of the authenticator, or a recovery code, used up by this. Raises `InputWrong` (the try is counted), or `TooOften`."""
    subject = _must_not_wait(session, account, now)
    found = factor_of(session, account.id, lock=True)
    fits = (
        found is not None
        and found.confirmed_at is not None
        and (found.accepts("".join(typed.split()), now) or _recovers(session, account, typed, origin, now))
    )
    if not fits:
        throttle.count_failure(session, [subject], now)
        raise InputWrong({"code": ["second-factor-wrong"]})
    throttle.forgive(session, subject)


def is_required(account: Account, required_of: str) -> bool:
    """Must the account have one? `required_of`: the setting `SECOND_FACTOR`."""
    return required_of == "officers" and account.office is not None


def must_be_removable(account: Account, required_of: str) -> None:
    """Raises `RuleBroken` where the city requires it."""
    if is_required(account, required_of):
        raise RuleBroken("second-factor-required")


def remove(session: Session, account: Account, sent: Mapping[str, str], origin: Origin, now: datetime) -> None:
    """`sent`: `password` and `code`. Only the password is asked for from now on."""
    must_know_password(session, account, sent["password"], now)
    must_fit(session, account, sent["code"], origin, now)
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    session.execute(sa.delete(SecondFactor).where(SecondFactor.account_id == account.id))
    _keep(session, account, Change.SECOND_FACTOR_OFF, origin, now)


def must_know_password(session: Session, account: Account, password: str, now: datetime) -> None:
    """Whoever holds a token must know the password too. Raises `InputWrong`, counted as a wrong code is."""
    subject = _must_not_wait(session, account, now)
    if not matches(account.password_hash, password):
        throttle.count_failure(session, [subject], now)
        raise InputWrong({"password": ["password-wrong"]})


def _recovers(session: Session, account: Account, typed: str, origin: Origin, now: datetime) -> bool:
    found = session.get(RecoveryCode, (account.id, recovery_index(account.id, typed)), with_for_update=True)
    if found is None or found.used_at is not None:
        return False
    found.used_at = now
    _keep(session, account, Change.RECOVERY_CODE_USED, origin, now)
    return True


def _must_not_wait(session: Session, account: Account, now: datetime) -> Subject:
    subject = Subject.of(Guarded.SECOND_FACTOR, str(account.id))
    wait = throttle.wait_of(session, [subject], now)
    if wait:
        raise TooOften(wait)
    return subject


def _keep(session: Session, account: Account, what: Change, origin: Origin, now: datetime) -> None:
    session.add(changed(account.id, what, origin.address, now))
    tell(session, account, str(what), origin, now)
