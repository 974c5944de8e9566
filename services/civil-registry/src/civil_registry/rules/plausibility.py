"""What cannot be: a birth to come, a mother who was a child herself, a witness who is two."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

OLDEST_YEARS = 120


def age_at(born: date, day: date) -> int:
    """Whole years on `day`; who was born on 29 February is a year older on 1 March. Negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Limits:
    """`now`: in Medan; `youngest_mother`: whole years at the birth."""

    now: datetime
    youngest_mother: int


def impossible(details: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Codes by field (nested like the request) of what cannot be; empty when all of it can."""
    wrong: dict[str, Any] = {}
    child, mother, father = details["child"], details.get("mother"), details.get("father")
    if code := _birth(child["born_on"], child["born_at"], limits.now):
        wrong["child"] = {"born_on": [code]}
    if mother and age_at(mother["born_on"], child["born_on"]) < limits.youngest_mother:
        wrong["mother"] = {"born_on": ["mother-too-young"]}
    if father and mother and father.get("nik") == mother["nik"]:
        wrong["father"] = {"nik": ["parents-are-one"]}
    witnesses = [witness["nik"] for witness in details["witnesses"]]
    if len(set(witnesses)) < len(witnesses):
        wrong["witnesses"] = ["witness-twice"]
    return wrong


def _birth(born_on: date, born_at: str, now: datetime) -> str | None:
    if (born_on.isoformat(), born_at) > (now.date().isoformat(), now.strftime("%H:%M")):
        return "birth-in-the-future"
    if age_at(born_on, now.date()) > OLDEST_YEARS:
        return "birth-too-long-ago"
    return None
