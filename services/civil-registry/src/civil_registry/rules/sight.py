"""Who needs to see what: everything, everything but the numbers, or nothing personal at all (UU 27/2022 Pasal 27, purpose limits)."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any


class Sight(StrEnum):
    """`full`; `masked`: names, but NIK and KK only by their ends; `none`: the case, not the people."""

    FULL = "full"
    MASKED = "masked"
    NONE = "none"


HANDLING = frozenset({"officer", "registrar"})
DECIDING = frozenset({"signer", "head"})
NUMBERS = frozenset({"nik", "family_card_no"})


def sight_of(roles: Collection[str], *, own: bool) -> Sight:
    """Who filed it and who compares papers sees all; who decides on their work sees names; anybody else sees no person."""
    if own or HANDLING.intersection(roles):
        return Sight.FULL
    return Sight.MASKED if DECIDING.intersection(roles) else Sight.NONE


def masked(details: Any, mask: Callable[[str], str]) -> Any:
    """The same details with every NIK and KK masked, at any depth."""
    if isinstance(details, Mapping):
        return {name: mask(value) if name in NUMBERS and value else masked(value, mask) for name, value in details.items()}
    return [masked(value, mask) for value in details] if isinstance(details, list) else details
