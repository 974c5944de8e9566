"""What holds for every building."""

from decimal import Decimal, localcontext
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from licensing.rules.retribution import calculate
from licensing.use_cases.tariffs import rule_set
from smartcity.money import rupiah

PBG, IMB = "pp-16-2021", "permen-pu-24-2007"
TABLES = {name: rule_set(name).tables for name in (PBG, IMB)}
area = st.decimals("0.01", "100000", places=2)
price = st.decimals("0", "10000000", places=0)
index = st.decimals("0", "3", places=3)


def pick(table: dict[str, Any]) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(table))


new_item = st.fixed_dictionaries({"nama": st.just("Pagar"), "volume": area, "indeks": index, "ibg": index, "hspbg": price})
old_item = st.fixed_dictionaries({"nama": st.just("Pagar"), "volume": area, "indeks": index, "hspbg": price})
new_building = st.fixed_dictionaries({
    "fungsi": pick(TABLES[PBG]["indeks_fungsi"]), "kompleksitas": pick(TABLES[PBG]["indeks"]["kompleksitas"]),
    "permanensi": pick(TABLES[PBG]["indeks"]["permanensi"]), "jumlah_lantai": st.integers(1, 100), "luas_lantai_m2": area,
    "kepemilikan": pick(TABLES[PBG]["faktor_kepemilikan"]), "ilo": st.decimals("0", "0.005", places=6), "shst": price,
    "jenis_pekerjaan": pick(TABLES[PBG]["ibg"]), "prasarana": st.lists(new_item, max_size=4),
})  # fmt: skip
basement = st.one_of(st.just({}), st.fixed_dictionaries({"lapis_basemen": st.integers(1, 8), "luas_basemen_m2": area}))
old_building = st.fixed_dictionaries({
    "fungsi": pick(TABLES[IMB]["fungsi"]),
    "klasifikasi": st.fixed_dictionaries({name: pick(row["indeks"]) for name, row in TABLES[IMB]["klasifikasi"].items()}),
    "waktu_penggunaan": pick(TABLES[IMB]["waktu_penggunaan"]), "lingkup": pick(TABLES[IMB]["tk"]), "luas_m2": area, "hsbg": price,
    "prasarana": st.lists(old_item, max_size=4), "biaya_formulir": price,
})  # fmt: skip


def values(rules: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return dict(calculate(rules, TABLES[rules], inputs)[0].values)


def parts(found: dict[str, Any], *more: Decimal) -> Decimal:
    """Their sum, exact to the last digit: the usual 28 digits are too few for a large house with a tiny fence."""
    with localcontext(prec=100):
        return sum((Decimal(item) for item in found["nilai_prasarana"]), Decimal(found["nilai_bangunan"])) + sum(more, Decimal(0))


@given(new_building, basement, area)
def test_a_larger_pbg_building_never_costs_less(building: dict[str, Any], below: dict[str, Any], more: Decimal) -> None:
    building = {**building, **below}
    larger = {**building, "luas_lantai_m2": building["luas_lantai_m2"] + more}
    assert values(PBG, larger)["total_rp"] >= values(PBG, building)["total_rp"]


@given(old_building, area)
def test_a_larger_imb_building_never_costs_less(building: dict[str, Any], more: Decimal) -> None:
    assert values(IMB, {**building, "luas_m2": building["luas_m2"] + more})["total_rp"] >= values(IMB, building)["total_rp"]


@given(new_building, basement)
def test_pbg_houses_of_worship_and_of_the_state_owe_nothing_for_the_building(building: dict[str, Any], below: dict[str, Any]) -> None:
    for exempt in ({"fungsi": "keagamaan"}, {"kepemilikan": "negara"}):
        assert values(PBG, {**building, **below, **exempt})["nilai_bangunan"] == "0"


@given(old_building)
def test_imb_houses_of_worship_owe_nothing_for_the_building(building: dict[str, Any]) -> None:
    for exempt in ("keagamaan", "sosial_budaya_negara"):
        assert values(IMB, {**building, "fungsi": exempt})["nilai_bangunan"] == "0"


@given(new_building, basement)
def test_a_pbg_total_is_the_sum_of_its_parts_rounded_once(building: dict[str, Any], below: dict[str, Any]) -> None:
    found = values(PBG, {**building, **below})
    assert Decimal(found["total"]) == parts(found)
    assert found["total_rp"] == rupiah(parts(found))


@given(old_building)
def test_an_imb_total_is_the_sum_of_its_parts_rounded_once(building: dict[str, Any]) -> None:
    found = values(IMB, building)
    assert Decimal(found["total"]) == parts(found, building["biaya_formulir"])
    assert found["total_rp"] == rupiah(Decimal(found["total"]))


@given(new_building, st.randoms())
def test_the_order_of_items_and_fields_changes_nothing(building: dict[str, Any], chance: Any) -> None:
    items, fields = list(building["prasarana"]), list(building.items())
    chance.shuffle(items)
    chance.shuffle(fields)
    assert values(PBG, {**dict(fields), "prasarana": items})["total_rp"] == values(PBG, building)["total_rp"]


@given(new_building, basement, area, st.integers(1, 60), area)
def test_parts_cost_what_the_whole_does_and_their_order_changes_nothing(
    building: dict[str, Any], below: dict[str, Any], more: Decimal, storeys: int, other: Decimal
) -> None:
    same = {"jumlah_lantai": building["jumlah_lantai"], "luas_lantai_m2": more}
    different = {"jumlah_lantai": storeys, "luas_lantai_m2": other}
    whole = {**building, **below, "luas_lantai_m2": building["luas_lantai_m2"] + more, "bagian_lain": [different]}
    for parts in ([same, different], [different, same]):
        assert values(PBG, {**building, **below, "bagian_lain": parts})["total_rp"] == values(PBG, whole)["total_rp"]


@given(old_building, st.randoms())
def test_the_order_of_classifications_changes_nothing(building: dict[str, Any], chance: Any) -> None:
    chosen = list(building["klasifikasi"].items())
    chance.shuffle(chosen)
    assert values(IMB, {**building, "klasifikasi": dict(chosen)}) == values(IMB, building)


@given(new_building, basement)
def test_the_shown_values_recompute_the_building_where_the_quotient_ends(building: dict[str, Any], below: dict[str, Any]) -> None:
    building = {**building, **below}
    found = values(PBG, building)
    assume(len(found["ip_ketinggian"]) < 12)
    again = Decimal(found["llt"]) * building["ilo"] * building["shst"] * Decimal(found["it"])
    assert again * Decimal(TABLES[PBG]["ibg"][building["jenis_pekerjaan"]]) == Decimal(found["nilai_bangunan"])
