"""How long a system is left alone, and where the settings say it is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.rules.forwarding import LATEST_QUESTION, LONGEST, LONGEST_REST, before_next_question, before_next_try, rest
from licensing.use_cases.forwarding_by_file import Folders
from licensing.use_cases.forwarding_by_http import Over
from licensing.use_cases.national_systems import NotConfigured, _adapter
from smartcity.settings import SettingsError


@given(st.integers(1, 10_000))
def test_each_pause_is_at_least_as_long_as_the_one_before_and_none_is_endless(turn: int) -> None:
    assert timedelta(0) < before_next_try(turn) <= before_next_try(turn + 1) <= LONGEST
    assert timedelta(0) < rest(turn) <= rest(turn + 1) <= LONGEST_REST


def test_the_first_pauses_are_short() -> None:
    assert [before_next_try(turn).total_seconds() for turn in (1, 2, 3)] == [30, 60, 120]


def test_a_system_is_asked_ever_more_rarely() -> None:
    waits = [before_next_question(timedelta(minutes=passed)) for passed in (0, 60, 60 * 24, 60 * 24 * 30)]
    assert waits == [timedelta(minutes=1), timedelta(minutes=6), timedelta(minutes=144), LATEST_QUESTION]


@pytest.mark.parametrize(
    ("url", "kind"),
    [("", NotConfigured), ("file:///srv/simbg", Folders), ("https://simbg.example/api", Over), ("http://127.0.0.1:1", Over)],
)
def test_a_setting_names_the_way(url: str, kind: type) -> None:
    assert isinstance(_adapter("SIMBG", url, ""), kind)


@pytest.mark.parametrize("url", ["simbg.example", "ftp://simbg.example", "https://", "file://"])
def test_a_setting_that_names_no_way_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="SIMBG_URL must start with"):
        _adapter("SIMBG", url, "")
