"""PBG retribution by PP 16/2021, Pasal 261 and appendix. Indices come in as data; nothing is rounded but the total.

LLt = Σ LLi + Σ LBi                                  m2, over every part of the building
ip_ketinggian = (Σ(LLi × KL) + Σ(LBi × KB)) / LLt    KL, KB of the storeys and levels of that part
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
    product,
    shown_product,
    shown_quotient,
    shown_sum,
)

ONE, ZERO = Decimal(1), Decimal(0)
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Item:
    """One infrastructure item: volume × index × Ibg × unit price (Rp)."""

    nama: str
    volume: Decimal
    hspbg: Decimal
    indeks: Decimal = ONE
    ibg: Decimal = ONE


@dataclass(frozen=True)
class Part:
    """A part of the building with its own number of storeys, areas in m2: a tower on a lower podium is two parts."""

    jumlah_lantai: int
    luas_lantai_m2: Decimal
    lapis_basemen: int = 0
    luas_basemen_m2: Decimal = ZERO


@dataclass(frozen=True)
class Inputs:
    """What the officer fixes. Areas in m2, `shst` in Rp/m2, `ilo` a fraction (0.5 % is 0.005). Where storeys differ, `bagian_lain`."""

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
    bagian_lain: tuple[Part, ...] = ()
    prasarana: tuple[Item, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part, the main one first."""
        return Part(self.jumlah_lantai, self.luas_lantai_m2, self.lapis_basemen, self.luas_basemen_m2), *self.bagian_lain


@dataclass(frozen=True)
class Indices:
    """The factors looked up for one building, and its coefficients (KL, KB) by part."""

    fungsi: Decimal
    kompleksitas: Decimal
    permanensi: Decimal
    fm: Decimal
    ibg: Decimal
    heights: tuple[tuple[Decimal, Decimal], ...]


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
    for position, part in enumerate(inputs.parts):
        _check_part(part, ("bagian_lain", position - 1) if position else ())
    if not_negative(inputs.ilo, ("ilo",)) > Decimal(tables["ilo_max"]):
        raise Impossible(("ilo",), "ilo-too-high")
    not_negative(inputs.shst, ("shst",))
    for position, item in enumerate(inputs.prasarana):
        positive(item.volume, ("prasarana", position, "volume"))
        for name in ("indeks", "ibg", "hspbg"):
            not_negative(getattr(item, name), ("prasarana", position, name))


def _check_part(part: Part, path: Path) -> None:
    if part.jumlah_lantai < 1:
        raise Impossible((*path, "jumlah_lantai"), "must-be-positive")
    positive(part.luas_lantai_m2, (*path, "luas_lantai_m2"))
    if part.lapis_basemen < 0:
        raise Impossible((*path, "lapis_basemen"), "must-not-be-negative")
    not_negative(part.luas_basemen_m2, (*path, "luas_basemen_m2"))
    if (part.lapis_basemen == 0) != (part.luas_basemen_m2 == 0):
        raise Impossible((*path, "luas_basemen_m2" if part.lapis_basemen else "lapis_basemen"), "basement-contradicts")


def _indices(tables: Tables, inputs: Inputs) -> Indices:
    classes = tables["indeks"]
    return Indices(
        fungsi=looked_up(tables["indeks_fungsi"], inputs.fungsi, ("fungsi",)),
        kompleksitas=looked_up(classes["kompleksitas"], inputs.kompleksitas, ("kompleksitas",)),
        permanensi=looked_up(classes["permanensi"], inputs.permanensi, ("permanensi",)),
        fm=looked_up(tables["faktor_kepemilikan"], inputs.kepemilikan, ("kepemilikan",)),
        ibg=looked_up(tables["ibg"], inputs.jenis_pekerjaan, ("jenis_pekerjaan",)),
        heights=tuple(
            (storey_coefficient(tables, part.jumlah_lantai), basement_coefficient(tables, part.lapis_basemen)) for part in inputs.parts
        ),
    )


def _calculated(tables: Tables, inputs: Inputs, sheet: Sheet) -> Calculation:
    index, weight = _indices(tables, inputs), {name: Decimal(value) for name, value in tables["bobot"].items()}
    llt = sum((part.luas_lantai_m2 + part.luas_basemen_m2 for part in inputs.parts), ZERO)
    weighted_height = sum(
        (part.luas_lantai_m2 * kl + part.luas_basemen_m2 * kb for part, (kl, kb) in zip(inputs.parts, index.heights, strict=True)), ZERO
    )
    complexity, permanence = weight["kompleksitas"] * index.kompleksitas, weight["permanensi"] * index.permanensi
    # LLt × Σ(bp × Ip) with LLt multiplied in, so that the division by LLt (which may not end) never touches money
    area_times_sigma = llt * (complexity + permanence) + weight["ketinggian"] * weighted_height
    building = area_times_sigma * index.fungsi * index.fm * (inputs.ilo * inputs.shst) * index.ibg
    height = shown_quotient(weighted_height, llt)
    terms = {"kompleksitas": complexity, "permanensi": permanence, "ketinggian": shown_product(weight["ketinggian"], height)}
    sigma = shown_sum(*terms.values())
    integrated = shown_product(index.fungsi, sigma, index.fm)
    found = {"llt": llt, "height": height, "sigma": sigma, "it": integrated, "building": building, **terms}
    _write_index(sheet, inputs, index, weight, found)
    _write_building(sheet, inputs, index, found)
    items = _items(sheet, inputs)
    values = {
        "llt": plain(llt), "ip_ketinggian": plain(height), "terms": {name: plain(value) for name, value in terms.items()}, "sigma": plain(sigma),
        "it": plain(integrated), "nilai_bangunan": plain(building), "nilai_prasarana": [plain(item) for item in items.values()],
    }  # fmt: skip
    return sheet.close(building + sum(items.values(), ZERO), " + ".join(("nilai_bangunan", *items)), values, "luas_lantai_m2")


def _write_index(sheet: Sheet, inputs: Inputs, index: Indices, weight: dict[str, Decimal], found: dict[str, Decimal]) -> None:
    sheet.write("If", index.fungsi, detail=inputs.fungsi)
    for name, chosen, value in (
        ("kompleksitas", inputs.kompleksitas, index.kompleksitas),
        ("permanensi", inputs.permanensi, index.permanensi),
    ):
        sheet.write(f"Ip_{name}", found[name], product(weight[name], value), detail=f"{chosen}: {plain(value)}")
    areas, heights = _write_parts(sheet, inputs, index)
    sheet.write(
        "LLt", found["llt"], areas, detail=" + ".join(f"{plain(p.luas_lantai_m2)} + {plain(p.luas_basemen_m2)}" for p in inputs.parts)
    )
    sheet.write("ip_ketinggian", found["height"], f"({heights}) / LLt")
    sheet.write("Ip_ketinggian", found["ketinggian"], f"{plain(weight['ketinggian'])} × ip_ketinggian")
    sheet.write("sigma", found["sigma"], "Ip_kompleksitas + Ip_permanensi + Ip_ketinggian")
    sheet.write("Fm", index.fm, detail=inputs.kepemilikan)
    sheet.write("It", found["it"], "If × sigma × Fm", detail=product(index.fungsi, found["sigma"], index.fm))


def _write_parts(sheet: Sheet, inputs: Inputs, index: Indices) -> tuple[str, str]:
    """Areas and coefficients of every part; answers the expressions of LLt and of the weighted height."""
    areas, heights = [], []
    for position, (part, (kl, kb)) in enumerate(zip(inputs.parts, index.heights, strict=True), start=1):
        name = str(position) if position > 1 else ""
        above, below = sheet.write("LL", part.luas_lantai_m2, part=name), sheet.write("LB", part.luas_basemen_m2, part=name)
        storeys = sheet.write("KL", kl, part=name, detail=f"{part.jumlah_lantai} lantai")
        levels = sheet.write("KB", kb, part=name, detail=f"{part.lapis_basemen} lapis")
        areas.append(f"{above} + {below}")
        heights.append(f"{above} × {storeys} + {below} × {levels}")
    return " + ".join(areas), " + ".join(heights)


def _write_building(sheet: Sheet, inputs: Inputs, index: Indices, found: dict[str, Decimal]) -> None:
    sheet.write("Ilo", inputs.ilo)
    sheet.write("SHST", inputs.shst)
    sheet.write("Ibg", index.ibg, detail=inputs.jenis_pekerjaan)
    numbers = f"{plain(found['llt'])} × ({product(inputs.ilo, inputs.shst)}) × {product(found['it'], index.ibg)}"
    sheet.write("nilai_bangunan", found["building"], "LLt × (Ilo × SHST) × It × Ibg", detail=numbers)


def _items(sheet: Sheet, inputs: Inputs) -> dict[str, Decimal]:
    amounts = {}
    for position, item in enumerate(inputs.prasarana, start=1):
        said = product(item.volume, item.indeks, item.ibg, item.hspbg)
        amount = item.volume * item.indeks * item.ibg * item.hspbg
        amounts[sheet.write("nilai_prasarana", amount, said, part=str(position), detail=f"{item.nama}: {said}")] = amount
    return amounts
