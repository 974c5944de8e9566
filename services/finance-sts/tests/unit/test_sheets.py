"""A table as CSV and XLSX."""

import tracemalloc
from collections.abc import Sequence
from datetime import date

from openpyxl import load_workbook

from finance_sts.use_cases.sheets import IN_MEMORY, Cell, Column, Sheet, as_csv, as_xlsx

COLUMNS = (Column("day", "Tanggal", "day"), Column("text", "Uraian"), Column("amount", "Jumlah", "rupiah"))


def sheet(*rows: Sequence[Cell]) -> Sheet:
    return Sheet("Buku Penerimaan dan Penyetoran Bendahara", COLUMNS, rows)


def test_csv_has_names_for_programs_and_quotes_what_needs_it() -> None:
    with as_csv(sheet((date(2026, 2, 12), 'Toko "A", Medan', 5), (None, "ünï", 0))) as file:
        assert file.read().decode() == 'day,text,amount\r\n2026-02-12,"Toko ""A"", Medan",5\r\n,ünï,0\r\n'


def test_a_text_that_looks_like_a_formula_is_only_a_text() -> None:
    row = (None, "=HYPERLINK(1)", -5)
    with as_csv(sheet(row)) as file:
        assert b"'=HYPERLINK(1),-5" in file.read()
    with as_xlsx(sheet(row)) as file:
        cell = load_workbook(file).active["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_xlsx_has_labels_for_people_days_and_numbers_that_can_be_summed() -> None:
    with as_xlsx(sheet((date(2026, 2, 12), "x", 346_680), (None, None, 7))) as file:
        page = load_workbook(file).active
    rows = list(page.values)
    assert rows[0] == ("Tanggal", "Uraian", "Jumlah")
    assert (rows[1][0].date(), rows[1][1:]) == (date(2026, 2, 12), ("x", 346_680))
    assert rows[2] == (None, None, 7) and page.freeze_panes == "A2"


def test_a_large_table_needs_no_more_memory_than_a_small_one() -> None:
    def peak(rows: int) -> int:
        many = Sheet("x", COLUMNS, ((date(2026, 2, 12), f"row {number}", number) for number in range(rows)))
        tracemalloc.start()
        for write in (as_csv, as_xlsx):
            write(many).close()
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(10)  # loads what the first file loads
    assert peak(100_000) < 3 * IN_MEMORY
