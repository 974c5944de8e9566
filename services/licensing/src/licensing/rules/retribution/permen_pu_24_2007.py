"""IMB retribution by Permen PU 24/PRT/M/2007. Indices come in as data; nothing is rounded but the total.

indeks klasifikasi = Σ(bobot × indeks)                seven classifications
It = indeks fungsi × indeks klasifikasi × indeks waktu penggunaan
nilai bangunan = L × It × Tk × HSbg
nilai prasarana = V × I × Tk × HSpbg
total = bangunan + Σ prasarana + biaya formulir
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from licensing.rules.retribution.steps import (
    Calculation,
    Impossible,
    Sheet,
    Tables,
    exact,
    looked_up,
    not_negative,
    plain,
    positive,
    product,
)

ONE, ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Item:
    """One infrastructure item: volume × index × Tk × unit price (Rp)."""

    nama: str
    volume: Decimal
    hspbg: Decimal
    indeks: Decimal = ONE


@dataclass(frozen=True)
class Inputs:
    """What the officer fixes. Area in m2, `hsbg` in Rp/m2, `biaya_formulir` in Rp."""

    fungsi: str
    waktu_penggunaan: str
    lingkup: str
    luas_m2: Decimal
    hsbg: Decimal
    klasifikasi: Mapping[str, str] = field(default_factory=dict)
    prasarana: tuple[Item, ...] = ()
    biaya_formulir: Decimal = ZERO


def calculate(tables: Tables, inputs: Inputs, bases: dict[str, str]) -> Calculation:
    """The retribution; raises `Impossible`. `bases`: legal basis by symbol where a price is the tariff's."""
    _check(inputs)
    with exact():
        return _calculated(tables, inputs, Sheet(tables["steps"], bases))


def _check(inputs: Inputs) -> None:
    positive(inputs.luas_m2, ("luas_m2",))
    not_negative(inputs.hsbg, ("hsbg",))
    not_negative(inputs.biaya_formulir, ("biaya_formulir",))
    for position, item in enumerate(inputs.prasarana):
        positive(item.volume, ("prasarana", position, "volume"))
        for name in ("indeks", "hspbg"):
            not_negative(getattr(item, name), ("prasarana", position, name))


def classified(tables: Tables, chosen: Mapping[str, str]) -> dict[str, tuple[Decimal, Decimal]]:
    """Weight and index of every classification; raises `Impossible` for one that is missing, unknown or too many."""
    for name in chosen:
        if name not in tables["klasifikasi"]:
            raise Impossible(("klasifikasi", name), "unknown-field")
    found = {}
    for name, row in tables["klasifikasi"].items():
        if name not in chosen:
            raise Impossible(("klasifikasi", name), "required")
        found[name] = Decimal(row["bobot"]), looked_up(row["indeks"], chosen[name], ("klasifikasi", name))
    return found


def _calculated(tables: Tables, inputs: Inputs, sheet: Sheet) -> Calculation:
    function = looked_up(tables["fungsi"], inputs.fungsi, ("fungsi",))
    factors = classified(tables, inputs.klasifikasi)
    terms = {name: weight * index for name, (weight, index) in factors.items()}
    use_period = looked_up(tables["waktu_penggunaan"], inputs.waktu_penggunaan, ("waktu_penggunaan",))
    damage = looked_up(tables["tk"], inputs.lingkup, ("lingkup",))
    classification = sum(terms.values(), ZERO)
    integrated = function * classification * use_period
    building = inputs.luas_m2 * integrated * damage * inputs.hsbg
    sheet.write("indeks_fungsi", function, detail=inputs.fungsi)
    names = [
        sheet.write("klasifikasi", terms[name], product(*both), part=name, detail=inputs.klasifikasi[name])
        for name, both in factors.items()
    ]
    sheet.write("indeks_klasifikasi", classification, " + ".join(names), detail=" + ".join(plain(term) for term in terms.values()))
    sheet.write("indeks_waktu", use_period, detail=inputs.waktu_penggunaan)
    of_index = "indeks_fungsi × indeks_klasifikasi × indeks_waktu"
    sheet.write("It", integrated, of_index, detail=product(function, classification, use_period))
    sheet.write("L", inputs.luas_m2)
    sheet.write("Tk", damage, detail=inputs.lingkup)
    sheet.write("HSbg", inputs.hsbg)
    sheet.write("nilai_bangunan", building, "L × It × Tk × HSbg", detail=product(inputs.luas_m2, integrated, damage, inputs.hsbg))
    items = _items(sheet, inputs, damage)
    sheet.write("biaya_formulir", inputs.biaya_formulir)
    values = {
        "klasifikasi": {name: plain(term) for name, term in terms.items()},
        "indeks_klasifikasi": plain(classification), "it": plain(integrated), "nilai_bangunan": plain(building),
        "nilai_prasarana": [plain(item) for item in items.values()],
    }  # fmt: skip
    parts = " + ".join(("nilai_bangunan", *items, "biaya_formulir"))
    return sheet.close(building + sum(items.values(), ZERO) + inputs.biaya_formulir, parts, values, "luas_m2")


def _items(sheet: Sheet, inputs: Inputs, damage: Decimal) -> dict[str, Decimal]:
    amounts = {}
    for position, item in enumerate(inputs.prasarana, start=1):
        said = product(item.volume, item.indeks, damage, item.hspbg)
        amount = item.volume * item.indeks * damage * item.hspbg
        amounts[sheet.write("nilai_prasarana", amount, said, part=str(position), detail=f"{item.nama}: {said}")] = amount
    return amounts
