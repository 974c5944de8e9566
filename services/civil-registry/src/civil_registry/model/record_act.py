"""What is done about an entry that stands in the register: proposed by one, signed by another."""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.death_record import DeathRecord
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Encrypted, states

PENDING = "status = 'proposed'"
OF_ONE_ENTRY = "(record_id IS NULL) <> (death_record_id IS NULL)"


class ActKind(StrEnum):
    """`copy`: a further extract in the place of one that was lost or damaged."""

    CORRECTION = "correction"
    CANCELLATION = "cancellation"
    COPY = "copy"


class ActStatus(StrEnum):
    PROPOSED = "proposed"
    SIGNED = "signed"
    REFUSED = "refused"


_A = ActStatus
ACT_TRANSITIONS: Mapping[ActStatus, Mapping[ActStatus, str]] = {
    _A.PROPOSED: {_A.SIGNED: "signer, noted in the margin of the entry", _A.REFUSED: "signer, with reasons"},
    _A.SIGNED: {},
    _A.REFUSED: {},
}


class RecordAct(Aggregate):
    """proposed → signed | refused. One at a time about one entry; nothing of it holds until it is signed.

    `content` is what is proposed, as JSON: of a correction `changes` and `note`, of a cancellation `court`, `ruling_no` and `ruled_on`.
    """

    __tablename__ = "record_act"
    __table_args__ = (
        sa.Index("ix_record_act_record_id", "record_id", "id"),
        sa.Index("ix_record_act_file_id", "file_id"),
        sa.Index("ix_record_act_death_record_id", "death_record_id", "id"),
        sa.Index("uq_record_act_pending", "record_id", unique=True, postgresql_where=sa.text(PENDING)),
        sa.Index("uq_record_act_pending_death", "death_record_id", unique=True, postgresql_where=sa.text(PENDING)),
        sa.CheckConstraint(OF_ONE_ENTRY, name="of_one_entry"),
        sa.Index("ix_record_act_waiting", "office", "proposed_at", "id", postgresql_where=sa.text(PENDING)),
        sa.CheckConstraint("status = 'proposed' OR (signer_sub IS NOT NULL AND signer_sub <> proposer_sub)", name="different_people"),
        sa.CheckConstraint("kind <> 'cancellation' OR file_id IS NOT NULL", name="ruling_shown"),
    )

    record_no: Mapped[str]
    office: Mapped[str]
    kind: Mapped[ActKind] = mapped_column(states(ActKind, "kind"))
    reason_code: Mapped[str]
    content: Mapped[str] = mapped_column(Encrypted("register-acts"))
    proposer_sub: Mapped[str]
    proposed_at: Mapped[datetime]
    record_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("birth_record.id"), default=None)
    death_record_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("death_record.id"), default=None)
    file_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("stored_file.id"), default=None)
    status: Mapped[ActStatus] = mapped_column(states(ActStatus), default=ActStatus.PROPOSED)
    signer_sub: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    refused_because: Mapped[str | None] = mapped_column(Encrypted("register-acts"), default=None)
    birth_record: Mapped[BirthRecord | None] = relationship(viewonly=True, init=False)
    death_record: Mapped[DeathRecord | None] = relationship(viewonly=True, init=False)

    @property
    def record(self) -> BirthRecord | DeathRecord:
        """The entry it is about."""
        record = self.birth_record or self.death_record
        assert record is not None
        return record

    @staticmethod
    def about(record: BirthRecord | DeathRecord) -> sa.ColumnElement[bool]:
        """Those about this entry."""
        return RecordAct.death_record_id == record.id if isinstance(record, DeathRecord) else RecordAct.record_id == record.id

    @property
    def owner_sub(self) -> str:
        """Whose entry it is about."""
        return self.record.owner_sub

    @property
    def says(self) -> dict[str, Any]:
        """What is proposed."""
        return json.loads(self.content)  # type: ignore[no-any-return]

    def must_await(self, signer: str) -> None:
        """Raises unless it waits for a signature, and this signer is somebody else."""
        if self.status is not ActStatus.PROPOSED:
            raise RuleBroken("act-already-decided", status=self.status)
        if signer == self.proposer_sub:
            raise RuleBroken("act-needs-another-person")

    def sign(self, signer: str, now: datetime) -> None:
        """It holds."""
        self._decide(ActStatus.SIGNED, signer, now)

    def refuse(self, signer: str, reasons: str, now: datetime) -> None:
        """It does not, saying why."""
        self._decide(ActStatus.REFUSED, signer, now)
        self.refused_because = reasons

    def _decide(self, to: ActStatus, signer: str, now: datetime) -> None:
        self.must_await(signer)
        self.status, self.signer_sub, self.decided_at = to, signer, now
