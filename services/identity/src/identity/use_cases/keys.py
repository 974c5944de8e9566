"""The keys tokens are signed with: made at first use, replaced with an overlap, so that no verifier is ever surprised."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.signing_key import SigningKey
from identity.rules import lifetimes
from smartcity import due

ROTATE, ERASE = "identity.rotate-keys", "identity.erase-expired"


def signing_key(session: Session, now: datetime) -> SigningKey:
    """The key that signs at `now` (real time)."""
    return _newest(session, now) or _first(session, now)


def published(session: Session, now: datetime) -> dict[str, Any]:
    """The JWKS (RFC 7517): what signs, what will sign soon, and what signed tokens that may still be out."""
    signing_key(session, now)
    keys = session.scalars(sa.select(SigningKey).where(_still_published(now)).order_by(SigningKey.signs_from.desc()))
    return {"keys": [key.public for key in keys]}


def rotate(session: Session, now: datetime) -> SigningKey:
    """A new key: published at once, signing ten minutes later; the older ones stay published an hour beyond that."""
    _one_at_a_time(session)
    key = SigningKey.make(now, lifetimes.KEY_PUBLISHED_AHEAD)
    for older in session.scalars(sa.select(SigningKey).where(_still_published(now))):
        older.retire(key.signs_from + lifetimes.KEY_PUBLISHED_AFTER)
    session.add(key)
    return key


def _still_published(now: datetime | sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(SigningKey.published_until.is_(None), SigningKey.published_until > now)


_SIGNS = (
    sa.select(SigningKey)
    .where(SigningKey.signs_from <= sa.bindparam("now"), _still_published(sa.bindparam("now")))
    .order_by(SigningKey.signs_from.desc())
    .limit(1)
)


def _newest(session: Session, now: datetime) -> SigningKey | None:
    return session.scalars(_SIGNS, {"now": now}).one_or_none()


def _first(session: Session, now: datetime) -> SigningKey:
    """The very first key, once whoever comes at the same time; with it the appointments that keep the house."""
    _one_at_a_time(session)
    oldest = sa.select(SigningKey).where(_still_published(now)).order_by(SigningKey.signs_from).limit(1)
    if made_meanwhile := session.scalars(oldest).one_or_none():  # by whoever came a moment later and was let in first
        return made_meanwhile
    key = SigningKey.make(now, timedelta())
    session.add(key)
    session.flush()
    due.schedule(session, ROTATE, "all", now + lifetimes.KEY_ROTATED_EVERY)
    due.schedule(session, ERASE, "all", now + timedelta(days=1))
    return key


def _one_at_a_time(session: Session) -> None:
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('identity.signing_key', 0))"))
