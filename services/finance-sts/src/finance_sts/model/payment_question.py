"""A payment that a bank has begun and not concluded, as far as we know: it is asked for until it is known."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model.payment import Channel
from smartcity.storage import Base, states

Key = tuple[str, str, str]
"""Partner, what it calls our bill, its own number."""


class PaymentQuestion(Base):
    """By which partner, for what it calls our bill (`about`), under which number of its own; heard of `since`, asked for `asked` times.

    `told`: the number is the payment's own, which the bank has told and we could not keep; else that of its inquiry, or what its acquirer announced.

    It is gone when the outcome is known, or when it is given up.
    """

    __tablename__ = "payment_question"
    __table_args__ = (sa.Index("ix_payment_question_since", "since"),)

    partner: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(states(Channel, "channel"))
    since: Mapped[datetime]
    asked: Mapped[int] = mapped_column(default=0)
    told: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    @property
    def key(self) -> Key:
        return self.partner, self.about, self.reference


def subject_of(key: Key) -> str:
    """What due work calls it; no word has a space."""
    return " ".join(key)


def key_of(subject: str) -> Key:
    """The question of a piece of due work."""
    partner, about, reference = subject.split(" ")
    return partner, about, reference


def keep(session: Session, key: Key, channel: Channel, since: datetime, told: bool) -> bool:
    """Keep it; false where it is kept already."""
    row = dict(zip(("partner", "about", "reference"), key, strict=True)) | {"channel": channel, "since": since, "asked": 0, "told": told}
    kept = session.execute(insert(PaymentQuestion).values(row).on_conflict_do_nothing().returning(PaymentQuestion.partner))
    return kept.one_or_none() is not None


def forget(session: Session, key: Key) -> None:
    """It is known, or given up."""
    row = sa.tuple_(PaymentQuestion.partner, PaymentQuestion.about, PaymentQuestion.reference)
    session.execute(sa.delete(PaymentQuestion).where(row == key))


def waiting_since(session: Session, moment: datetime) -> int:
    """How many were heard of at that moment or before and are not known."""
    return session.scalar(sa.select(sa.func.count()).select_from(PaymentQuestion).where(PaymentQuestion.since <= moment)) or 0
