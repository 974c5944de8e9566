"""Append-only chains: where the next entry goes, and whether what stands there is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.marginal_note import MarginalNote
from civil_registry.rules.register_chain import BEGINNING, first_break
from civil_registry.use_cases.registry_data import OFFICE
from smartcity.storage import next_number
from smartcity.storage.numbering import NumberSeries

PAGE = 500
Entry = BirthRecord | DeathRecord | MarginalNote


@dataclass(frozen=True)
class Chain:
    """`name`: of its counter; `label`: as a person is told of it."""

    name: str
    label: str
    entries: type[Entry]


BIRTHS = Chain("birth-register", "the register", BirthRecord)
DEATHS = Chain("death-register", "the register of deaths", DeathRecord)
NOTES = Chain("marginal-notes", "the marginal notes", MarginalNote)
CHAINS: tuple[Chain, ...] = (BIRTHS, DEATHS, NOTES)


def next_place(session: Session, chain: Chain) -> tuple[int, bytes]:
    """Position of the next entry and the hash before it. Two at once wait: the chain's counter is locked until the commit."""
    position = next_number(session, chain.name, OFFICE, "all")
    if position == 1:
        return position, BEGINNING
    before = sa.select(chain.entries.hash).where(chain.entries.position == position - 1)
    return position, session.execute(before).scalar_one()


def entries(session: Session, chain: Chain) -> Iterator[Entry]:
    """The chain in order, a bounded piece at a time; what was read before is forgotten. Raises `InvalidTag` at one that no key opens."""
    kind: type[Any] = chain.entries
    after = 0
    while found := _piece(session, sa.select(kind).where(kind.position > after).order_by(kind.position)):
        yield from found
        after = found[-1].position
        session.expunge_all()


def _piece(session: Session, query: sa.Select[Any]) -> list[Any]:
    try:
        return list(session.scalars(query.limit(PAGE)))
    except InvalidTag:
        return list(session.scalars(query.limit(1)))


def first_broken(session: Session, chain: Chain) -> int | None:
    """The position of the first entry that was changed, taken out or put in; `None` where the chain is whole.

    Entries cut off at the end show too: the counter knows how many there were.
    """
    last, previous = 0, BEGINNING
    try:
        for entry in entries(session, chain):
            if first_break([entry.link], last + 1, previous) is not None or not entry.found_as_it_says:
                return last + 1
            last, previous = entry.position, entry.hash
    except InvalidTag:
        return last + 1
    counted = session.get(NumberSeries, (chain.name, OFFICE, "all"))
    return last + 1 if counted is not None and counted.last != last else None
