"""Twins in one filing: said once, shown once, handed in together; each child keeps its own registration, number and certificate."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import EDITABLE
from civil_registry.rules.siblings import in_turn, wrong_siblings
from civil_registry.use_cases.registry_data import circumstances
from smartcity.errors import InputWrong


def children_of(request: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every child of the report, each with its turn. Raises `InputWrong` where they cannot be of one birth, or the path knows no parents."""
    told = request.get("siblings") or []
    if not told:
        return [request["child"]]
    (multiple,) = (one for one in circumstances() if one.told_by == "siblings")
    children = [request["child"], *told]
    if code := "circumstance-not-on-this-path" if request["path"] in multiple.not_on else wrong_siblings(children):
        raise InputWrong({"siblings": [code]})
    return in_turn(children)


@contextmanager
def named_by_place(turn: int) -> Iterator[None]:
    """What is wrong with the child at `turn` of a report (0: `child` itself) is said of that entry of `siblings`."""
    try:
        yield
    except InputWrong as wrong:
        if turn == 0 or "child" not in wrong.errors:
            raise
        others = {field: said for field, said in wrong.errors.items() if field != "child"}
        raise InputWrong({**others, "siblings": {str(turn - 1): wrong.errors["child"]}}) from None


def in_hand(session: Session, registration: BirthRegistration) -> list[BirthRegistration]:
    """The other registrations of its filing that are with the parent too, locked in one order."""
    query = _others(registration).where(BirthRegistration.status.in_(EDITABLE)).order_by(BirthRegistration.id).with_for_update()
    return list(session.scalars(query)) if registration.filing_id else []


def siblings_of(session: Session, registration: BirthRegistration) -> list[UUID]:
    """The ids of the other registrations of its filing."""
    query = _others(registration).order_by(BirthRegistration.id).with_only_columns(BirthRegistration.id)
    return list(session.scalars(query)) if registration.filing_id else []


def _others(registration: BirthRegistration) -> sa.Select[BirthRegistration]:
    same = BirthRegistration.filing_id == registration.filing_id
    return sa.select(BirthRegistration).where(same, BirthRegistration.id != registration.id)
