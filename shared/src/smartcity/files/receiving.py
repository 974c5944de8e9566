"""Receiving an upload: bytes first, then the row, in the request's own transaction."""

import hashlib
import io
from collections.abc import Collection
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Session

from smartcity import clock, due
from smartcity.errors import InputWrong, TooLarge
from smartcity.files.content import Kind, Unacceptable, identify
from smartcity.files.entity import FileStatus, StoredFile
from smartcity.files.store import store
from smartcity.storage.entity import uuid7

LARGEST = 10 * 1024 * 1024
_UNKEPT = "smartcity.files.unkept"


class Upload(Protocol):
    """A part of a multipart body, as werkzeug's `FileStorage` has it."""

    filename: str | None
    stream: Any

    @property
    def mimetype(self) -> str: ...


def receive(
    session: Session, upload: Upload | None, owner: str, kinds: Collection[str] = ("pdf", "jpeg", "png"), max_bytes: int = LARGEST
) -> StoredFile:
    """Keep an upload of `owner` (their `sub`). A PDF is ready at once; a picture is quarantined until `work` has re-encoded it.

    Raises `TooLarge` beyond `max_bytes`, `InputWrong({"file": [code]})` for anything that is not one of `kinds`
    by content, extension and declared type alike, or is damaged, encrypted, active or a bomb.
    """
    if upload is None or not upload.filename:
        raise InputWrong({"file": ["file-missing"]})
    content = upload.stream.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise TooLarge(limit=max_bytes)
    try:
        kind, facts = identify(content, upload.filename, upload.mimetype, kinds)
    except Unacceptable as refusal:
        raise InputWrong({"file": [refusal.code]}) from None
    stored = _row(uuid7(), owner, kind, content, facts)
    store().put(stored.key, io.BytesIO(content))
    session.info.setdefault(_UNKEPT, []).append(stored.key)
    session.add(stored)
    if stored.status is FileStatus.QUARANTINED:
        session.flush()
        due.schedule(session, "files.reencode", str(stored.id), stored.created_at)
    return stored


def _row(ident: UUID, owner: str, kind: Kind, content: bytes, facts: dict[str, Any]) -> StoredFile:
    return StoredFile(
        id=ident,
        owner_sub=owner,
        kind=kind.name,
        media_type=kind.media_type,
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        key=f"uploads/{ident.hex[-2:]}/{ident}",
        status=FileStatus.READY if kind.name == "pdf" else FileStatus.QUARANTINED,
        created_at=clock.now(),
        detail=facts,
    )


@sa.event.listens_for(orm.Session, "after_commit")
def _kept(session: orm.Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_UNKEPT, None)


@sa.event.listens_for(orm.Session, "after_transaction_end")
def _take_away(session: orm.Session, transaction: orm.SessionTransaction) -> None:
    """The transaction ended without a commit: its bytes have no row."""
    if transaction.parent is None:
        for key in session.info.pop(_UNKEPT, ()):
            store().delete(key)
