"""What can be complained of, the clocks and the reasons: data, read once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from complaints.model.complaint_status import Clock
from complaints.rules.clocks import ClockRule, in_force
from smartcity.errors import InputWrong


@dataclass(frozen=True)
class Category:
    """One category: office in charge by default, class, ceiling in working days, whether an answer needs a photo, whose it is if not the city's."""

    code: str
    office: str
    urgency: str
    answer_days: int
    proof: bool
    elsewhere: str | None = None
    near: dict[str, int] | None = None
    parent: str | None = None

    @property
    def label_code(self) -> str:
        return f"category.{self.code}"


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((files("complaints") / "data" / name).read_text())  # type: ignore[no-any-return]


@cache
def categories() -> dict[str, Category]:
    """Every category by its code, in the order of the table."""
    rows = _read("categories.yaml")["categories"]
    return {row["code"]: Category(**{("urgency" if name == "class" else name): value for name, value in row.items()}) for row in rows}


@cache
def groups() -> dict[str, str | None]:
    """The tree above the categories: each group's parent."""
    return {row["code"]: row.get("parent") for row in _read("categories.yaml")["groups"]}


def category(code: str) -> Category:
    """The category; raises `InputWrong` for one nobody knows."""
    try:
        return categories()[code]
    except KeyError:
        raise InputWrong({"category": ["category-unknown"]}) from None


@cache
def _choices() -> dict[str, Any]:
    return _read("clocks.yaml")


@cache
def _clocks() -> tuple[ClockRule, ...]:
    return tuple(ClockRule(**row) for row in _choices()["clocks"])


def clock_rule(name: str, moment: datetime) -> ClockRule:
    """The clock called `name` that holds at `moment`."""
    return in_force(_clocks(), name, moment)


def ends(clock: Clock, start: datetime) -> datetime:
    """When `clock` runs out that begins at `start`."""
    return clock_rule(clock.value, start).ends(start)


def duplicates(code: str) -> tuple[int, int]:
    """What counts as probably the same trouble of a category: metres, days."""
    found = category(code).near or _choices()["duplicates"]
    return found["radius_m"], found["days"]


def channels() -> list[str]:
    """How a complaint can come in."""
    return list(_choices()["channels"])


def reasons(kind: str) -> list[str]:
    """The codes of `archive_reasons` or `withdrawal_reasons`."""
    return list(_choices()[kind])


def must_be_reason(kind: str, code: str) -> str:
    """One of `reasons`; raises `InputWrong`."""
    if code not in reasons(kind):
        raise InputWrong({"reason_code": ["reason-unknown"]})
    return code


def elsewhere(code: str) -> dict[str, str]:
    """Who is asked instead of the city: `name`, `channel`; raises `InputWrong`."""
    found: dict[str, str] | None = _choices()["elsewhere"].get(code)
    if found is None:
        raise InputWrong({"forwarded_to": ["elsewhere-unknown"]})
    return found
