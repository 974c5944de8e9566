"""A table as a file people open: CSV and XLSX, written row by row, so that a large one needs no more memory than a small one.

The file is written while the transaction is open and sent afterwards (`api.sheet_files`).
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 1 << 20
LONGEST_TITLE = 31
Cell = str | int | date | None
Kind = Literal["text", "rupiah", "day"]
WIDTHS = {"text": 28, "rupiah": 18, "day": 12}


@dataclass(frozen=True)
class Column:
    """`name` heads the column in CSV (for programs), `label` in XLSX (for people). Rupiah are whole numbers."""

    name: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Sheet:
    """A table: `rows` may come from a cursor; each has a cell for every column, `None` for none."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def as_csv(sheet: Sheet) -> IO[bytes]:
    """RFC 4180, UTF-8; a text that a spreadsheet would run as a formula is kept from it by an apostrophe."""
    out = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    text.detach()
    out.seek(0)
    return out


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def as_xlsx(sheet: Sheet) -> IO[bytes]:
    """One worksheet, its heading frozen; texts stay texts, rupiah are numbers that can be summed."""
    from xlsxwriter import Workbook  # read with the first file, not at the start

    out = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    with Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet.title[:LONGEST_TITLE])
        forms = {"rupiah": book.add_format({"num_format": "#,##0"}), "day": book.add_format({"num_format": "yyyy-mm-dd"}), "text": None}
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, WIDTHS[column.kind], forms[column.kind])
        page.freeze_panes(1, 0)
        page.write_row(0, 0, [column.label for column in sheet.columns], book.add_format({"bold": True}))
        for number, row in enumerate(sheet.rows, 1):
            _write(page, number, row, forms["day"])
    out.seek(0)
    return out


def _write(page: "Worksheet", number: int, row: Sequence[Cell], day: object) -> None:
    for at, cell in enumerate(row):
        if isinstance(cell, date):
            page.write_datetime(number, at, cell, day)
        elif isinstance(cell, int):
            page.write_number(number, at, cell)
        elif cell:
            page.write_string(number, at, cell)
