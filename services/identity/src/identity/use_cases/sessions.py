"""Sessions: where my account is signed in, and ending what I do not recognise."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account_closure import addresses_done_with
from identity.model.account_session import AccountSession, AuthorizationCode, EndReason, RefreshToken, SessionStatus
from identity.model.client import UsedAssertion
from identity.model.letter import Letter
from identity.model.one_time_code import OneTimeCode
from identity.model.sign_in import SignIn, Throttle
from identity.rules.lifetimes import ACCESS_TOKEN
from smartcity.errors import RuleBroken

KEPT_AFTER_END = timedelta(days=30)
SIGN_INS_KEPT = timedelta(days=365)
COUNTS_KEPT = timedelta(days=2)
CLOCKS_DIFFER = timedelta(minutes=1)
BATCH = 5_000


def sessions_of(account_id: UUID) -> sa.Select[Any]:
    """Every session of the account that is still kept."""
    return sa.select(AccountSession).where(AccountSession.account_id == account_id)


def ended_lately(now: datetime) -> sa.Select[UUID]:
    """Sessions whose last access token may still live, by real time: whoever checks tokens refuses every one with such a `sid`."""
    return sa.select(AccountSession.id).where(AccountSession.ended_at > now - ACCESS_TOKEN - CLOCKS_DIFFER)


def revoked(session: Session, now: datetime) -> list[str]:
    """Their `sid`s, as whoever checks tokens reads them."""
    return [str(ident) for ident in session.scalars(ended_lately(now))]


def end_session(found: AccountSession, now: datetime) -> AccountSession:
    """Its owner ends it; raises `RuleBroken` when it has ended already."""
    if found.status is not SessionStatus.ACTIVE:
        raise RuleBroken("session-already-ended")
    found.end(EndReason.REVOKED_BY_OWNER, now)
    return found


def end_all(session: Session, account_id: UUID, reason: EndReason, now: datetime, *, but: UUID | None = None) -> None:
    """Every session of the account ends, but perhaps one."""
    living = sessions_of(account_id).where(AccountSession.status == SessionStatus.ACTIVE, AccountSession.id != but if but else sa.true())
    for found in session.scalars(living.order_by(AccountSession.id).with_for_update()):
        found.end(reason, now)


def erase_expired(session: Session, now: datetime) -> bool:
    """Erase what no longer serves, at most some thousand rows of a kind at once; is there more?"""
    pieces = (
        (AuthorizationCode, "code_hash", "expires_at", now - KEPT_AFTER_END),
        (RefreshToken, "token_hash", "expires_at", now - KEPT_AFTER_END),
        (AccountSession, "id", "expires_at", now - KEPT_AFTER_END),
        (UsedAssertion, "jti_hash", "expires_at", now),
        (OneTimeCode, "id", "expires_at", now),
        (Letter, "id", "expires_at", now),
        (Throttle, "subject", "failed_at", now - COUNTS_KEPT),
        (SignIn, "id", "at", now - SIGN_INS_KEPT),
    )
    session.execute(addresses_done_with(now))
    erased = [_erase(session, kind.__table__, (key, dated), before) for kind, key, dated, before in pieces]
    return BATCH in erased


def _erase(session: Session, table: Any, columns: tuple[str, str], before: datetime) -> int:
    """Delete by the table itself: these rows have nothing to tell when they go."""
    key, old = table.c[columns[0]], table.c[columns[1]] < before
    done = session.execute(sa.delete(table).where(key.in_(sa.select(key).where(old).limit(BATCH)), old))
    return int(done.rowcount)  # type: ignore[attr-defined]
