"""A NIK that was asked of the national system."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


class AwaitedNik(Base):
    """Of one register entry, from the registration until it has come and beyond. `nik_index` keeps one from being taken twice."""

    __tablename__ = "awaited_nik"
    __table_args__ = (
        sa.UniqueConstraint("nik_index"),
        sa.Index("ix_awaited_nik_queued_at", "queued_at", postgresql_where=sa.text("assigned_at IS NULL")),
    )

    record_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_record.id"), primary_key=True)
    queued_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    nik_index: Mapped[bytes | None] = mapped_column(default=None)
    assigned_at: Mapped[datetime | None] = mapped_column(default=None)
