"""What is taken off is said: by which row, by whose decision, how much of what."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.rules.retribution import RULE_SETS, Impossible, calculate
from licensing.use_cases.permit_types import permit_types
from licensing.use_cases.reliefs import reliefs, reliefs_on
from licensing.use_cases.tariffs import rule_set
from smartcity.money import rupiah

from .test_properties_of_the_retribution import area, basement, new_building, old_building

PBG, IMB = "pp-16-2021", "permen-pu-24-2007"
TODAY, THEN = date(2026, 2, 10), date(2015, 2, 10)
Building = Callable[..., dict[str, Any]]


def computed(inputs: dict[str, Any], rules: str = PBG, day: date = TODAY) -> Any:
    return calculate(rules, rule_set(rules).tables, inputs, None, reliefs_on(rules, day))[0]


def grants(*codes: str) -> list[dict[str, str]]:
    return [{"kode": code} for code in codes]


def test_a_green_building_pays_a_share_less_and_the_steps_say_how_much_of_what(a_building: Building) -> None:
    found = computed(a_building(keringanan=[{"kode": "bangunan-gedung-hijau", "keputusan": "SK Wali Kota 12/2026"}]))
    assert (found.values["jumlah"], found.values["keringanan"], found.total_rp) == ("346680", {"bangunan-gedung-hijau": "86670"}, 260010)
    *_, gross, relief, total, total_rp = found.steps
    assert [step.symbol for step in (gross, relief, total, total_rp)] == ["jumlah", "keringanan.bangunan-gedung-hijau", "total", "total_rp"]
    assert relief.expression == "0.25 × nilai_bangunan"
    assert "UU 1/2022 Pasal 96" in relief.legal_basis and relief.legal_basis.endswith("SK Wali Kota 12/2026")
    assert total.expression == "jumlah − keringanan.bangunan-gedung-hijau"


def test_heritage_and_green_relief_add_up_and_their_order_changes_nothing(a_building: Building) -> None:
    one, other = (computed(a_building(keringanan=grants(*codes))) for codes in (("cagar-budaya", "bangunan-gedung-hijau"), ("bangunan-gedung-hijau", "cagar-budaya")))  # fmt: skip
    assert one.total_rp == other.total_rp == 86670
    assert one.values == other.values


def test_relief_of_the_building_leaves_its_infrastructure_charged(a_building: Building) -> None:
    fence = [{"nama": "Pagar", "volume": Decimal(60), "hspbg": Decimal(12000)}]
    assert computed(a_building(prasarana=fence, keringanan=grants("cagar-budaya"))).total_rp == 173340 + 720000


@given(new_building, basement)
def test_who_is_exempt_owes_nothing_whatever_is_built(building: dict[str, Any], below: dict[str, Any]) -> None:
    for exempt in ("rumah-ibadah", "rumah-mbr"):
        assert computed({**building, **below, "keringanan": grants(exempt)}).total_rp == 0


@given(old_building)
def test_a_building_of_government_owed_nothing_for_its_imb(building: dict[str, Any]) -> None:
    assert computed({**building, "biaya_formulir": Decimal(0), "keringanan": grants("bangunan-pemerintah-imb")}, IMB, THEN).total_rp == 0


@given(new_building, area)
def test_a_larger_building_never_costs_less_also_with_relief(building: dict[str, Any], more: Decimal) -> None:
    relieved = {**building, "keringanan": grants("cagar-budaya")}
    larger = {**relieved, "luas_lantai_m2": relieved["luas_lantai_m2"] + more}
    assert computed(larger).total_rp >= computed(relieved).total_rp


@given(new_building, st.lists(st.sampled_from(["bangunan-gedung-hijau", "cagar-budaya"]), min_size=1, unique=True))
def test_what_remains_and_what_was_taken_off_are_the_sum_before(building: dict[str, Any], codes: list[str]) -> None:
    values = computed({**building, "keringanan": grants(*codes)}).values
    taken = sum((Decimal(amount) for amount in values["keringanan"].values()), Decimal(0))
    assert Decimal(values["total"]) + taken == Decimal(values["jumlah"]) == Decimal(computed(building).values["total"])
    assert values["total_rp"] == rupiah(Decimal(values["total"]))


@pytest.mark.parametrize(
    ("codes", "path", "code"),
    [
        (["istana"], ("keringanan", 0, "kode"), "relief-not-given"),
        (["bangunan-pemerintah-imb"], ("keringanan", 0, "kode"), "relief-not-given"),
        (["cagar-budaya", "cagar-budaya"], ("keringanan", 1, "kode"), "given-twice"),
        (["rumah-ibadah", "cagar-budaya"], ("keringanan",), "relief-too-large"),
    ],
)
def test_relief_that_nobody_may_grant_is_refused(a_building: Building, codes: list[str], path: tuple[Any, ...], code: str) -> None:
    with pytest.raises(Impossible, match=code) as refused:
        computed(a_building(keringanan=grants(*codes)))
    assert refused.value.path == path


def test_relief_holds_from_its_day_on(a_building: Building) -> None:
    with pytest.raises(Impossible, match="relief-not-given"):
        computed(a_building(keringanan=grants("rumah-mbr")), day=date(2024, 11, 24))
    assert computed(a_building(keringanan=grants("rumah-mbr")), day=date(2024, 11, 25)).total_rp == 0


def test_every_row_has_its_legal_basis_dates_a_share_and_a_step_to_take_it_off() -> None:
    charged_by = {*RULE_SETS, *(kind.fee["tariff"] for kind in permit_types() if "tariff" in kind.fee)}
    assert len({row.code for row in reliefs()}) == len(reliefs())
    for row in reliefs():
        assert 0 < row.share <= 1 and row.legal_basis and row.valid_from and set(row.rule_sets) <= charged_by
        assert row.of == "jumlah" or all(row.of in rule_set(rules).tables["steps"] for rules in row.rule_sets)
        assert row.sample or ("contoh" not in row.legal_basis and "menunggu" not in row.legal_basis)
