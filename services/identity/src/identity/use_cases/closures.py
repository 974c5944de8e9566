"""Whoever finds that their NIK has an account shows the KTP at the office: one administrator asks that it is closed, another decides."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account, email_index, nik_index
from identity.model.account_change import Change, changed
from identity.model.account_closure import AccountClosure, ClosureStatus
from identity.model.account_session import EndReason
from identity.model.linked_identity import LinkedIdentity
from identity.model.one_time_code import OneTimeCode
from identity.use_cases import accounts, letters, sessions
from identity.use_cases.origin import Origin, tell
from smartcity import access_log, duties
from smartcity.errors import NotFound
from smartcity.http import Actor
from smartcity.http.languages import Messages
from smartcity.storage import get

ASK, DECIDE = "ask for closure", "decide closure"


def account_of_nik(session: Session, nik: str) -> Account:
    """The account of the KTP that was shown; raises `NotFound`."""
    found = accounts.find(session, Account.nik_index == nik_index(nik))
    if found is None:
        raise NotFound()
    return found


def ask(session: Session, actor: Actor, account: Account, asked: Mapping[str, Any], now: datetime) -> AccountClosure:
    """`asked`: `nik`, `reason`, perhaps `email`. Nothing changes yet; the database refuses a second wish (`closure-asked`)."""
    email = asked.get("email")
    closure = AccountClosure(
        account_id=account.id, reason=asked["reason"], nik_index=nik_index(asked["nik"]), asked_at=now, asked_by_sub=actor.sub,
        email=email, email_index=email_index(email) if email else None,
    )  # fmt: skip
    session.add(closure)
    session.flush()
    duties.done(session, actor, closure.id, ASK, now)
    access_log.record(session, actor, account.sub, ("account", account.sub), "closure asked")
    return closure


def looked_at(session: Session, actor: Actor, closure: AccountClosure) -> Account:
    """Whose account it is; whoever is shown it is written down."""
    access_log.record(session, actor, closure.owner_sub, ("account", closure.owner_sub), "closure looked at")
    return get(session, Account, closure.account_id)


def decide(session: Session, actor: Actor, closure: AccountClosure, outcome: ClosureStatus, origin: Origin, now: datetime) -> Account:
    """Another administrator than who asked closes the account, or refuses to. Raises `RuleBroken`: `same-person-twice`, `closure-decided`."""
    duties.must_be_another(session, actor, closure.id, ASK, code="same-person-twice")
    duties.done(session, actor, closure.id, DECIDE, now)
    closure.decide(outcome, actor.sub, now)
    account = get(session, Account, closure.account_id, lock=True)
    access_log.record(session, actor, account.sub, ("account", account.sub), f"closure {outcome}")
    if outcome is ClosureStatus.CLOSED:
        _close(session, account, origin, now, closure)
    return account


def _close(session: Session, account: Account, origin: Origin, now: datetime, closure: AccountClosure) -> None:
    """Nobody signs in to it again, in whatever way; its NIK and address may have an account anew. What it did stays on record."""
    account.close()
    sessions.end_all(session, account.id, EndReason.ACCOUNT_NOT_ACTIVE, now)
    for kind in (LinkedIdentity, OneTimeCode):  # the other issuer may know the very person who is to have an account of their own now
        session.execute(sa.delete(kind).where(kind.account_id == account.id))
    session.add(changed(account.id, Change.CLOSED, origin.address, now, by_sub=closure.decided_by_sub))
    reason = Messages(("identity",)).label(f"account_closure.reason.{closure.reason}", origin.language)
    tell(session, account, "account_closed", origin, now, reason=reason)
    if closure.email:
        letters.write(session, closure.email, "nik_free", origin.language, now)
