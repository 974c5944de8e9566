"""A table that is sent from its file leaves no open file behind, however the answer ends."""

from typing import IO

import pytest

from finance_sts.api import sheet_files
from finance_sts.use_cases.sheets import CSV, Column, Sheet, as_csv

SHEET = Sheet("Buku", [Column("day", "Hari")], [["2026-02-12"]])


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> list[IO[bytes]]:
    made: list[IO[bytes]] = []

    def write(sheet: Sheet) -> IO[bytes]:
        made.append(as_csv(sheet))
        return made[-1]

    monkeypatch.setitem(sheet_files.WRITES, "csv", (write, CSV))
    return made


def test_read_to_its_end_it_is_closed_though_nobody_closes_the_answer(files: list[IO[bytes]]) -> None:
    answer = sheet_files.as_file(SHEET, "csv", "buku")
    assert b"".join(answer.response) == b"day\r\n2026-02-12\r\n"  # type: ignore[arg-type]
    assert files[0].closed


def test_closed_before_anything_was_read_it_is_closed(files: list[IO[bytes]]) -> None:
    sheet_files.as_file(SHEET, "csv", "buku").close()
    assert files[0].closed
