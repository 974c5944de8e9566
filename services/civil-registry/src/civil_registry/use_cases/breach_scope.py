"""What an account has seen between two moments: the scope of a breach, to be told within 3 x 24 hours (UU 27/2022 Pasal 46)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.use_cases.registry_data import purposes
from smartcity import access_log
from smartcity.access_log import AccessRow
from smartcity.errors import InputWrong
from smartcity.http import Actor


@dataclass(frozen=True)
class Span:
    """The looks of `account` from `since` up to, but not at, `until`."""

    account: str
    since: datetime
    until: datetime


def must_be_asked_rightly(session: Session, actor: Actor, span: Span, purpose: str | None) -> None:
    """Raises `InputWrong` without a known purpose or for a span that ends before it begins; the account sees that it was asked about."""
    if purpose not in purposes():
        raise InputWrong({"purpose": ["purpose-unknown" if purpose else "purpose-required"]})
    if span.until <= span.since:
        raise InputWrong({"until": ["span-ends-before-it-begins"]})
    access_log.record(session, actor, span.account, ("access_log", span.account), purpose)


def looks(span: Span) -> sa.Select[AccessRow]:
    """Every look, whose data and which record; nobody is named."""
    return sa.select(AccessRow).where(*_within(span))


def scope(session: Session, span: Span) -> dict[str, Any]:
    """How many looks at how many people and records, by kind of record, and when the first and the last were."""
    kinds = (
        sa.select(
            AccessRow.record_kind,
            sa.func.count().label("looks"),
            sa.func.count(AccessRow.record_id.distinct()).label("records"),
            sa.func.min(AccessRow.at).label("first"),
            sa.func.max(AccessRow.at).label("last"),
        )
        .where(*_within(span))
        .group_by(AccessRow.record_kind)
        .order_by(AccessRow.record_kind)
    )
    people = sa.select(sa.func.count(AccessRow.person.distinct())).where(*_within(span))
    by_kind = [dict(row) for row in session.execute(kinds).mappings()]
    return {
        **vars(span),
        "looks": sum(row["looks"] for row in by_kind),
        "people": session.execute(people).scalar_one(),
        "by_kind": by_kind,
    }


def _within(span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return AccessRow.actor == span.account, AccessRow.at >= span.since, AccessRow.at < span.until
