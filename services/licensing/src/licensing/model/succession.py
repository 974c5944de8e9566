"""Which permit an application is about to amend or to renew."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from licensing.model.permit_status import Succession
from smartcity.storage import Base, states


class SuccessionRequest(Base):
    """`kind` is `amendment` or `renewal`: what the permit of the application will be to the permit before it."""

    __tablename__ = "succession_request"
    __table_args__ = (
        sa.CheckConstraint("kind <> 'correction'", name="asked_for"),
        sa.Index("ix_succession_request_permit_id", "permit_id", "kind"),
    )

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), primary_key=True, init=False)
    permit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit.id"))
    kind: Mapped[Succession] = mapped_column(states(Succession, "kind"))
