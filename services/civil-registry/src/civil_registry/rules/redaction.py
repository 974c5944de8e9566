"""What is left of a report once the people in it are forgotten."""

from collections.abc import Mapping
from typing import Any

NAMING = ("name", "nik", "family_card_no", "born_on", "death_place_name")


def without_people(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details of a report without anything that names or numbers a person; days, kinds and places of a whole city stay."""
    left: dict[str, Any] = {}
    for field, said in details.items():
        if field == "witnesses":
            left[field] = []
        elif field in NAMING:
            left[field] = "" if field == "name" else None
        else:
            left[field] = without_people(said) if isinstance(said, Mapping) else said
    return left
