"""Evidence of transfers: kept before the payment is taken, shown to who answers for the money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.payment import Channel, Payment
from finance_sts.model.payment_evidence import PaymentEvidence
from smartcity import access_log, files
from smartcity.errors import InputWrong, NotFound
from smartcity.http import Actor


def keep(session: Session, actor: Actor, upload: Any, now: datetime) -> PaymentEvidence:
    """Keep what a payer shows of a transfer; it belongs to the treasurer's office. Raises as `files.receive`."""
    stored = files.receive(session, upload, owner=actor.sub)
    session.flush()
    evidence = PaymentEvidence(office=actor.office or "", file_id=stored.id, uploaded_by=actor.sub, uploaded_at=now)
    session.add(evidence)
    session.flush()
    return evidence


def must_fit(session: Session, asked: Mapping[str, Any], office: str) -> UUID | None:
    """The evidence of a transfer, which has one of its office; `None` for cash and card.

    Raises `InputWrong`: `required`, `evidence-not-asked`, `evidence-unknown`.
    """
    ident = asked.get("evidence_id")
    if Channel(asked["channel"]) is not Channel.COUNTER_TRANSFER:
        if ident is not None:
            raise InputWrong({"evidence_id": ["evidence-not-asked"]})
        return None
    if ident is None:
        raise InputWrong({"evidence_id": ["required"]})
    evidence = session.get(PaymentEvidence, ident)
    if evidence is None or evidence.office != office:
        raise InputWrong({"evidence_id": ["evidence-unknown"]})
    return evidence.id


def read(session: Session, actor: Actor, payment: Payment) -> files.ServedFile:
    """The evidence of a payment, recorded as seen; raises `NotFound` where it has none, `file-not-ready` while a picture is made safe."""
    if payment.evidence_id is None:
        raise NotFound()
    evidence = session.get_one(PaymentEvidence, payment.evidence_id)
    access_log.record(session, actor, payment.owner_sub, ("payment", str(payment.id)), "payment evidence read")
    return files.serve(session, evidence.file_id)
