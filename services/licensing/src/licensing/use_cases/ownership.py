"""What is an applicant's own: filed by the person, or by the people of a company they act for."""

from typing import Any

import sqlalchemy as sa

from smartcity.errors import InputWrong
from smartcity.http import Actor


def applicant_of(actor: Actor, company: str | None, field: str) -> str:
    """The `sub` that owns what the actor files: their own, or that of `company`. Raises `InputWrong` for a company they do not act for."""
    if company is not None and company not in actor.companies:
        raise InputWrong({field: ["not-your-company"]})
    return company or actor.sub


def owned(kind: Any, actor: Actor, company: str | None) -> list[sa.Select[Any]]:
    """Rows of `kind` that are the actor's own or, named, one company's: a query for each owner, to be read as one page."""
    owners = (applicant_of(actor, company, "company"),) if company else actor.subs
    return [sa.select(kind).where(kind.owner_sub == owner) for owner in owners]
