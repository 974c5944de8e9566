"""A tariff that an officer has entered. Never changed, never taken away: a later one takes its place from its own first day on."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


class EnteredTariff(Base):
    """Prices as texts, exact to the last digit; `position` says which of two that hold on a day was entered later."""

    __tablename__ = "entered_tariff"
    __table_args__ = (
        sa.UniqueConstraint("code"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
        sa.Index("ix_entered_tariff_rule_set", "rule_set", "position"),
    )

    position: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True, init=False)
    code: Mapped[str]
    rule_set: Mapped[str]
    legal_basis: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    prices: Mapped[dict[str, Any]] = mapped_column(JSONB)
    prasarana: Mapped[dict[str, Any]] = mapped_column(JSONB)
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
