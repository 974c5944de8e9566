"""Mistakes seen in public code, each with a building on which it would change the bill."""

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from licensing.rules.retribution import Impossible, calculate
from licensing.use_cases.tariffs import rule_set

Building = Callable[..., dict[str, Any]]
PBG, IMB = "pp-16-2021", "permen-pu-24-2007"


def computed(inputs: dict[str, Any], rules: str = PBG) -> dict[str, Any]:
    return dict(calculate(rules, rule_set(rules).tables, inputs)[0].values)


def test_the_integrated_index_is_not_rounded_to_two_decimals(a_building: Building) -> None:
    values = computed(a_building(fungsi="hunian_besar", kompleksitas="tidak_sederhana", jumlah_lantai=3, luas_lantai_m2=Decimal(240)))
    rounded = Decimal(values["it"]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert values["it"] == "0.2652"
    assert values["total_rp"] == 1702584
    assert 240 * rounded * Decimal("0.005") * 5350000 == 1733400  # what the rounded index would have cost


def test_the_height_coefficient_is_not_cut_to_three_decimals(a_building: Building) -> None:
    values = computed(
        a_building(jumlah_lantai=4, luas_lantai_m2=Decimal(700), lapis_basemen=2, luas_basemen_m2=Decimal(300), fungsi="usaha")
    )
    assert values["ip_ketinggian"] == "1.1842"
    cut = Decimal("1.1842").quantize(Decimal("0.001"), ROUND_DOWN)
    with_cut = 1000 * Decimal("0.7") * (Decimal("0.7") + Decimal("0.5") * cut) * Decimal("0.005") * 5350000
    assert Decimal(values["nilai_bangunan"]) - with_cut == Decimal("1872.5")


def test_a_height_coefficient_without_end_does_not_touch_the_money(a_building: Building) -> None:
    values = computed(a_building(jumlah_lantai=2, luas_lantai_m2=Decimal(2), lapis_basemen=1, luas_basemen_m2=Decimal(1)))
    assert values["ip_ketinggian"].startswith("1.12566666666")
    exact = Decimal("0.15") * (3 * Decimal("0.7") + Decimal("0.5") * Decimal("3.377")) * Decimal("0.005") * 5350000
    assert Decimal(values["nilai_bangunan"]) == exact


def test_the_coefficient_of_the_storeys_counts_and_not_their_number(a_building: Building) -> None:
    assert computed(a_building(jumlah_lantai=7))["ip_ketinggian"] == "1.236"


@pytest.mark.parametrize(("storeys", "coefficient"), [(1, "1"), (60, "1.862"), (61, "1.865"), (80, "1.922")])
def test_the_storey_coefficient_goes_on_above_sixty_storeys(a_building: Building, storeys: int, coefficient: str) -> None:
    assert computed(a_building(jumlah_lantai=storeys))["ip_ketinggian"] == coefficient


@pytest.mark.parametrize(("levels", "coefficient"), [(1, "1.0985"), (3, "1.1965"), (4, "1.2465")])
def test_a_basement_has_its_own_coefficient(a_building: Building, levels: int, coefficient: str) -> None:
    values = computed(a_building(lapis_basemen=levels, luas_basemen_m2=Decimal(72)))
    assert (values["llt"], values["ip_ketinggian"]) == ("144", coefficient)


def test_a_tower_on_a_podium_has_the_coefficient_of_each_part(a_building: Building) -> None:
    """Σ(LLi × KL) over the parts: neither the highest storey number nor the average counts for the whole."""
    tower = {"jumlah_lantai": 10, "luas_lantai_m2": Decimal(1000)}
    values = computed(
        a_building(jumlah_lantai=3, luas_lantai_m2=Decimal(3000), lapis_basemen=2, luas_basemen_m2=Decimal(1000), bagian_lain=[tower])
    )
    assert values["llt"] == "5000"
    assert Decimal(values["ip_ketinggian"]) == (3000 * Decimal("1.120") + 1000 * Decimal("1.299") + 1000 * Decimal("1.333")) / 5000


def test_a_part_that_cannot_be_is_refused_by_its_place(a_building: Building) -> None:
    fine = {"jumlah_lantai": 2, "luas_lantai_m2": Decimal(10)}
    for wrong, field in (({"luas_lantai_m2": Decimal(0)}, "luas_lantai_m2"), ({"lapis_basemen": 1}, "luas_basemen_m2")):
        with pytest.raises(Impossible) as refused:
            computed(a_building(bagian_lain=[fine, {**fine, **wrong}]))
        assert refused.value.path == ("bagian_lain", 1, field)


@pytest.mark.parametrize(
    ("area", "storeys", "classes"),
    [
        ("90", 3, ("hunian_kecil", "hunian_besar")), ("100", 1, ("hunian_kecil", "hunian_besar")), ("60", 2, ("hunian_kecil", "hunian_besar")),
        ("600", 1, ("ganda_kecil", "ganda_besar")), ("500", 2, ("ganda_kecil", "ganda_besar")),
    ],
)  # fmt: skip
def test_where_the_classes_leave_a_gap_the_officer_s_choice_counts(
    a_building: Building, area: str, storeys: int, classes: tuple[str, str]
) -> None:
    """Neither "< 100 m2 and < 2 floors" nor "> 100 m2 and > 2 floors" fits: nothing is derived, both are computed as chosen."""
    for chosen in classes:
        values = computed(a_building(fungsi=chosen, luas_lantai_m2=Decimal(area), jumlah_lantai=storeys))
        index = Decimal(rule_set(PBG).tables["indeks_fungsi"][chosen]["indeks"])
        assert Decimal(values["it"]) == index * Decimal(values["sigma"])


def test_half_a_percent_typed_as_a_half_is_refused(a_building: Building) -> None:
    with pytest.raises(Impossible) as refused:
        computed(a_building(ilo=Decimal("0.5")))
    assert (refused.value.path, refused.value.code) == (("ilo",), "ilo-too-high")
    assert computed(a_building(ilo=Decimal("0.005")))["total_rp"] == 346680


def test_known_wrong_copies_of_the_tables_were_not_copied() -> None:
    tables = rule_set(PBG).tables
    assert tables["ibg"]["rehabilitasi_sedang"] == "0.225"
    assert tables["koefisien_lantai"][7] == "1.236"


def test_the_weights_of_both_rule_sets_add_up_to_one() -> None:
    assert sum(Decimal(weight) for weight in rule_set(PBG).tables["bobot"].values()) == 1
    assert sum(Decimal(row["bobot"]) for row in rule_set(IMB).tables["klasifikasi"].values()) == 1


def test_complexity_is_the_chosen_class_and_not_derived_from_the_area(a_building: Building) -> None:
    large = computed(a_building(luas_lantai_m2=Decimal(5000)))
    assert large["terms"]["kompleksitas"] == "0.3"


@pytest.mark.parametrize("change", [
    {"luas_lantai_m2": Decimal(0)}, {"luas_lantai_m2": Decimal(-1)}, {"luas_lantai_m2": Decimal("NaN")}, {"luas_lantai_m2": Decimal("Infinity")},
    {"fungsi": "pabrik"}, {"kompleksitas": "khusus"}, {"permanensi": "darurat"}, {"kepemilikan": "asing"}, {"jenis_pekerjaan": "bongkar"},
    {"ilo": Decimal("0.0050001")}, {"ilo": Decimal(-1)}, {"shst": Decimal(-1)}, {"jumlah_lantai": 0}, {"lapis_basemen": 1},
    {"luas_basemen_m2": Decimal(10)}, {"luas_lantai_m2": Decimal(10) ** 14},
])  # fmt: skip
def test_only_the_impossible_is_refused_and_the_field_is_named(a_building: Building, change: dict[str, Any]) -> None:
    named = {"lapis_basemen": "luas_basemen_m2", "luas_basemen_m2": "lapis_basemen"}
    with pytest.raises(Impossible) as refused:
        computed(a_building(**change))
    (field,) = change
    assert refused.value.path == (named.get(field, field),)


def test_a_classification_that_is_missing_unknown_or_too_many_is_refused(an_old_building: Building) -> None:
    full = an_old_building()["klasifikasi"]
    for chosen, field in (
        ({name: value for name, value in full.items() if name != "lokasi"}, "lokasi"),
        ({**full, "zonasi_gempa": "VII"}, "zonasi_gempa"),
        ({**full, "warna": "merah"}, "warna"),
    ):
        with pytest.raises(Impossible) as refused:
            computed(an_old_building(klasifikasi=chosen), IMB)
        assert refused.value.path == ("klasifikasi", field)


def test_an_item_without_volume_is_refused(a_building: Building) -> None:
    item = {"nama": "Pagar", "volume": Decimal(0), "indeks": Decimal(1), "hspbg": Decimal(500)}
    with pytest.raises(Impossible) as refused:
        computed(a_building(prasarana=[item]))
    assert refused.value.path == ("prasarana", 0, "volume")
