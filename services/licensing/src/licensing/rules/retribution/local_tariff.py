"""Local retribution: area × tariff × index, by the Perda named in the permit type. And nothing at all, where nothing may be charged."""

from dataclasses import dataclass
from decimal import Decimal

from licensing.rules.retribution.steps import Calculation, Sheet, Step, Tables, exact, looked_up, positive


@dataclass(frozen=True)
class Inputs:
    """What the officer fixes. Area in m2, `indeks` a class of the permit type's table, `tarif` in Rp/m2."""

    luas_m2: Decimal
    indeks: str
    tarif: Decimal


def calculate(tables: Tables, inputs: Inputs, bases: dict[str, str]) -> Calculation:
    """The retribution; raises `Impossible`. `bases`: legal basis by symbol where the price is the tariff's."""
    area, price = positive(inputs.luas_m2, ("luas_m2",)), positive(inputs.tarif, ("tarif",))
    basis = tables["legal_basis"]
    sheet = Sheet(
        {
            "L": ("m2", "luas", basis),
            "I": ("", "indeks menurut kelas", basis),
            "tarif": ("Rp/m2", "tarif per meter persegi", basis),
            "total": ("Rp", "luas × tarif × indeks", basis),
            "total_rp": ("Rp", "total dibulatkan sekali ke rupiah penuh, setengah ke atas", "ketentuan sistem"),
        },
        bases,
    )
    with exact():
        index = looked_up(tables["index"], inputs.indeks, ("indeks",))
        sheet.write("L", area)
        sheet.write("tarif", price)
        sheet.write("I", index, detail=inputs.indeks)
        return sheet.close(area * price * index, "L × tarif × I", {}, "luas_m2")


def nothing(tables: Tables) -> Calculation:
    """No retribution, and the law that says so."""
    return Calculation(0, {"total": "0", "total_rp": 0}, (Step("total_rp", "0", "Rp", "tanpa retribusi", tables["legal_basis"]),))
