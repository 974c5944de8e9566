"""What the reporter of a closed complaint says of the service."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, uuid7

ONE_EACH = "uq_satisfaction_survey_complaint_id"


class SatisfactionSurvey(Base):
    """One questionnaire a complaint: scores from 1 to 4 by element; an element may be left out. Who gave it is not kept."""

    __tablename__ = "satisfaction_survey"
    __table_args__ = (
        sa.UniqueConstraint("complaint_id", name=ONE_EACH),
        sa.Index("ix_satisfaction_survey_office", "office", "instrument", "given_at"),
        sa.Index("ix_satisfaction_survey_instrument", "instrument", "given_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"))
    office: Mapped[str]
    instrument: Mapped[str]
    scores: Mapped[dict[str, int]] = mapped_column(JSONB)
    given_at: Mapped[datetime]
