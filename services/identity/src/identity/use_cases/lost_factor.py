"""Who has lost authenticator and recovery codes turns to the office: an administrator takes the second factor off, and never their own."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_change import Change, changed
from identity.model.account_session import EndReason
from identity.model.second_factor import RecoveryCode, SecondFactor
from identity.rules.lockout import Guarded
from identity.use_cases import sessions, throttle
from identity.use_cases.accounts import account_of
from identity.use_cases.authorization import find_account
from identity.use_cases.origin import Origin, tell
from identity.use_cases.second_factor import factor_of
from identity.use_cases.throttle import Subject
from smartcity import access_log
from smartcity.errors import Forbidden, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import get


def reset(session: Session, actor: Actor, login: str, origin: Origin, now: datetime) -> None:
    """The account of that name is opened by its password alone again, and signed in nowhere; kept with who did it, and told to its owner.

    Raises `NotFound`, `Forbidden` for who only acts as somebody's deputy, and `RuleBroken`: `second-factor-of-oneself`, `second-factor-off`.
    """
    if "admin" not in account_of(session, actor.sub).roles:
        raise Forbidden("deputy-cannot-pass-on")
    found = find_account(session, login.casefold())
    if found is None:
        raise NotFound()
    account = get(session, Account, found.id, lock=True)
    if account.sub in actor.acts_as:
        raise RuleBroken("second-factor-of-oneself")
    if factor_of(session, account.id, lock=True) is None:
        raise RuleBroken("second-factor-off")
    for kind in (RecoveryCode, SecondFactor):
        session.execute(sa.delete(kind).where(kind.account_id == account.id))
    throttle.forgive(session, Subject.of(Guarded.SECOND_FACTOR, str(account.id)))
    sessions.end_all(session, account.id, EndReason.SECOND_FACTOR_RESET, now)
    session.add(changed(account.id, Change.SECOND_FACTOR_RESET, origin.address, now, by_sub=actor.sub))
    access_log.record(session, actor, account.sub, ("account", account.sub), "second factor reset")
    tell(session, account, "second_factor_reset", origin, now)
