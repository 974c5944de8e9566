"""The root keys of a database: random, kept in it, each closed (AES-256-GCM) with a key derived from `SECRET_KEY`.

Everything encrypted is derived from them, so another `SECRET_KEY` needs the few roots closed anew and no row rewritten. While
processes are changed one by one, `SECRET_KEY_OTHER` opens what the other closed. A new root is for what is encrypted from then on.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import clock
from smartcity.settings import SettingsError
from smartcity.storage.encryption import FIRST, derived, keyring
from smartcity.storage.entity import Base

MOST = 255


class RootKey(Base):
    """One root. Without `closed` it is the `SECRET_KEY` of the first start after the roots came: of data older than they."""

    __tablename__ = "root_key"

    number: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    closed: Mapped[bytes | None]
    made_at: Mapped[datetime]


class RootsClosed(SettingsError):
    """Neither `SECRET_KEY` nor `SECRET_KEY_OTHER` opens a root key of this database: it is another database's."""


def _close(root: bytes, number: int, secret: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(derived(secret, "root")).encrypt(nonce, root, bytes([number]))


def _open(row: RootKey, *secrets: bytes | None) -> bytes:
    for secret in secrets:
        try:
            if secret is not None:
                closed = row.closed or b""
                return AESGCM(derived(secret, "root")).decrypt(closed[:12], closed[12:], bytes([row.number]))
        except InvalidTag:
            continue
    raise RootsClosed(f"SECRET_KEY does not open root key {row.number} of this database")


def _whole(engine: sa.Engine, secret: bytes) -> None:
    """The first root is there and closed; of two who see to it at once, one does."""
    with Session(engine) as session:
        first = {"number": FIRST, "closed": _close(os.urandom(32), FIRST, secret), "made_at": clock.real_now()}
        session.execute(insert(RootKey).values(first).on_conflict_do_nothing())
        older = sa.update(RootKey).where(RootKey.number == FIRST, RootKey.closed.is_(None))
        session.execute(older.values(closed=_close(secret, FIRST, secret)))
        session.commit()


def read(engine: sa.Engine, secret: bytes, other: bytes | None = None) -> Mapping[int, bytes]:
    """The roots of a database by number; the first of a new database is made. Raises `RootsClosed`."""
    with Session(engine) as session:
        rows = session.scalars(sa.select(RootKey)).all()
    if not any(row.number == FIRST and row.closed for row in rows):
        _whole(engine, secret)
        return read(engine, secret, other)
    return {row.number: _open(row, secret, other) for row in rows}


def configure(engine: sa.Engine, secret: bytes, other: bytes | None = None) -> None:
    """The process's keys are those of this database. Opens no connection."""
    keyring.configure(partial(read, engine, secret, other))


def close_anew(session: Session, secret: bytes, other: bytes | None, *, new_root: bool = False) -> int:
    """Close every root with `secret`, and add a new one when asked; answers how many there are. One commit of the caller's."""
    rows = session.scalars(sa.select(RootKey).order_by(RootKey.number).with_for_update()).all()
    for row in rows:
        row.closed = _close(_open(row, secret, other), row.number, secret)
    if new_root:
        number = rows[-1].number + 1
        if number > MOST:
            raise ValueError(f"a database has at most {MOST} root keys")
        session.add(RootKey(number=number, closed=_close(os.urandom(32), number, secret), made_at=clock.real_now()))
    return len(rows) + new_root


def closed_by_another(session: Session, secret: bytes) -> tuple[int, list[str]]:
    """How many roots there are, and which of them `SECRET_KEY` alone does not open."""
    rows, wrong = session.scalars(sa.select(RootKey).order_by(RootKey.number)).all(), []
    for row in rows:
        try:
            _open(row, secret)
        except RootsClosed as error:
            wrong.append(str(error))
    return len(rows), wrong
