"""Giving a stored file back: only when ready, always as an attachment that runs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from smartcity.errors import NotFound, RuleBroken
from smartcity.files.entity import FileStatus, StoredFile
from smartcity.files.store import store
from smartcity.storage.entity import get

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@dataclass(frozen=True)
class ServedFile:
    """Bytes and the headers they must travel with: `Response(served.body, headers=served.headers)`."""

    body: bytes
    media_type: str
    headers: Mapping[str, str]


def serve(session: Session, file_id: UUID, *, thumbnail: bool = False) -> ServedFile:
    """The file, or a picture's small JPEG with `thumbnail`. Whether the caller may see it is the service's policy.

    Raises `NotFound`, and `RuleBroken("file-not-ready", status=…)` while it is quarantined or after it was refused.
    """
    stored = get(session, StoredFile, file_id)
    if stored.status is not FileStatus.READY:
        raise RuleBroken("file-not-ready", status=str(stored.status))
    key, media_type = stored.key, stored.media_type
    if thumbnail:
        key, media_type = stored.detail.get("thumbnail", ""), "image/jpeg"
    if not key:
        raise NotFound()
    with store().get(key) as stream:
        body = stream.read()
    return ServedFile(body, media_type, safe_headers(media_type, f"{stored.id}.{_ENDINGS[media_type]}"))


def safe_headers(media_type: str, name: str) -> Mapping[str, str]:
    """Headers for bytes that came from outside: a browser keeps them, and neither guesses nor runs anything."""
    return {
        "Content-Type": media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }
