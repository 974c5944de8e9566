from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity import calendar
from smartcity.calendar import (
    JAKARTA,
    add_months,
    add_working_days,
    day_off,
    day_zero,
    deadline,
    is_working_day,
    long_day,
    working_days_between,
)

days = st.dates(date(2015, 1, 1), date(2045, 12, 31))
counts = st.integers(0, 120)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 3, 17), 3, date(2026, 3, 27)),
        (date(2026, 5, 22), 5, date(2026, 6, 3)),
        (date(2026, 2, 12), 14, date(2026, 3, 6)),
    ],
)
def test_a_count_over_holidays_and_joint_leave_ends_where_the_published_calendar_says(start: date, n: int, end: date) -> None:
    assert add_working_days(start, n) == end


@pytest.mark.parametrize("text", ["02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24"])
def test_joint_leave_of_2026_is_off(text: str) -> None:
    assert not is_working_day(date.fromisoformat(f"2026-{text}"))


@given(days)
def test_no_working_days_from_a_working_day_is_that_day(day: date) -> None:
    assert (add_working_days(day, 0) == day) is is_working_day(day)


@given(days, st.integers(1, 120))
def test_counting_back_gives_the_count(day: date, n: int) -> None:
    assert working_days_between(day, add_working_days(day, n)) == n
    assert working_days_between(add_working_days(day, n), day) in (-n, -n + 1)


@given(days, counts)
def test_a_count_never_ends_on_a_day_off(day: date, n: int) -> None:
    end = add_working_days(day, n)
    assert end.weekday() < 5
    assert day_off(end) is None


@given(days, counts)
def test_one_day_more_never_ends_earlier(day: date, n: int) -> None:
    assert add_working_days(day, n + 1) >= add_working_days(day, n)
    assert add_working_days(day, n + 2) > add_working_days(day, n + 1)


@given(days, days, days)
def test_spans_add_up(one: date, two: date, three: date) -> None:
    first, middle, last = sorted((one, two, three))
    assert working_days_between(first, last) == working_days_between(first, middle) + working_days_between(middle, last)


@pytest.mark.parametrize("n", [-1, 10_001])
def test_a_count_outside_its_bounds_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="between 0"):
        add_working_days(date(2026, 1, 5), n)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA)


def test_a_report_at_sixteen_counts_today_and_a_second_later_tomorrow() -> None:
    assert day_zero(wib("2026-11-24T16:00:00")) == date(2026, 11, 24)
    assert day_zero(wib("2026-11-24T16:00:01")) == date(2026, 11, 25)
    assert day_zero(wib("2026-11-24T16:00:01"), closing=time(17)) == date(2026, 11, 24)


def test_a_report_on_a_sunday_counts_from_monday_unless_the_day_itself_is_asked_for() -> None:
    assert day_zero(wib("2026-11-22T09:00:00")) == date(2026, 11, 23)
    assert day_zero(wib("2026-11-22T09:00:00"), closing=None) == date(2026, 11, 22)


def test_a_deadline_is_the_end_of_its_day_in_medan() -> None:
    received = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert deadline(received, 3) == datetime(2026, 11, 27, 16, 59, 59, tzinfo=UTC)
    assert deadline(received, 5, "calendar") == datetime(2026, 11, 29, 16, 59, 59, tzinfo=UTC)


def test_the_day_is_that_of_medan_not_of_greenwich() -> None:
    assert deadline(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), 0) == datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC)


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadline(datetime(2026, 11, 24), 3)  # noqa: DTZ001


OVERRIDE = """
days:
  - {date: 2026-11-24, kind: joint-leave, basis: "Keppres pilkada", added_by: SETDA}
  - {date: 2026-12-24, kind: working, basis: "SKB perubahan", added_by: SETDA}
"""


def test_an_override_takes_a_day_off_and_gives_one_back(monkeypatch: pytest.MonkeyPatch) -> None:
    found = calendar.read_overrides(OVERRIDE)
    monkeypatch.setattr(calendar, "overrides", lambda: found)
    assert day_off(date(2026, 11, 24)) == "Keppres pilkada"
    assert is_working_day(date(2026, 12, 24))
    assert add_working_days(date(2026, 11, 23), 1) == date(2026, 11, 25)


@pytest.mark.parametrize(
    "text",
    [
        "days: [{date: 2026-11-24, kind: holiday, basis: x}]",
        "days: [{date: 2026-11-24, kind: off, basis: x, added_by: y}]",
        "days: [{date: soon, kind: holiday, basis: x, added_by: y}]",
        "days: [{date: 2026-11-24, kind: holiday, basis: x, added_by: y}, {date: 2026-11-24, kind: working, basis: x, added_by: y}]",
    ],
)
def test_an_override_without_basis_kind_or_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="calendar override"):
        calendar.read_overrides(text)


def test_the_shipped_override_file_reads() -> None:
    assert calendar.overrides() is not None
    assert day_off(date(2026, 8, 17)) == "Hari Kemerdekaan Republik Indonesia"
    assert day_off(date(2026, 8, 16)) == "Minggu"
    assert timedelta(days=1) == calendar.ONE


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 24), 6, date(2027, 5, 24)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 5), 0, date(2026, 12, 5)),
    ],
)
def test_a_month_that_lacks_the_day_ends_on_its_last(start: date, n: int, end: date) -> None:
    assert add_months(start, n) == end


def test_a_day_in_medan_starts_at_its_own_midnight_a_second_after_the_day_before_has_ended() -> None:
    day = date(2026, 2, 12)
    assert calendar.start_of_day(day) == datetime(2026, 2, 11, 17, tzinfo=UTC)
    assert calendar.start_of_day(day) - calendar.end_of_day(day - timedelta(days=1)) == timedelta(seconds=1)


def test_a_day_is_printed_in_both_languages() -> None:
    assert (long_day(date(2026, 2, 5)), long_day(date(2026, 12, 31), "en")) == ("5 Februari 2026", "31 December 2026")
