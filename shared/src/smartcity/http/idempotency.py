"""`Idempotency-Key`: same key and body, same answer; other body, 422; in flight, 409 (draft-ietf-httpapi-idempotency-key-header).

The row is written in the transaction of the effect. Only 2xx answers are kept.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Request, Response, g, request
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import clock
from smartcity.errors import Refusal, RuleBroken
from smartcity.http.auth import Actor
from smartcity.storage.encryption import Encrypted
from smartcity.storage.entity import Base

View = TypeVar("View", bound=Callable[..., Any])
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
LEAST_OF_STRANGERS = 16


class KeptAnswer(Base):
    """The answer to one (caller, route, key); encrypted, since it may hold what a person typed."""

    __tablename__ = "idempotency"
    __table_args__ = (sa.Index("ix_idempotency_made_at", "made_at"),)

    caller: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSONB)
    body: Mapped[str] = mapped_column(Encrypted)
    made_at: Mapped[datetime]


class KeyWrong(Refusal):
    """The key is missing, malformed, or was used with another body."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status


def idempotent(view: View) -> View:
    """Mark a view: it needs an `Idempotency-Key`."""
    view.idempotent = True  # type: ignore[attr-defined]
    return view


def _fingerprint(asked: Request) -> bytes:
    """What was asked, byte for byte; of an upload its parts, since the boundary differs between two tries."""
    if asked.mimetype != "multipart/form-data":
        return hashlib.sha256(asked.get_data()).digest()
    digest = hashlib.sha256(repr(sorted(asked.form.items(multi=True))).encode())
    for name, file in sorted(asked.files.items(multi=True), key=lambda part: part[0]):
        digest.update(f"{name}\0{file.filename}\0".encode())
        digest.update(hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.digest()


def earlier_answer(session: Session, actor: Actor) -> Response | None:
    """The kept answer of the request's key, or `None` after taking the key; raises when it cannot be used.

    Callers without an account share one name space: an address tells neither one person from another behind the gateway, nor the
    same person in another network. Their key must be as long as a random one is, so that no stranger meets it.
    """
    key = request.headers.get("Idempotency-Key", "").strip('"')
    if not key:
        raise KeyWrong(400, "idempotency-key-required")
    if len(key) > 200 or not key.isprintable():
        raise KeyWrong(400, "idempotency-key-malformed")
    if not actor.sub and len(key) < LEAST_OF_STRANGERS:
        raise KeyWrong(400, "idempotency-key-too-short")
    g.key = (actor.sub or "-", f"{request.method} {request.path}", key)
    g.fingerprint = _fingerprint(request)
    number = int.from_bytes(hashlib.sha256("\0".join(g.key).encode()).digest()[:8], "big", signed=True)
    if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(number))):
        raise RuleBroken("request-in-flight")
    row = session.get(KeptAnswer, g.key)
    if row is None:
        return None
    if row.fingerprint != g.fingerprint:
        raise KeyWrong(422, "idempotency-key-reused")
    return Response(row.body, row.status, {**row.headers, "Idempotency-Replayed": "true"})


def remember(session: Session, answer: Response) -> None:
    """Keep the answer beside the effect."""
    caller, route, key = g.key
    headers = {name: value for name, value in answer.headers.items() if name in KEPT_HEADERS}
    session.add(
        KeptAnswer(
            caller=caller, route=route, key=key, fingerprint=g.fingerprint, status=answer.status_code, headers=headers,
            body=answer.get_data(as_text=True), made_at=clock.now(),
        )
    )  # fmt: skip
