"""What an entry says after its marginal notes, and which corrections may be noted (UU 23/2006 Pasal 71: errors of writing)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

PARTS = ("child", "mother", "father", "deceased")
DAYS = ("born_on", "died_on")
Changes = Mapping[str, Mapping[str, Any]]


def corrected(entry: Mapping[str, Any], corrections: Iterable[Changes]) -> dict[str, Any]:
    """The entry as it reads with every correction, in their order."""
    says = dict(entry)
    for changes in corrections:
        for part, fields in changes.items():
            says[part] = {**says[part], **fields}
    return says


def wrong_correction(entry: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """Codes by field of what is no correction of `entry`: of nobody in it, or of nothing. Adding a parent is an acknowledgement, not this."""
    wrong = {part: ["correction-of-nobody"] for part in changes if entry.get(part) is None}
    if not wrong and not any(entry[part].get(name) != value for part, fields in changes.items() for name, value in fields.items()):
        wrong["changes"] = ["correction-of-nothing"]
    return wrong


def with_dates(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The people of an entry with their dates as dates, as `plausibility.impossible` and `deaths.impossible_death` read them."""
    return {**entry, **{part: _dated(entry.get(part)) for part in PARTS}}


def _dated(said: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {**said, **{name: date.fromisoformat(said[name]) for name in DAYS if said.get(name)}}
