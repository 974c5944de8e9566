"""Names compared, and births that cannot be."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.names import normalised
from civil_registry.rules.plausibility import Limits, age_at, impossible

LIMITS = Limits(datetime(2026, 11, 24, 9, 30), youngest_mother=10)


def details(**other: Any) -> dict[str, Any]:
    return {
        "child": {"born_on": date(2026, 11, 20), "born_at": "04:10"},
        "mother": {"nik": "1271014502900001", "born_on": date(1990, 2, 5)},
        "father": {"nik": "1271010502880001"},
        "witnesses": [{"nik": "1271010101800001"}, {"nik": "1271010101810001"}],
        **other,
    }


@pytest.mark.parametrize(("one", "other"), [
    ("Nur Aisyah", "NUR  AISYAH"), ("Nur Aisyah", "nur-aisyah"), ("Théo Ginting", "Theo Ginting"), ("M. Ridho", "M Ridho"), (" A ", "a"),
])  # fmt: skip
def test_the_same_name_written_otherwise_is_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_other_names_stay_others_and_no_name_becomes_nothing() -> None:
    assert normalised("Nur Aisyah") != normalised("Nur Aisah")
    assert normalised("...") == "..."


@given(st.text(min_size=1))
def test_normalising_twice_is_normalising_once(name: str) -> None:
    assert normalised(normalised(name)) == normalised(name)


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2016, 11, 20), date(2026, 11, 20), 10), (date(2016, 11, 21), date(2026, 11, 20), 9), (date(2016, 2, 29), date(2026, 2, 28), 9),
    (date(2016, 2, 29), date(2026, 3, 1), 10), (date(2027, 1, 1), date(2026, 11, 20), -1),
])  # fmt: skip
def test_age_is_whole_years(born: date, day: date, age: int) -> None:
    assert age_at(born, day) == age


def test_what_can_be_is_left_alone() -> None:
    assert impossible(details(), LIMITS) == {}
    assert impossible(details(father=None), LIMITS) == {}


@pytest.mark.parametrize(("other", "wrong"), [
    ({"child": {"born_on": date(2026, 11, 25), "born_at": "00:00"}}, {"child": {"born_on": ["birth-in-the-future"]}}),
    ({"child": {"born_on": date(2026, 11, 24), "born_at": "09:31"}}, {"child": {"born_on": ["birth-in-the-future"]}}),
    ({"child": {"born_on": date(2026, 11, 24), "born_at": "09:30"}}, {}),
    ({"child": {"born_on": date(1904, 1, 1), "born_at": "09:30"}, "mother": {"nik": "1", "born_on": date(1880, 1, 1)}},
     {"child": {"born_on": ["birth-too-long-ago"]}}),
    ({"mother": {"nik": "1", "born_on": date(2020, 5, 5)}}, {"mother": {"born_on": ["mother-too-young"]}}),
    ({"mother": {"nik": "1", "born_on": date(2030, 5, 5)}}, {"mother": {"born_on": ["mother-too-young"]}}),
    ({"mother": {"nik": "1", "born_on": date(2016, 11, 20)}}, {}),
    ({"father": {"nik": "1271014502900001"}}, {"father": {"nik": ["parents-are-one"]}}),
    ({"witnesses": [{"nik": "1"}, {"nik": "1"}]}, {"witnesses": ["witness-twice"]}),
])  # fmt: skip
def test_what_cannot_be_is_named_by_its_field(other: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert impossible(details(**other), LIMITS) == wrong
