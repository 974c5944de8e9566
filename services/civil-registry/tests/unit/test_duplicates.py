"""Pairs of reports that must and that must not be shown to a person as perhaps one child."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civil_registry.rules.duplicates import Likely, compared, exchanged
from civil_registry.rules.spelling import folded, likeness, sound_keys
from civil_registry.use_cases.registry_data import duplicate_terms

TERMS = duplicate_terms()
SPELLING = TERMS.spelling
SAME_NAMES = [
    ("Soekarno", "Sukarno"), ("Djoko Tjipto", "Joko Cipto"), ("Jusuf Kalla", "Yusuf Kala"), ("Chairul Anwar", "Khairul Anwar"),
    ("Chairul Anwar", "Hairul Anwar"), ("Muhammad Rizki", "M. Rizky"), ("Mochamad Rizqi", "Muhamad Rizki"), ("Siti Aisyah", "Siti Aisah"),
    ("Abdoellah", "Abdullah"), ("Hj. Nur Aini", "Noer Aini"), ("Rachmat", "Rahmat"), ("Nurhaliza Lubis", "Nur Haliza Lubis"), ("Sjahrul", "Syahrul"),
    ("Zulkifli", "Dzulkifly"), ("Zainal Abidin", "Jaenal Abidin"), ("Fitriani", "Pitriani"), ("Sitti Fatimah", "Siti Patimah"),
    ("Drs. Ahmad Fauzi, S.H.", "Akhmad Fauzi"), ("Théo Ginting", "Teo Ginting"), ("Wahjoe", "Wahyu"), ("Nur Aisyah Siregar", "Nur Aisyah"),
    ("Muhammad", "Muhamad"), ("Rizki", "Riski"), ("NJOMAN SURYA", "Nyoman Surja"),
]  # fmt: skip
OTHER_NAMES = [
    ("Budi Santoso", "Andi Santoso"), ("Siti Aminah", "Siti Aisyah"), ("Nur Aisyah Siregar", "Nur Aini Siregar"), ("Nur Aisyah", "Nur Aminah"),
    ("Dewi Lestari", "Dwi Lestari"), ("Putra Siregar", "Putri Siregar"), ("Agus", "Bagus"), ("Rina Tarigan", "Rini Tarigan"), ("Ali", "Alia"),
    ("Ahmad Rizki", "Ahmad Fauzi"), ("Maria Simanjuntak", "Martha Simanjuntak"),
]  # fmt: skip
CHILD = Likely(
    name="Nur Aisyah Siregar", sex="female", born_on=date(2026, 2, 5), twin_order=0, mother=b"1", mother_name="Siti Lubis",
    father_name="Budi Siregar",
)  # fmt: skip
STRANGERS = {"mother": b"2", "mother_name": "Rina Tarigan", "father_name": "Hendra Sitompul"}
MUST: dict[str, dict[str, Any]] = {
    "written otherwise, a day off": {"name": "Noer Aisjah Siregar", "born_on": date(2026, 2, 6)},
    "another name, same mother and day": {"name": "Putri Ayu"},
    "same mother, two months later": {"name": "Putri Ayu", "born_on": date(2026, 4, 5)},
    "the mother's NIK mistaken": {"mother": b"3", "mother_name": "Sitti Loebis"},
    "the mother's NIK mistaken, day and month exchanged": {"mother": b"3", "born_on": date(2026, 5, 2)},
    "the mother's NIK mistaken, weeks off": {"mother": b"3", "born_on": date(2026, 2, 25)},
    "reported by a mother alone": {"father_name": None, "mother": b"3"},
    "the sex mistaken": {"sex": "male"},
    "a twin nobody spoke of": {"name": "Nur Aminah Siregar"},
    "one of twins, the other side silent": {"twin_order": 1},
}
MUST_NOT: dict[str, dict[str, Any]] = {
    "same name and day, of strangers": STRANGERS,
    "an older sister": {"name": "Nur Aini Siregar", "born_on": date(2024, 2, 5)},
    "an older sister of almost the same name": {"name": "Nur Aisyah Putri Siregar", "born_on": date(2024, 1, 5)},
    "same day, nothing else": {**STRANGERS, "name": "Putri Ayu"},
    "parents of the same names, another child": {"mother": b"3", "name": "Putri Ayu", "born_on": date(2026, 2, 20)},
}


@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_names_written_in_two_ways_are_found_by_sound_and_are_alike(one: str, other: str) -> None:
    assert sound_keys(one, SPELLING) & sound_keys(other, SPELLING)
    assert likeness(one, other, SPELLING) == likeness(other, one, SPELLING) >= TERMS.name_alike


@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_other_names_are_not_alike(one: str, other: str) -> None:
    assert likeness(one, other, SPELLING) < TERMS.name_alike


@pytest.mark.parametrize("change", MUST.values(), ids=MUST)
def test_a_pair_that_a_person_must_see(change: dict[str, Any]) -> None:
    assert compared(CHILD, replace(CHILD, **change), TERMS).points >= TERMS.suspicious


@pytest.mark.parametrize("change", MUST_NOT.values(), ids=MUST_NOT)
def test_a_pair_that_nobody_is_troubled_with(change: dict[str, Any]) -> None:
    assert compared(CHILD, replace(CHILD, **change), TERMS).points < TERMS.suspicious


def test_twins_that_were_told_are_two_and_foundlings_of_one_name_and_day_are_seen() -> None:
    assert compared(replace(CHILD, twin_order=1), replace(CHILD, twin_order=2), TERMS).points == 0
    assert compared(replace(CHILD, filing="f"), replace(CHILD, filing="f", name="Nur Aminah Siregar"), TERMS).points < TERMS.suspicious
    nobody = replace(CHILD, mother=None, mother_name=None, father_name=None)
    assert compared(nobody, nobody, TERMS).points >= TERMS.suspicious


def test_the_reasons_add_up_and_the_weightiest_stands_first() -> None:
    score = compared(CHILD, replace(CHILD, born_on=date(2026, 2, 6)), TERMS)
    assert score.points == sum(points for _, points in score.reasons)
    assert score.reasons[0][0] == "same-mother" and {"name-alike", "days-apart-few"} <= {code for code, _ in score.reasons}


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)))
def test_a_date_exchanged_twice_is_itself(day: date) -> None:
    other = exchanged(day)
    assert other is None or (other != day and exchanged(other) == day)


@given(st.text(min_size=1, max_size=60))
def test_any_name_has_sounds_and_is_like_itself(name: str) -> None:
    assert sound_keys(name, SPELLING) and folded(name, SPELLING)
    assert likeness(name, name, SPELLING) == 1


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
@example("1:2", "2:0")
def test_likeness_is_between_nothing_and_one_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other, SPELLING) <= 1
    assert likeness(one, other, SPELLING) == pytest.approx(likeness(other, one, SPELLING))


def test_which_word_is_paired_first_does_not_decide() -> None:
    assert likeness("1:2", "2:0", SPELLING) == likeness("2:0", "1:2", SPELLING) == 0.25
