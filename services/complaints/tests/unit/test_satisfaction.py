"""The index: the published and derived examples exactly, its bounds, and the grades without gaps."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.rules.satisfaction import index, mean, rounded
from complaints.use_cases.satisfaction import instruments

EXAMPLES = json.loads((Path(__file__).parent / "data" / "skm-examples.json").read_text())["examples"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_the_examples_come_out_exactly(example: dict[str, Any]) -> None:
    asked, inputs, expected = instruments()[example["bands"]], example["inputs"], example["expected"]
    means = [Fraction(value) for value in inputs["nrr"]]
    if inputs["sum_per_element"]:
        assert means == [mean(total, inputs["respondents"]) for total in inputs["sum_per_element"]]
    weight = Fraction(inputs["weight"][0] if isinstance(inputs["weight"], list) else inputs["weight"])
    found = index(means, asked.bands, weight)
    places = Decimal(1).scaleb(Decimal(expected["index_1_to_4"]).as_tuple().exponent)  # type: ignore[arg-type]
    assert rounded(found.value, places) == Decimal(expected["index_1_to_4"])
    assert (str(found.ikm), found.grade) == (expected["ikm"], expected["mutu"])


@pytest.mark.parametrize("code", sorted(instruments()))
@given(scores=st.lists(st.integers(100, 400), min_size=1, max_size=14))
def test_every_index_lies_between_25_and_100_and_has_its_grade(code: str, scores: list[int]) -> None:
    bands = instruments()[code].bands
    found = index([Fraction(score, 100) for score in scores], bands)
    assert 25 <= found.ikm <= 100
    better = [grade for grade, least in bands.items() if found.ikm >= least]
    assert found.grade == min(better)


def test_all_fours_are_a_hundred_exactly_and_less_with_the_printed_weight() -> None:
    for code, least in (("permenpan-rb-14-2017", "99.90"), ("kepmenpan-25-2004", "99.40")):
        asked = instruments()[code]
        fours = [Fraction(4)] * len(asked.elements)
        assert str(index(fours, asked.bands).ikm) == "100.00"
        assert str(index(fours, asked.bands, asked.printed_weight).ikm) == least
    assert {len(asked.elements) for asked in instruments().values()} == {9, 14}


@pytest.mark.parametrize(("ikm", "grade"), [("64.99", "D"), ("65.00", "C"), ("76.60", "C"), ("76.61", "B"), ("88.30", "B"), ("88.31", "A")])
def test_between_two_grades_is_no_gap(ikm: str, grade: str) -> None:
    assert index([Fraction(ikm) / 25], instruments()["permenpan-rb-14-2017"].bands).grade == grade
