"""How long one who guesses must wait."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from identity.rules.lockout import ADDRESSES, PATIENCE, Guarded, one_more, wait_after


def test_the_first_mistakes_are_free_and_then_the_wait_doubles() -> None:
    waits = [int(wait_after(Guarded.ACCOUNT, failures).total_seconds()) for failures in range(1, 12)]
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_an_address_shared_by_an_office_is_given_more_patience_than_one_name() -> None:
    for address in (PATIENCE[Guarded.ADDRESS], PATIENCE[Guarded.CODE_ADDRESS]):
        assert address.free >= 10 * PATIENCE[Guarded.ACCOUNT].free and address.longest <= timedelta(minutes=1)


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def counted(guarded: Guarded, every: timedelta, times: int) -> int:
    failures, since = 0, NOON
    for number in range(times):
        failures, since = one_more(guarded, failures, since, NOON + number * every)
    return failures


def test_the_mistakes_of_a_whole_city_behind_one_address_do_not_add_up() -> None:
    assert counted(Guarded.ADDRESS, timedelta(seconds=31), 3_000) == 1
    assert counted(Guarded.ADDRESS, timedelta(seconds=20), 60) == 21, "every third is one too many"
    assert counted(Guarded.ADDRESS, timedelta(seconds=1), 101) == 98
    assert counted(Guarded.ACCOUNT, timedelta(hours=23), 9) == 9, "of a name nothing is forgiven but all, after a quiet day"


@given(st.sampled_from(Guarded), st.integers(0, 10**6))
def test_a_quiet_time_forgives_everything_and_a_clock_behind_nothing(guarded: Guarded, failures: int) -> None:
    assert one_more(guarded, failures, NOON, NOON + PATIENCE[guarded].forgiven_after + timedelta(seconds=1))[0] == 1
    assert one_more(guarded, failures, NOON, NOON - timedelta(hours=1))[0] == failures + 1
    assert guarded in ADDRESSES or not PATIENCE[guarded].eases


@given(st.sampled_from(Guarded), st.integers(0, 10**9))
def test_the_wait_never_shrinks_and_never_passes_its_cap(guarded: Guarded, failures: int) -> None:
    wait = wait_after(guarded, failures)
    assert timedelta() <= wait <= wait_after(guarded, failures + 1) <= PATIENCE[guarded].longest
