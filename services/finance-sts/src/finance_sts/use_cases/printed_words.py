"""Days and amounts as the papers of finance-sts print them."""

from collections.abc import Iterable
from datetime import date

from finance_sts.use_cases import tables
from smartcity.money import format_rupiah, terbilang

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")


def long_day(day: date) -> str:
    """`12 Februari 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def amount_lines(parts: Iterable[tuple[str, int]]) -> list[list[str]]:
    """Account code, its name, the amount: as a table prints them."""
    return [[code, tables.account(code).name, format_rupiah(amount)] for code, amount in parts]


def in_words(amount: int) -> str:
    """Whole rupiah in Indonesian words."""
    return f"{terbilang(amount)} rupiah"
