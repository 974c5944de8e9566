"""Which office has a category in hand, where and when: laid down by the coordinator, over the table that is shipped."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Aggregate


class RoutingRule(Aggregate):
    """(category, kecamatan or everywhere) → office, from a day on, until a day or for good. The newest that fits holds."""

    __tablename__ = "routing_rule"
    __table_args__ = (
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates"),
        sa.Index("ix_routing_rule_category", "category", "id"),
    )

    category: Mapped[str]
    office: Mapped[str]
    valid_from: Mapped[date]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    kecamatan_code: Mapped[str | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)
