"""Typst to PDF/A-2b, the same bytes for the same rows. Typst and segno are loaded at the first document, not at the start."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from smartcity.documents.registry import Registry
from smartcity.documents.seal import BLANK

STANDARD = "a-2b"


@dataclass(frozen=True)
class Page:
    """What is printed: the template's content, and what the kernel adds to every page."""

    template: str
    content: Mapping[str, Any]
    code: str
    statement: str
    dated: datetime
    mark: str | None = None


MODULE_PIXELS = 8
"""How wide a module of a QR code is drawn as PNG."""


def qr_svg(text: str) -> str:
    """The QR code of `text` as SVG, with its quiet zone, readable with 15 % of it damaged."""
    return _qr(text, kind="svg", xmldecl=False).decode()


def qr_png(text: str) -> bytes:
    """The same as PNG, for what cannot draw SVG."""
    return _qr(text, kind="png", scale=MODULE_PIXELS)


def _qr(text: str, **how: Any) -> bytes:
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, border=4, **how)
    return out.getvalue()


def render(registry: Registry, page: Page) -> bytes:
    """The PDF. Content travels as data, so nothing in it is read as markup. Raises `typst.TypstError` for a broken template."""
    import typst

    address = registry.address(page.code)
    data = {
        "content": page.content,
        "code": page.code,
        "address": address,
        "statement": page.statement,
        "seal": BLANK,
        "mark": page.mark,
        "qr": qr_svg(f"{address}#{page.statement}"),
    }
    sources = {**_layout(), **_templates(registry.package)}
    main = sources.pop(page.template)
    return typst.compile(  # type: ignore[call-overload, no-any-return]  # its stubs do not know a dictionary of files
        {"main.typ": main, **sources},
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, allow_nan=False)},
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
        timestamp=int(page.dated.timestamp()),
    )


def _layout() -> dict[str, bytes]:
    return {"layout.typ": (files("smartcity.documents") / "layout" / "layout.typ").read_bytes()}


def _templates(package: str) -> dict[str, bytes]:
    room = files(package) / "documents"
    return {entry.name: entry.read_bytes() for entry in room.iterdir() if entry.name.endswith(".typ")}
