"""What a caller may see in lists: a citizen their own, staff their office's, an auditor all."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from smartcity.errors import Forbidden, InputWrong
from smartcity.http import Actor

TREASURY = "BKAD"


def sees_all(actor: Actor) -> bool:
    """Does the actor oversee every office: the auditor, the head of treasury?"""
    return actor.has("auditor") or (actor.has("head") and actor.office == TREASURY)


def office_seen(actor: Actor, asked: str | None) -> str | None:
    """The office whose figures the actor sees, `None` for all: their own, or what whoever oversees all offices asks. Raises `Forbidden`."""
    if sees_all(actor):
        return asked
    if asked not in (None, actor.office):
        raise Forbidden()
    return actor.office or ""


def visible(kind: Any, actor: Actor, status: Any = None) -> sa.Select[Any]:
    """Rows of `kind` (with `office`, and `owner_sub` where somebody owns them) this actor may list; in one state when named."""
    query = sa.select(kind) if status is None else sa.select(kind).where(kind.status == status)
    if sees_all(actor):
        return query
    if _of_office(actor):
        return query.where(kind.office == actor.office)
    return query.where(kind.owner_sub == actor.sub if hasattr(kind, "owner_sub") else sa.false())


def listed(kind: Any, actor: Actor, status: Any = None) -> list[sa.Select[Any]]:
    """As `visible`, with what the companies own that the actor acts for: a query for each owner, to be read as one page."""
    if sees_all(actor) or _of_office(actor):
        return [visible(kind, actor, status)]
    return [visible(kind, replace(actor, sub=sub), status) for sub in actor.subs]


def _of_office(actor: Actor) -> bool:
    return bool(actor.office and actor.roles & {"treasurer", "cashbook-closer", "officer", "head"})


def one_office(actor: Actor, asked: str | None) -> str:
    """The one office that is looked at: as `office_seen`, but who oversees all names it. Raises `Forbidden`, `InputWrong`."""
    office = office_seen(actor, asked)
    if not office:
        raise InputWrong({"office": ["required"]})
    return office
