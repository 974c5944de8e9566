"""Amounts as the papers of finance-sts print them."""

from collections.abc import Iterable

from finance_sts.use_cases import tables
from smartcity.money import format_rupiah, terbilang


def amount_lines(parts: Iterable[tuple[str, int]]) -> list[list[str]]:
    """Account code, its name, the amount: as a table prints them."""
    return [[code, tables.account(code).name, format_rupiah(amount)] for code, amount in parts]


def in_words(amount: int) -> str:
    """Whole rupiah in Indonesian words."""
    return f"{terbilang(amount)} rupiah"
