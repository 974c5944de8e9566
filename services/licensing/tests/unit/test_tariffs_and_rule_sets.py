"""Which rules and which prices hold for which date."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from licensing.rules.retribution import RULE_SETS
from licensing.use_cases.retribution_estimates import asked, computed
from licensing.use_cases.tariffs import rule_set_on, tariff_on, tariffs
from smartcity.errors import InputWrong

Building = Callable[..., dict[str, Any]]
NOW = datetime(2026, 2, 10, 3, tzinfo=UTC)


def estimate(rules: str, inputs: dict[str, Any], now: datetime) -> dict[str, Any]:
    found, day = asked({"rule_set": rules}, now)
    return computed(found, inputs, day)


@pytest.mark.parametrize(
    ("day", "name"), [(date(2020, 12, 31), "permen-pu-24-2007"), (date(2021, 1, 1), "pp-16-2021"), (date(2026, 2, 10), "pp-16-2021")]
)
def test_the_date_of_the_application_decides_the_rule_set(day: date, name: str) -> None:
    assert rule_set_on(day).name == name


def test_no_rule_set_is_invented_for_a_date_without_one() -> None:
    with pytest.raises(LookupError):
        rule_set_on(date(1999, 1, 1))


def test_the_tariffs_of_a_rule_set_neither_overlap_nor_leave_a_gap() -> None:
    for name in RULE_SETS:
        dated = sorted((tariff for tariff in tariffs() if tariff.rule_set == name), key=lambda tariff: tariff.valid_from)
        for earlier, later in pairwise(dated):
            assert earlier.valid_to is not None
            assert (later.valid_from - earlier.valid_to).days == 1


def test_prices_that_are_left_out_come_from_the_tariff_of_the_date_and_the_answer_says_it_is_a_sample(a_building: Building) -> None:
    inputs = a_building(prasarana=[{"nama": "Pagar", "volume": Decimal(60), "indeks": Decimal(1)}])
    del inputs["shst"], inputs["ilo"]
    answer = estimate("pp-16-2021", inputs, NOW)
    assert answer["tariff"]["sample"] is True
    assert answer["tariff"]["code"] == "medan-pbg-sample-2024"
    bases = {step["symbol"]: step["legal_basis"] for step in answer["steps"]}
    assert bases["SHST"].startswith("contoh") and bases["Ilo"].startswith("contoh") and bases["nilai_prasarana.1"].startswith("contoh")
    assert answer["total_rp"] == 346680 + 720000


def test_prices_that_are_given_need_no_tariff(a_building: Building) -> None:
    assert estimate("pp-16-2021", a_building(), NOW)["tariff"] is None


def test_an_imb_estimate_today_takes_the_last_tariff_of_its_period(an_old_building: Building) -> None:
    inputs = an_old_building(prasarana=[])
    del inputs["hsbg"]
    answer = estimate("permen-pu-24-2007", inputs, NOW)
    assert answer["tariff"]["code"] == "medan-imb-sample-2012"
    assert answer["total_rp"] == 317500


def test_an_item_the_tariff_does_not_know_needs_its_price(a_building: Building) -> None:
    items = [{"nama": "Pagar", "volume": Decimal(1)}, {"nama": "Menara", "volume": Decimal(1)}]
    with pytest.raises(InputWrong) as refused:
        estimate("pp-16-2021", a_building(prasarana=items), NOW)
    assert refused.value.errors == {"inputs": {"prasarana": {"1": {"hspbg": ["unit-price-needed"]}}}}


def test_the_chosen_class_is_echoed(a_building: Building) -> None:
    assert estimate("pp-16-2021", a_building(fungsi="hunian_besar", luas_lantai_m2=Decimal(20)), NOW)["fungsi"] == "hunian_besar"


def test_every_tariff_has_its_legal_basis_and_dates() -> None:
    assert all(tariff.legal_basis and tariff.valid_from for tariff in tariffs())
    assert tariff_on("pp-16-2021", date(2022, 1, 1)) is not tariff_on("pp-16-2021", date(2024, 1, 1))
