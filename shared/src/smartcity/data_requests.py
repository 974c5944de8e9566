"""A person's rights to what an office has of them: a copy with the trail of who looked, and correction. Both within 3 × 24 hours.

Sources: UU 27/2022 articles 7 and 32(2) (access and a copy, with the processing trail), 6 and 30(1) (correction), 33 (what may be refused).
A copy is gathered by `work`, kept encrypted for 30 days and then erased; a correction is decided by whom the office names.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import due
from smartcity.access_log import AccessRow
from smartcity.errors import RuleBroken
from smartcity.http.policy import Grant
from smartcity.storage.encryption import Encrypted
from smartcity.storage.entity import Aggregate, Base, get, states

ANSWERED_WITHIN = timedelta(hours=72)
"""3 × 24 hours from the request, whatever the day: articles 30(1) and 32(2)."""
KEPT_FOR = timedelta(days=30)
GATHER, FORGET = "kernel.data-copy", "kernel.data-copy-erasure"
INNER = frozenset({"version", "told", "actor", "request_id"})

Records = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class PersonalData:
    """What a service says of itself: `collect` gives all it has of a person (their `sub`) by kind; `answered_by` decides corrections."""

    collect: Callable[[Session, str], Records]
    answered_by: Sequence[Grant]


class Kind(StrEnum):
    ACCESS = "access"
    CORRECTION = "correction"


class Standing(StrEnum):
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


class DataRequest(Aggregate, kw_only=True):
    """One request of one person to one office. asked → done | refused; `due_at` is the law's last moment."""

    __tablename__ = "data_request"
    __table_args__ = (
        sa.Index("ix_data_request_owner_sub", "owner_sub", "asked_at", "id"),
        sa.Index("ix_data_request_open", "due_at", "id", postgresql_where=sa.text("status = 'asked'")),
    )

    owner_sub: Mapped[str]
    kind: Mapped[Kind] = mapped_column(states(Kind, "kind"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[Standing] = mapped_column(states(Standing), default=Standing.ASKED)
    about: Mapped[str | None] = mapped_column(default=None)
    wish: Mapped[str | None] = mapped_column(Encrypted, default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    answerer_sub: Mapped[str | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(Encrypted, default=None)
    copy: Mapped[str | None] = mapped_column(Encrypted, default=None, deferred=True)

    def answer(self, outcome: Standing, reason: str, answerer: str, now: datetime) -> None:
        """A correction is made or refused, and why. Raises where it is none, or has its answer."""
        if self.kind is not Kind.CORRECTION:
            raise RuleBroken("data-request-is-no-correction")
        if self.status is not Standing.ASKED:
            raise RuleBroken("data-request-answered", status=str(self.status))
        self.status, self.reason, self.answerer_sub, self.answered_at = outcome, reason, answerer, now

    def taken(self) -> Any:
        """The copy; raises where it is not gathered yet, is erased again, or was never asked."""
        if self.copy is None:
            raise RuleBroken("data-copy-erased" if self.status is Standing.DONE else "data-copy-not-ready", status=str(self.status))
        return json.loads(self.copy)


def ask_for_copy(session: Session, sub: str, now: datetime) -> DataRequest:
    """A copy of everything is asked for; while one is being gathered it is that one."""
    waiting = sa.select(DataRequest).where(
        DataRequest.owner_sub == sub, DataRequest.kind == Kind.ACCESS, DataRequest.status == Standing.ASKED
    )
    found = session.scalars(waiting).first()
    if found:
        return found
    made = DataRequest(owner_sub=sub, kind=Kind.ACCESS, asked_at=now, due_at=now + ANSWERED_WITHIN)
    session.add(made)
    due.schedule(session, GATHER, str(made.id), now)
    return made


def ask_for_correction(session: Session, sub: str, about: str, wish: str, now: datetime) -> DataRequest:
    """`about` names the record (its number or path), `wish` what is wrong and what would be right."""
    made = DataRequest(owner_sub=sub, kind=Kind.CORRECTION, asked_at=now, due_at=now + ANSWERED_WITHIN, about=about, wish=wish)
    session.add(made)
    return made


def rows(session: Session, column: Any, sub: str | UUID, *parts: str) -> list[dict[str, Any]]:
    """Every row whose `column` is the person's, oldest first, each with its `parts` (names of relationships)."""
    kind: type[Base] = column.class_
    found = session.scalars(sa.select(kind).where(column == sub).order_by(*sa.inspect(kind).primary_key))
    return [plain(row, sub) | {part: [plain(one, sub) for one in getattr(row, part)] for part in parts} for row in found]


def plain(row: Base, sub: str | UUID) -> dict[str, Any]:
    """A row as JSON: no key, hash or counter of ours, and nobody else's `sub` (article 33)."""
    names = [attribute.key for attribute in sa.inspect(type(row)).column_attrs if attribute.key not in INNER]
    values = {name: getattr(row, name) for name in names}
    return {
        name: value
        for name, value in values.items()
        if not isinstance(value, bytes) and not name.endswith("_hash") and not (name.endswith("sub") and value != sub)
    }


def overdue(session: Session, now: datetime) -> float:
    """Requests for one's own data that are past their 3 × 24 hours."""
    late = sa.select(sa.func.count()).where(DataRequest.status == Standing.ASKED, DataRequest.due_at < now)
    return float(session.scalar(late) or 0)


def gathering(collect: Callable[[Session, str], Records]) -> Mapping[str, due.Runner]:
    """The due work of a service that collects so."""

    def gather(session: Session, subject: str, now: datetime) -> None:
        request = get(session, DataRequest, UUID(subject), lock=True)
        sub = request.owner_sub
        whole = {"made_at": now, "records": collect(session, sub), "looks": rows(session, AccessRow.person, sub)}
        request.copy = json.dumps(whole, ensure_ascii=False, default=str)
        request.status, request.answered_at = Standing.DONE, now
        due.schedule(session, FORGET, subject, now + KEPT_FOR)

    return {GATHER: gather, FORGET: _forget}


def _forget(session: Session, subject: str, _: datetime) -> None:
    get(session, DataRequest, UUID(subject), lock=True).copy = None
