"""A table of amounts has room for what stands in it, whichever column holds the long text."""

import json
from importlib.resources import files

import typst

from smartcity.documents.render import qr_svg

HEADS = ["No.", "Kode rekening", "Uraian", "Jumlah"]
TEXTS = ["1", "4.1.02.03.01.0001", "PBG", "Rp 12.345.678.000"]
LONG = "Retribusi Pemberian Izin Mendirikan Bangunan (sejak 2021 dibaca PBG)"
HEIGHT = """
#import "layout.typ": amounts
#context [#metadata(measure(width: 166mm, amounts(HEADS, ROWS)).height.pt()) <height>]
"""


def height(*rows: list[str]) -> float:
    """Of the table on a page of the city, in points."""

    def words(texts: list[str]) -> str:
        return f"({', '.join(json.dumps(text) for text in texts)},)"

    main = HEIGHT.replace("HEADS", words(HEADS)).replace("ROWS", f"({', '.join(map(words, rows))},)")
    layout = (files("smartcity.documents") / "layout" / "layout.typ").read_bytes()
    page = {"content": {}, "code": "", "address": "", "statement": "", "seal": "", "mark": None, "qr": qr_svg("a code")}
    inputs = {"data": json.dumps(page)}
    found = typst.query({"main.typ": main.encode(), "layout.typ": layout}, "<height>", field="value", one=True, sys_inputs=inputs)
    return float(json.loads(found))


def test_a_long_text_is_wrapped_in_its_own_column_wherever_that_stands_and_squeezes_none_beside_it() -> None:
    number, code, _, amount = TEXTS
    second, third = [number, LONG, code, amount], [number, code, LONG, amount]
    assert height(second, second, second) == height(third, third, third) > height(TEXTS, TEXTS, TEXTS)
