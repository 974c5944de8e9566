"""Conditions on answers, exact where numbers are written as texts."""

from typing import Any

import pytest

from licensing.rules.conditions import compared, holds, named
from licensing.use_cases.permit_types import permit_type

HOUSE = {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"}


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ({"fungsi": {"one_of": ["usaha", "hunian_kecil"]}}, True),
        ({"fungsi": {"one_of": ["usaha"]}}, False),
        ({"luas_lantai_m2": {"at_most": 72}}, True),
        ({"luas_lantai_m2": {"at_most": "71.99"}}, False),
        ({"luas_lantai_m2": {"below": 72}}, False),
        ({"luas_lantai_m2": {"below": 73, "per": "jumlah_lantai"}}, True),
        ({"lapis_basemen": {"at_most": 0}}, True),
        ({"lapis_basemen": {"at_least": 1}}, False),
        ({"jumlah_lantai": {"at_least": 1, "at_most": 1}, "fungsi": {"one_of": ["usaha"]}}, False),
    ],
)  # fmt: skip
def test_a_condition_fits_when_all_its_tests_pass(condition: Any, fits: bool) -> None:
    assert holds([condition], HOUSE) is fits
    assert holds([{"fungsi": {"one_of": ["no"]}}, condition], HOUSE) is fits


def test_no_condition_fits_nothing() -> None:
    assert holds([], HOUSE) is False


def test_what_a_condition_names_is_known() -> None:
    conditions = [{"a": {"below": 1, "per": "b"}, "c": {"one_of": ["x"]}}]
    assert (named(conditions), compared(conditions)) == ({"a", "b", "c"}, {"a", "b"})


@pytest.mark.parametrize(
    ("answers", "track", "days"),
    [
        (HOUSE, "simple-house", (3, 2)),
        ({**HOUSE, "luas_lantai_m2": "72.01"}, None, (3, 25)),
        ({**HOUSE, "jumlah_lantai": 2, "luas_lantai_m2": 90}, "simple-house", (3, 2)),
        ({**HOUSE, "jumlah_lantai": 2, "luas_lantai_m2": 91}, None, (3, 25)),
        ({**HOUSE, "lapis_basemen": 1, "luas_basemen_m2": 10}, None, (3, 25)),
        ({**HOUSE, "fungsi": "khusus"}, "special-function", (3, 37)),
        ({**HOUSE, "fungsi": "usaha"}, None, (3, 25)),
    ],
)  # fmt: skip
def test_who_examines_a_building_and_how_long_follows_from_the_answers(answers: Any, track: str | None, days: tuple[int, int]) -> None:
    kind = permit_type("PBG")
    found = kind.track(answers)
    assert (found and found["code"]) == track
    steps = kind.steps_for(answers)
    assert (steps["complete"]["days"], steps["in_examination"]["days"]) == days
    assert all(step["clock"] == "hari kerja" and "PP 16/2021" in step["legal_basis"] for step in steps.values())


@pytest.mark.parametrize(
    ("change", "fields", "code"),
    [
        ({"lapis_basemen": 1}, {"luas_basemen_m2"}, "basement-contradicts"),
        ({"luas_basemen_m2": "10"}, {"lapis_basemen"}, "basement-contradicts"),
        ({"jumlah_lantai": 13}, {"jumlah_lantai", "luas_lantai_m2"}, "floors-contradict"),
        ({"jumlah_lantai": 3, "luas_lantai_m2": 300}, {"fungsi", "jumlah_lantai"}, "floors-contradict"),
    ],
)  # fmt: skip
def test_floors_that_contradict_their_areas_are_named(change: Any, fields: set[str], code: str) -> None:
    wrong = permit_type("PBG").wrong_answers({**HOUSE, **change})
    assert set(wrong) == fields
    assert {found for codes in wrong.values() for found in codes} == {code}
    assert permit_type("PBG").wrong_answers({**HOUSE, "jumlah_lantai": 12}) == {}
