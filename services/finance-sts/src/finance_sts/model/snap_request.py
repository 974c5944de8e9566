"""What a bank has asked by SNAP, so that a repetition gets the same answer."""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.rules.snap_codes import PAYMENT
from smartcity.storage import Base


class SnapRequest(Base):
    """One X-EXTERNAL-ID of one partner and day, by the SNAP service it was used for; of a payment `status` and `answer` as they were sent."""

    __tablename__ = "snap_request"

    partner: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[dict[str, object]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    service: Mapped[str] = mapped_column(default=PAYMENT, server_default=PAYMENT)


def claim(session: Session, request: SnapRequest) -> SnapRequest | None:
    """Take its external id for the day; answers the request that has it, where one has. The same id at once waits for the first."""
    values = {column.key: getattr(request, column.key) for column in SnapRequest.__table__.columns}
    taken = session.execute(insert(SnapRequest.__table__).values(values).on_conflict_do_nothing().returning(sa.literal(1)))  # type: ignore[arg-type]
    return None if taken.first() else session.get_one(SnapRequest, (request.partner, request.day, request.external_id))


def keep_answer(session: Session, key: tuple[str, date, str], status: int, answer: Mapping[str, object]) -> None:
    """What was answered to the payment with this key."""
    mine = sa.tuple_(SnapRequest.partner, SnapRequest.day, SnapRequest.external_id) == sa.tuple_(*key)
    session.execute(sa.update(SnapRequest.__table__).where(mine).values(status=status, answer=dict(answer)))  # type: ignore[arg-type]
