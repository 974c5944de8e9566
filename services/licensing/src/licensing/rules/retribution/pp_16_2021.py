"""PBG retribution by PP 16/2021, Pasal 261 and appendix. Indices come in as data; nothing is rounded but the total.

LLt = Σ LLi + Σ LBi                                  m2
ip_ketinggian = (Σ(LLi × KL) + Σ(LBi × KB)) / LLt
It = If × (0.3 × Ip_kompleksitas + 0.2 × Ip_permanensi + 0.5 × ip_ketinggian) × Fm
nilai bangunan = LLt × (Ilo × SHST) × It × Ibg
nilai prasarana = V × I × Ibg × HSpbg
"""

from dataclasses import dataclass
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
    shown_product,
    shown_quotient,
    shown_sum,
)

ONE, ZERO = Decimal(1), Decimal(0)


@dataclass(frozen=True)
class Item:
    """One infrastructure item: volume × index × Ibg × unit price (Rp)."""

    nama: str
    volume: Decimal
    hspbg: Decimal
    indeks: Decimal = ONE
    ibg: Decimal = ONE


@dataclass(frozen=True)
class Inputs:
    """What the officer fixes. Areas in m2, `shst` in Rp/m2, `ilo` a fraction (0.5 % is 0.005)."""

    fungsi: str
    kompleksitas: str
    permanensi: str
    jumlah_lantai: int
    luas_lantai_m2: Decimal
    kepemilikan: str
    ilo: Decimal
    shst: Decimal
    jenis_pekerjaan: str
    lapis_basemen: int = 0
    luas_basemen_m2: Decimal = ZERO
    prasarana: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Indices:
    """The factors looked up for one building."""

    fungsi: Decimal
    kompleksitas: Decimal
    permanensi: Decimal
    kl: Decimal
    kb: Decimal
    fm: Decimal
    ibg: Decimal


def storey_coefficient(tables: Tables, storeys: int) -> Decimal:
    """KL: the coefficient of the number of storeys, looked up once; never the number itself."""
    return _coefficient(tables, "koefisien_lantai", storeys)


def basement_coefficient(tables: Tables, levels: int) -> Decimal:
    """KB: the coefficient of the number of basement levels; 0 without a basement."""
    return _coefficient(tables, "koefisien_basemen", levels) if levels else ZERO


def _coefficient(tables: Tables, name: str, levels: int) -> Decimal:
    if levels in tables[name]:
        return Decimal(tables[name][levels])
    beyond = tables[f"{name}_di_atas"]
    further: int = levels - beyond["dari"]
    return Decimal(beyond["nilai"]) + Decimal(beyond["tambahan"]) * further


def calculate(tables: Tables, inputs: Inputs, bases: dict[str, str]) -> Calculation:
    """The retribution; raises `Impossible`. `bases`: legal basis by symbol where a price is the tariff's."""
    _check(tables, inputs)
    with exact():
        return _calculated(tables, inputs, Sheet(tables["steps"], bases))


def _check(tables: Tables, inputs: Inputs) -> None:
    if inputs.jumlah_lantai < 1:
        raise Impossible(("jumlah_lantai",), "must-be-positive")
    positive(inputs.luas_lantai_m2, ("luas_lantai_m2",))
    if inputs.lapis_basemen < 0:
        raise Impossible(("lapis_basemen",), "must-not-be-negative")
    not_negative(inputs.luas_basemen_m2, ("luas_basemen_m2",))
    if (inputs.lapis_basemen == 0) != (inputs.luas_basemen_m2 == 0):
        raise Impossible(("luas_basemen_m2" if inputs.lapis_basemen else "lapis_basemen",), "basement-contradicts")
    if not_negative(inputs.ilo, ("ilo",)) > Decimal(tables["ilo_max"]):
        raise Impossible(("ilo",), "ilo-too-high")
    not_negative(inputs.shst, ("shst",))
    for position, item in enumerate(inputs.prasarana):
        positive(item.volume, ("prasarana", position, "volume"))
        for name in ("indeks", "ibg", "hspbg"):
            not_negative(getattr(item, name), ("prasarana", position, name))


def _indices(tables: Tables, inputs: Inputs) -> Indices:
    classes = tables["indeks"]
    return Indices(
        fungsi=looked_up(tables["indeks_fungsi"], inputs.fungsi, ("fungsi",)),
        kompleksitas=looked_up(classes["kompleksitas"], inputs.kompleksitas, ("kompleksitas",)),
        permanensi=looked_up(classes["permanensi"], inputs.permanensi, ("permanensi",)),
        kl=storey_coefficient(tables, inputs.jumlah_lantai),
        kb=basement_coefficient(tables, inputs.lapis_basemen),
        fm=looked_up(tables["faktor_kepemilikan"], inputs.kepemilikan, ("kepemilikan",)),
        ibg=looked_up(tables["ibg"], inputs.jenis_pekerjaan, ("jenis_pekerjaan",)),
    )


def _calculated(tables: Tables, inputs: Inputs, sheet: Sheet) -> Calculation:
    index, weight = _indices(tables, inputs), {name: Decimal(value) for name, value in tables["bobot"].items()}
    llt = inputs.luas_lantai_m2 + inputs.luas_basemen_m2
    weighted_height = inputs.luas_lantai_m2 * index.kl + inputs.luas_basemen_m2 * index.kb
    complexity, permanence = weight["kompleksitas"] * index.kompleksitas, weight["permanensi"] * index.permanensi
    # LLt × Σ(bp × Ip) with LLt multiplied in, so that the division by LLt (which may not end) never touches money
    area_times_sigma = llt * (complexity + permanence) + weight["ketinggian"] * weighted_height
    building = area_times_sigma * index.fungsi * index.fm * (inputs.ilo * inputs.shst) * index.ibg
    height = shown_quotient(weighted_height, llt)
    terms = {"kompleksitas": complexity, "permanensi": permanence, "ketinggian": shown_product(weight["ketinggian"], height)}
    sigma = shown_sum(*terms.values())
    integrated = shown_product(index.fungsi, sigma, index.fm)
    _write(sheet, inputs, index, {"llt": llt, "height": height, "sigma": sigma, "it": integrated, "building": building, **terms})
    items = _items(sheet, inputs)
    values = {
        "llt": plain(llt), "ip_ketinggian": plain(height), "terms": {name: plain(value) for name, value in terms.items()},
        "sigma": plain(sigma), "it": plain(integrated), "nilai_bangunan": plain(building), "nilai_prasarana": [plain(item) for item in items],
    }  # fmt: skip
    return sheet.close(building + sum(items, ZERO), values, "luas_lantai_m2")


def _write(sheet: Sheet, inputs: Inputs, index: Indices, found: dict[str, Decimal]) -> None:
    prices = f"{plain(inputs.ilo)} × {plain(inputs.shst)}"
    for symbol, value, detail in (
        ("If", index.fungsi, inputs.fungsi),
        ("Ip_kompleksitas", found["kompleksitas"], f"{inputs.kompleksitas}: {plain(index.kompleksitas)}"),
        ("Ip_permanensi", found["permanensi"], f"{inputs.permanensi}: {plain(index.permanensi)}"),
        ("KL", index.kl, f"{inputs.jumlah_lantai} lantai"),
        ("KB", index.kb, f"{inputs.lapis_basemen} lapis"),
        ("LLt", found["llt"], f"{plain(inputs.luas_lantai_m2)} + {plain(inputs.luas_basemen_m2)}"),
        ("ip_ketinggian", found["height"], ""),
        ("Ip_ketinggian", found["ketinggian"], ""),
        ("sigma", found["sigma"], ""),
        ("Fm", index.fm, inputs.kepemilikan),
        ("It", found["it"], f"{plain(index.fungsi)} × {plain(found['sigma'])} × {plain(index.fm)}"),
        ("Ilo", inputs.ilo, ""),
        ("SHST", inputs.shst, ""),
        ("Ibg", index.ibg, inputs.jenis_pekerjaan),
        ("nilai_bangunan", found["building"], f"{plain(found['llt'])} × ({prices}) × {plain(found['it'])} × {plain(index.ibg)}"),
    ):
        sheet.write(symbol, value, detail=detail)


def _items(sheet: Sheet, inputs: Inputs) -> list[Decimal]:
    amounts = []
    for position, item in enumerate(inputs.prasarana, start=1):
        factors = (item.volume, item.indeks, item.ibg, item.hspbg)
        amount = item.volume * item.indeks * item.ibg * item.hspbg
        sheet.write(
            "nilai_prasarana", amount, part=str(position), detail=f"{item.nama}: " + " × ".join(plain(factor) for factor in factors)
        )
        amounts.append(amount)
    return amounts
