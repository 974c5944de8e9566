"""Working days of the city in Asia/Jakarta.

A working day is Monday to Friday, minus national holidays and joint leave (off for civil servants), as the `holidays`
package knows them for Indonesia and as `data/calendar_override.yaml` corrects them. The event's day is day 0, day 1 is
the next working day, a deadline of n falls at the end of day n.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal
from zoneinfo import ZoneInfo

import holidays
import yaml

JAKARTA = ZoneInfo("Asia/Jakarta")
CLOSING = time(16, 0)
KINDS = ("holiday", "joint-leave", "working")
ONE = timedelta(days=1)
LONGEST = 10_000
MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}


@dataclass(frozen=True)
class Override:
    """One corrected day: a `holiday`, `joint-leave`, or `working` after all; `basis` names the decree, `added_by` the office."""

    date: date
    kind: Literal["holiday", "joint-leave", "working"]
    basis: str
    added_by: str


def read_overrides(text: str) -> Mapping[date, Override]:
    """The override file's text; raises `ValueError` for a line that is incomplete, unknown, doubled or has no real date."""
    found: dict[date, Override] = {}
    for line in (yaml.safe_load(text) or {}).get("days") or []:
        if set(line) != {"date", "kind", "basis", "added_by"} or line["kind"] not in KINDS:
            raise ValueError(f"calendar override {line!r} needs date, kind ({', '.join(KINDS)}), basis and added_by")
        if type(line["date"]) is not date or line["date"] in found:
            raise ValueError(f"calendar override {line['date']!r} is not a date, or is there twice")
        found[line["date"]] = Override(**line)
    return found


@cache
def overrides() -> Mapping[date, Override]:
    """The dated corrections of this city."""
    return read_overrides((files("smartcity") / "data" / "calendar_override.yaml").read_text())


@cache
def _days_off(year: int) -> Mapping[date, str]:
    return dict(holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id"))


def day_off(day: date) -> str | None:
    """Why nobody works on `day`: the holiday's Indonesian name, the override's basis, `Sabtu`, `Minggu`; `None` on a working day."""
    override = overrides().get(day)
    if override is not None:
        return None if override.kind == "working" else override.basis
    if day.weekday() >= 5:
        return ("Sabtu", "Minggu")[day.weekday() - 5]
    return _days_off(day.year).get(day)


def is_working_day(day: date) -> bool:
    """Do civil servants work on `day`?"""
    return day_off(day) is None


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    day += ONE
    while not is_working_day(day):
        day += ONE
    return day


def add_months(day: date, n: int) -> date:
    """The same day `n` months later; where that month lacks it, the last of the month. Twelve are a year."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_working_days(start: date, n: int) -> date:
    """Day n of a count whose day 0 is `start`. With n = 0: `start`, or the next working day where `start` is off.

    Raises `ValueError` unless 0 ≤ n ≤ 10,000.
    """
    if not 0 <= n <= LONGEST:
        raise ValueError(f"working days must be between 0 and {LONGEST}")
    day = start if n or is_working_day(start) else next_working_day(start)
    for _ in range(n):
        day = next_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`: the inverse of `add_working_days`. Negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=i)) for i in range(1, (end - start).days + 1))


def day_of(moment: datetime) -> date:
    """The date in Medan of an aware moment; raises `ValueError` for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment must know its time zone")
    return moment.astimezone(JAKARTA).date()


def day_zero(received: datetime, closing: time | None = CLOSING) -> date:
    """The day a report counts as received: the next working day when it came on a day off or after `closing` (WIB).

    `closing=None` takes the day as it is, also a day off (the city's choice for counts that the law starts at the event).
    """
    day = day_of(received)
    late = closing is not None and received.astimezone(JAKARTA).time().replace(tzinfo=None) > closing
    if closing is None or (is_working_day(day) and not late):
        return day
    return next_working_day(day)


def long_day(day: date, language: str = "id") -> str:
    """As papers and pages print it: `12 Februari 2026`."""
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def start_of_day(day: date) -> datetime:
    """The first moment of `day` in Medan, as aware UTC."""
    return datetime.combine(day, time(), JAKARTA).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last second of `day` in Medan, as aware UTC."""
    return datetime.combine(day, time(23, 59, 59), JAKARTA).astimezone(UTC)


def deadline(received: datetime, n: int, kind: Literal["working", "calendar"] = "working", closing: time | None = CLOSING) -> datetime:
    """The end of day n (WIB) after `received`, as aware UTC.

    `working` counts working days from `day_zero(received, closing)`; `calendar` counts every day from the day itself.
    """
    if kind == "calendar":
        return end_of_day(day_of(received) + timedelta(days=n))
    return end_of_day(add_working_days(day_zero(received, closing), n))
