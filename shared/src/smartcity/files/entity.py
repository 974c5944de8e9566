"""The row of an uploaded file."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage.entity import Base, states, uuid7


class FileStatus(StrEnum):
    QUARANTINED = "quarantined"
    READY = "ready"
    REFUSED = "refused"


class StoredFile(Base):
    """Bytes somebody sent. quarantined → ready | refused (a picture); a PDF is ready at once.

    `detail` may hold: `width`, `height`, `thumbnail` (a key), `position` ({lat, lon} read from EXIF before it was stripped),
    `original_sha256`, `reason` (why it was refused). `size` and `sha256` are those of the bytes under `key`.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        sa.Index("ix_stored_file_owner_sub", "owner_sub", "created_at", "id"),
        sa.UniqueConstraint("key", name="uq_stored_file_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    owner_sub: Mapped[str]
    kind: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[bytes]
    key: Mapped[str]
    status: Mapped[FileStatus] = mapped_column(states(FileStatus))
    created_at: Mapped[datetime]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default_factory=dict)
