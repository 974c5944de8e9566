"""Paths demand no more than they say; nobody sees more than they need."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.paths import read_paths
from civil_registry.rules.sight import Sight, masked, sight_of
from smartcity.identity_number import mask

FACTS: dict[str, Any] = {
    "papers": [{"kind": kind, "label": kind, "legal_basis": "x"} for kind in ("letter", "sptjm", "card")],
    "paths": [{
        "code": "p", "label": "P", "legal_basis": "x", "valid_from": date(2020, 1, 1), "valid_to": date(2026, 12, 31), "father": "required",
        "witnesses": 2, "citizenship": "WNI",
        "requirements": [{"code": "birth", "one_of": ["letter", "sptjm"]}, {"code": "card", "one_of": ["card"]}],
    }],
}  # fmt: skip
(PATH,) = read_paths(FACTS)


@given(st.sets(st.sampled_from(["letter", "sptjm", "card", "other"])))
def test_a_requirement_is_met_by_the_usual_paper_or_its_substitute(kinds: set[str]) -> None:
    missing = {requirement.code for requirement in PATH.missing(kinds)}
    assert ("birth" in missing) is not bool(kinds & {"letter", "sptjm"})
    assert ("card" in missing) is ("card" not in kinds)


def test_a_path_knows_its_papers_and_its_days() -> None:
    assert PATH.document_kinds == {"letter", "sptjm", "card"}
    assert [PATH.open_on(date(year, 6, 1)) for year in (2019, 2020, 2026, 2027)] == [False, True, True, False]


def test_a_path_says_who_must_be_named() -> None:
    whole = {"father": {"name": "A"}, "witnesses": [1, 2]}
    assert PATH.wrong_people(whole) == {}
    assert PATH.wrong_people({"witnesses": [1]}) == {"father": ["father-required"], "witnesses": ["witnesses-wrong-count"]}
    (alone,) = read_paths({**FACTS, "paths": [{**FACTS["paths"][0], "father": "refused"}]})
    assert alone.wrong_people(whole) == {"father": ["father-not-on-this-path"]}


@pytest.mark.parametrize("change", [{"father": "maybe"}, {"legal_basis": ""}, {"requirements": [{"code": "x", "one_of": ["unknown"]}]}])
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
