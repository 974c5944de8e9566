"""Children of one birth: of about the same day, each with its own turn."""

from collections.abc import Mapping, Sequence
from typing import Any

APART_DAYS = 1
"""Twins may be born on both sides of midnight."""


def wrong_siblings(children: Sequence[Mapping[str, Any]]) -> str | None:
    """Code of what keeps `children` from being of one birth; `None` where nothing does."""
    first = children[0]["born_on"]
    if any(abs((child["born_on"] - first).days) > APART_DAYS for child in children):
        return "sibling-of-another-day"
    turns = [child["twin_order"] for child in children if child.get("twin_order")]
    return "sibling-turn-twice" if len(set(turns)) < len(turns) else None


def in_turn(children: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The children, each with a `twin_order`: the one told, or else the lowest free one in the order of telling."""
    taken = {child["twin_order"] for child in children if child.get("twin_order")}
    free = (turn for turn in range(1, len(children) + len(taken) + 1) if turn not in taken)
    return [{**child, "twin_order": child.get("twin_order") or next(free)} for child in children]
