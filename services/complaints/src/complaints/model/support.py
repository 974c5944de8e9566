"""Somebody else has the same trouble."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


class Support(Base):
    """One person's support of one complaint; counted in the complaint itself."""

    __tablename__ = "complaint_support"

    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"), primary_key=True)
    sub: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
