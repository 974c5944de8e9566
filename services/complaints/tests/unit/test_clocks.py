"""The clocks against a count of the days one by one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.model.complaint_status import Clock
from complaints.rules.clocks import answer_by, later
from complaints.use_cases.categories import categories, clock_rule, ends
from smartcity.calendar import is_working_day

MEDAN = ZoneInfo("Asia/Jakarta")
MOMENTS = st.datetimes(datetime(2021, 2, 1), datetime(2026, 9, 1), timezones=st.just(UTC))  # noqa: DTZ001
SEEDED = settings(max_examples=250, derandomize=True, deadline=None, database=None)


def counted(start: datetime, days: int, *, working: bool) -> datetime:
    """One day after the other in Medan, to the last second of the last; working days from the day on which somebody was there to receive it."""
    here = start.astimezone(MEDAN)
    day = here.date()
    if working and (here.time() > time(16) or not is_working_day(day)):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    while days:
        day += timedelta(days=1)
        days -= 1 if not working or is_working_day(day) else 0
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=MEDAN)


def second(moment: datetime) -> datetime:
    return moment.astimezone(MEDAN).replace(microsecond=0)


@SEEDED
@given(MOMENTS, st.sampled_from([clock for clock in Clock if clock is not Clock.ANSWER]))
def test_every_clock_ends_where_the_days_counted_one_by_one_end(start: datetime, clock: Clock) -> None:
    rule = clock_rule(clock.value, start)
    assert second(ends(clock, start)) == counted(start, rule.days, working=rule.kind == "working")


@SEEDED
@given(MOMENTS, st.sampled_from(sorted({one.answer_days for one in categories().values()})))
def test_every_ceiling_counts_working_days_alone(start: datetime, days: int) -> None:
    assert second(answer_by(start, days)) == counted(start, days, working=True)


@SEEDED
@given(MOMENTS, st.integers(0, 16 * 60), st.integers(1, 60))
def test_the_hour_changes_nothing_and_a_later_day_never_ends_earlier(start: datetime, minutes: int, days: int) -> None:
    day = start.astimezone(MEDAN).replace(hour=0, minute=0, second=0, microsecond=0)
    assert ends(Clock.FOLLOW_UP, day) == ends(Clock.FOLLOW_UP, day + timedelta(minutes=minutes))
    assert ends(Clock.FOLLOW_UP, day) <= ends(Clock.FOLLOW_UP, day + timedelta(days=1))
    assert ends(Clock.FOLLOW_UP, day) < later(ends(Clock.FOLLOW_UP, day), days) <= later(ends(Clock.FOLLOW_UP, day), days + 1)


def test_the_count_knows_joint_leave_and_holidays() -> None:
    assert not is_working_day(date(2026, 2, 16)), "joint leave before Imlek"
    assert not is_working_day(date(2026, 2, 17)), "Imlek"
    assert is_working_day(date(2026, 2, 18))
    friday = datetime(2026, 2, 13, 2, tzinfo=UTC)
    assert counted(friday, 3, working=True).date() == date(2026, 2, 20)
    assert [clock_rule(name, friday).days for name in ("consent", "completion", "reopening")] == [10, 30, 30]
