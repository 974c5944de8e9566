"""A QR code is the same one however it is drawn, with the quiet zone of ISO/IEC 18004 around it."""

import io
import re

import segno
from PIL import Image

from smartcity.documents.render import MODULE_PIXELS, qr_png, qr_svg

TEXT = "https://city.example/v1/verify/FABC-DEFG-HJKM-NPQR"
QUIET = 4


def test_the_png_has_every_module_where_it_belongs_and_nothing_around() -> None:
    wanted = [bytes(row) for row in segno.make(TEXT, error="m", micro=False).matrix]
    drawn = Image.open(io.BytesIO(qr_png(TEXT))).convert("L")
    side = len(wanted) + 2 * QUIET
    assert drawn.size == (side * MODULE_PIXELS, side * MODULE_PIXELS)
    middles = [n * MODULE_PIXELS + MODULE_PIXELS // 2 for n in range(side)]
    seen = [bytes(drawn.getpixel((x, y)) < 128 for x in middles) for y in middles]
    assert [row[QUIET:-QUIET] for row in seen[QUIET:-QUIET]] == wanted
    assert sum(map(sum, seen)) == sum(map(sum, wanted))


def test_the_svg_is_of_the_same_size_in_modules() -> None:
    side = int(re.findall(r'width="(\d+)"', qr_svg(TEXT))[0])
    assert Image.open(io.BytesIO(qr_png(TEXT))).size == (side * MODULE_PIXELS, side * MODULE_PIXELS)
