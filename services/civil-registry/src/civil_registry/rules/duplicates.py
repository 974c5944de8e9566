"""May two reports be of one child? Scored with reasons, so that a person can decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from civil_registry.rules.spelling import Spelling, likeness

FEW_DAYS = 3


@dataclass(frozen=True)
class Likely:
    """What of a report tells children apart. `mother`: a keyed hash of her NIK; `filing`: those reported together have the same."""

    name: str
    sex: str
    born_on: date
    twin_order: int
    mother: bytes | None
    mother_name: str | None
    father_name: str | None
    filing: object = None


@dataclass(frozen=True)
class Terms:
    """Days, percentages and points of `data/duplicates.yaml`."""

    window_days: int
    mother_days: int
    most: int
    suspicious: int
    name_alike: float
    points: Mapping[str, int]
    spelling: Spelling


@dataclass(frozen=True)
class Score:
    """The points, and each reason with its own."""

    points: int
    reasons: tuple[tuple[str, int], ...]


def read_terms(facts: Mapping[str, Any], spelling: Spelling) -> Terms:
    """The table of the data file."""
    numbers = {name: facts[name] for name in ("window_days", "mother_days", "most", "suspicious", "points")}
    return Terms(**numbers, name_alike=facts["name_alike"] / 100, spelling=spelling)


def exchanged(day: date) -> date | None:
    """The date with day and month exchanged, where that is another date."""
    try:
        other = day.replace(month=day.day, day=day.month)
    except ValueError:
        return None
    return other if other != day else None


def compared(one: Likely, other: Likely, terms: Terms) -> Score:
    """How much speaks for one child: the points of each reason, summed."""
    reasons = [*_names(one, other, terms), *_days(one, other, terms)]
    reasons.append(("same-sex" if one.sex == other.sex else "other-sex", 1))
    if one.mother is None and other.mother is None:
        reasons.append(("parents-unknown", 1))
    if one.mother is not None and one.mother == other.mother:
        reasons.append(("same-mother", 1))
        if _told_apart(one, other):
            reasons.append(("told-as-twins", 1))
    rated = tuple((code, round(terms.points[code] * share)) for code, share in reasons)
    return Score(max(0, sum(points for _, points in rated)), tuple(sorted(rated, key=lambda reason: -abs(reason[1]))))


def _told_apart(one: Likely, other: Likely) -> bool:
    together = one.filing is not None and one.filing == other.filing
    return together or (bool(one.twin_order) and bool(other.twin_order) and one.twin_order != other.twin_order)


def _names(one: Likely, other: Likely, terms: Terms) -> list[tuple[str, float]]:
    pairs = {
        "name-alike": (one.name, other.name), "mother-name-alike": (one.mother_name, other.mother_name),
        "father-name-alike": (one.father_name, other.father_name),
    }  # fmt: skip
    if one.mother is not None and one.mother == other.mother:
        del pairs["mother-name-alike"]
    alike = {code: likeness(a, b, terms.spelling) for code, (a, b) in pairs.items() if a and b}
    return [(code, how) for code, how in alike.items() if how >= terms.name_alike]


def _days(one: Likely, other: Likely, terms: Terms) -> list[tuple[str, float]]:
    apart = abs((one.born_on - other.born_on).days)
    if apart == 0:
        return [("same-day", 1)]
    found: list[tuple[str, float]] = []
    if exchanged(one.born_on) == other.born_on:
        found.append(("day-and-month-exchanged", 1))
    elif apart <= FEW_DAYS:
        found.append(("days-apart-few", 1))
    if one.mother is not None and one.mother == other.mother and 1 < apart <= terms.mother_days:
        found.append(("births-too-close", 1))
    return found if found or apart <= terms.window_days else [("long-apart", 1)]
