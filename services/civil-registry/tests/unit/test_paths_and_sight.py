"""Paths demand no more than they say; nobody sees more than they need."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.paths import read_circumstances, read_papers, read_paths, wrong_circumstances
from civil_registry.rules.sight import Sight, masked, sight_of
from smartcity.identity_number import mask

FACTS: dict[str, Any] = {
    "papers": [{"kind": kind, "label": kind, "legal_basis": "x"} for kind in ("letter", "sptjm", "card")],
    "questions": {"mother": "required", "father": "required", "father.nik": "required"},
    "wordings": [{"code": "w", "line": "dari", "note": "", "legal_basis": "x"}],
    "paths": [{
        "code": "p", "label": "P", "legal_basis": "x", "valid_from": date(2020, 1, 1), "valid_to": date(2026, 12, 31), "wording": "w",
        "witnesses": 2, "citizenship": "WNI", "questions": {"mother": "optional"},
        "requirements": [{"code": "birth", "one_of": ["letter", "sptjm"]}, {"code": "card", "one_of": ["card"]}],
    }],
}  # fmt: skip
CIRCUMSTANCES: dict[str, Any] = {"circumstances": [
    {
        "code": code, "label": code, "legal_basis": "x", "valid_from": date(2020, 1, 1), "valid_to": None, "told_by": told_by, "not_on": ["q"],
        "not_with": not_with, "questions": {"father.nik": "optional"}, "requirements": [{"code": "birth", "one_of": ["sptjm"]}],
    }
    for code, told_by, not_with in (("a", "parent", []), ("b", "parent", ["a"]), ("late", "dates", []))
]}  # fmt: skip
(PATH,) = read_paths(FACTS)
KNOWN = read_circumstances(CIRCUMSTANCES, read_papers(FACTS))


@given(st.sets(st.sampled_from(["letter", "sptjm", "card", "other"])))
def test_a_requirement_is_met_by_the_usual_paper_or_its_substitute(kinds: set[str]) -> None:
    missing = {requirement.code for requirement in PATH.missing(kinds)}
    assert ("birth" in missing) is not bool(kinds & {"letter", "sptjm"})
    assert ("card" in missing) is ("card" not in kinds)


def test_a_path_knows_its_papers_and_its_days() -> None:
    assert PATH.document_kinds == {"letter", "sptjm", "card"}
    assert [PATH.open_on(date(year, 6, 1)) for year in (2019, 2020, 2026, 2027)] == [False, True, True, False]


def test_a_path_says_who_must_be_named() -> None:
    whole = {"father": {"name": "A", "nik": "1"}, "witnesses": [1, 2]}
    assert PATH.wrong_answers(whole) == {}
    assert PATH.wrong_answers({"witnesses": [1]}) == {"father": ["path-needs-this"], "witnesses": ["witnesses-wrong-count"]}
    assert PATH.wrong_answers({**whole, "father": {"name": "A"}}) == {"father": {"nik": ["path-needs-this"]}}
    (alone,) = read_paths({**FACTS, "paths": [{**FACTS["paths"][0], "questions": {"father": "refused"}}]})
    assert alone.wrong_answers({**whole, "mother": {"name": "B"}}) == {"father": ["path-refuses-this"]}


def test_a_circumstance_changes_questions_and_takes_the_place_of_a_requirement() -> None:
    under = PATH.under([KNOWN[0]])
    assert under.document_kinds == {"sptjm", "card"} and under.questions["father.nik"] == "optional"
    assert [need.code for need in under.requirements] == ["birth", "card"]
    assert PATH.document_kinds == {"letter", "sptjm", "card"}


@pytest.mark.parametrize(("told", "path", "day", "code"), [
    (["a"], "p", date(2020, 1, 1), None), ([], "p", date(2019, 1, 1), None), (["a"], "p", date(2019, 12, 31), "circumstance-not-on-this-path"),
    (["a"], "q", date(2020, 1, 1), "circumstance-not-on-this-path"), (["x"], "p", date(2020, 1, 1), "circumstance-unknown"),
    (["late"], "p", date(2020, 1, 1), "circumstance-unknown"), (["a", "b"], "p", date(2020, 1, 1), "circumstances-exclude-each-other"),
])  # fmt: skip
def test_only_what_a_parent_tells_and_what_may_hold_is_told(told: list[str], path: str, day: date, code: str | None) -> None:
    assert wrong_circumstances(told, path, KNOWN, day) == code


@pytest.mark.parametrize(
    "change",
    [
        {"questions": {"father": "maybe"}},
        {"wording": "none"},
        {"legal_basis": ""},
        {"requirements": [{"code": "x", "one_of": ["unknown"]}]},
    ],
)
def test_a_broken_path_stops_the_start(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_paths({**FACTS, "paths": [{**FACTS["paths"][0], **change}]})


@pytest.mark.parametrize(("roles", "own", "sight"), [
    ({"citizen"}, True, Sight.FULL), ({"citizen"}, False, Sight.NONE), ({"officer"}, False, Sight.FULL), ({"registrar"}, False, Sight.FULL),
    ({"signer"}, False, Sight.MASKED), ({"head"}, False, Sight.MASKED), ({"auditor"}, False, Sight.NONE), ({"admin"}, False, Sight.NONE),
    ({"head", "officer"}, False, Sight.FULL),
])  # fmt: skip
def test_everybody_sees_what_they_need(roles: set[str], own: bool, sight: Sight) -> None:
    assert sight_of(roles, own=own) is sight


def test_masking_reaches_every_number_and_leaves_the_rest() -> None:
    mother = {"nik": "1271014502900001", "name": "Ani"}
    shown = {"family_card_no": "1271011203150007", "father": None, "mother": mother, "witnesses": [{"nik": None}]}
    assert masked(shown, mask) == {
        "family_card_no": "127101******0007",
        "father": None,
        "mother": {"nik": "127101******0001", "name": "Ani"},
        "witnesses": [{"nik": None}],
    }
