"""Messages: written in the transaction of what they tell, sent by `work`, erased once sent."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.letter import Letter
from identity.rules.lifetimes import LETTER
from identity.use_cases import channels
from smartcity import clock, due
from smartcity.http.languages import Messages
from smartcity.storage import uuid7

SEND = "identity.send-letter"


def write(session: Session, recipient: str, kind: str, language: str, now: datetime, **facts: str) -> None:
    """A letter of this kind (`letter.<kind>.subject` and `.text` of the texts) to `recipient`, sent as soon as `work` comes by."""
    texts = Messages(("identity",))
    subject, text = (texts.label(f"letter.{kind}.{part}", language).format_map(facts) for part in ("subject", "text"))
    letter = Letter(id=uuid7(), recipient=recipient, subject=subject, text=text, expires_at=now + LETTER)
    session.add(letter)
    due.schedule(session, SEND, str(letter.id), clock.now())


def send(session: Session, subject: str, now: datetime) -> None:
    """Due work: hand the letter over and erase it. What cannot be sent now is tried again, and erased unsent after a day."""
    letter = session.get(Letter, UUID(subject))
    if letter is not None:
        channels.channel().send(letter)
        session.execute(sa.delete(Letter).where(Letter.id == letter.id))
