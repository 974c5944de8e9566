"""Every verified worked example to the rupiah, with all that lies between."""

from decimal import Decimal
from typing import Any

from licensing.rules.retribution import calculate
from licensing.use_cases.tariffs import rule_set


def test_a_verified_example_is_reproduced_to_the_rupiah_with_its_intermediate_values(verified: dict[str, Any]) -> None:
    calculation, tariff_used = calculate(verified["rule_set"], rule_set(verified["rule_set"]).tables, verified["inputs"])
    assert calculation.values == verified["expected"]
    assert calculation.total_rp == verified["expected"]["total_rp"]
    assert not tariff_used


def test_the_published_figures_are_reproduced(verified: dict[str, Any]) -> None:
    published = verified["published"]
    if published is None:
        return
    values = calculate(verified["rule_set"], rule_set(verified["rule_set"]).tables, verified["inputs"])[0].values
    assert values["it"] == published["it"]
    assert values["nilai_bangunan"] == str(published["nilai_bangunan"])
    assert values["nilai_prasarana"] == [str(item) for item in published["prasarana"]]
    assert values["total_rp"] == published["total_rp"]


def test_every_step_says_its_formula_and_its_legal_basis_and_the_last_is_the_total(verified: dict[str, Any]) -> None:
    calculation, _ = calculate(verified["rule_set"], rule_set(verified["rule_set"]).tables, verified["inputs"])
    assert all(step.formula and step.legal_basis for step in calculation.steps)
    assert len({step.symbol for step in calculation.steps}) == len(calculation.steps)
    by_symbol = {step.symbol: step for step in calculation.steps}
    assert " × " in by_symbol["nilai_bangunan"].formula.partition(" (")[2]  # the numbers stand behind the formula
    assert (calculation.steps[-1].symbol, calculation.steps[-1].value) == ("total_rp", str(calculation.total_rp))


def test_the_published_worksheet_of_semarang_contradicts_itself(contradicting: dict[str, Any]) -> None:
    """Rp 4,617,850 was printed and billed, but no reading of its own lines gives it: the reason why every step is shown here."""
    sheet, published = contradicting["inputs"], contradicting["published"]
    terms = [Decimal(term) for term in sheet["terms_as_printed"]]
    printed_it, unit_price = Decimal(sheet["it_as_printed"]), Decimal(sheet["hsbg"])
    assert Decimal(sheet["indeks_fungsi_as_printed"]) * sum(terms) == Decimal("1.6125") != printed_it
    assert Decimal("0.15") * Decimal("0.40") == Decimal("0.06") != terms[2]  # fire risk rendah, printed as 0.60
    assert Decimal(sheet["luas_total_m2"]) * printed_it * unit_price == Decimal(4780125) != published["bangunan"]
    assert 151 * printed_it * unit_price == published["bangunan"]  # neither 151.5 nor 157.5 m2: the half metre was lost
    assert published["bangunan"] + published["administrasi"] == published["total_rp"]


def test_the_worksheet_of_semarang_computed_by_the_rules_gives_another_amount() -> None:
    """The same house by the tables: dwelling 0.50, fire risk rendah 0.06, zone II 0.03: Rp 421,312.50 + 35,000."""
    chosen = {
        "kompleksitas": "sederhana", "permanensi": "permanen", "risiko_kebakaran": "rendah", "zonasi_gempa": "II", "lokasi": "sedang",
        "ketinggian": "rendah", "kepemilikan": "perorangan",
    }  # fmt: skip
    inputs = {
        "fungsi": "hunian", "klasifikasi": chosen, "waktu_penggunaan": "tetap", "lingkup": "baru", "luas_m2": Decimal("157.5"),
        "hsbg": Decimal(10000), "biaya_formulir": Decimal(35000),
    }  # fmt: skip
    values = calculate("permen-pu-24-2007", rule_set("permen-pu-24-2007").tables, inputs)[0].values
    assert values["indeks_klasifikasi"] == "0.535"
    assert values["nilai_bangunan"] == "421312.5"
    assert values["total_rp"] == 456313
