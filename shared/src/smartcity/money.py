"""Whole rupiah. `int` at rest, `Decimal` inside formulas, one rounding at the end, never `float`."""

from decimal import ROUND_HALF_UP, Decimal

LARGEST_IN_WORDS = 10**18 - 1
_UNITS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SCALES = ((10**15, "kuadriliun"), (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def rupiah(amount: Decimal) -> int:
    """The one rounding: half a rupiah away from zero. Raises `TypeError` for anything but a `Decimal`, `ValueError` for NaN or infinity."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"money is Decimal before rounding, not {type(amount).__name__}")
    if not amount.is_finite():
        raise ValueError("not a finite amount")
    return int(amount.to_integral_value(ROUND_HALF_UP))


def _whole(amount: int) -> int:
    if isinstance(amount, bool) or not isinstance(amount, int):
        raise TypeError(f"money is whole rupiah, not {type(amount).__name__}")
    return amount


def format_rupiah(amount: int) -> str:
    """`187625` → `Rp187.625`, negative `-Rp187.625`."""
    sign = "-" if _whole(amount) < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def terbilang(amount: int) -> str:
    """The amount in Indonesian words, without the currency: `1_100` → `seribu seratus`. Raises `ValueError` beyond ±(10^18 − 1)."""
    if abs(_whole(amount)) > LARGEST_IN_WORDS:
        raise ValueError("too large to be put into words")
    if amount < 0:
        return "minus " + terbilang(-amount)
    if amount == 0:
        return _UNITS[0]
    return " ".join(_words(amount))


def _words(amount: int) -> list[str]:
    for size, name in _SCALES:
        if amount >= size:
            many, rest = divmod(amount, size)
            head = ["seribu"] if (size, many) == (1000, 1) else [*_below_thousand(many), name]
            return head + (_words(rest) if rest else [])
    return _below_thousand(amount)


def _below_thousand(amount: int) -> list[str]:
    hundreds, rest = divmod(amount, 100)
    head = [] if not hundreds else ["seratus"] if hundreds == 1 else [_UNITS[hundreds], "ratus"]
    return head + (_below_hundred(rest) if rest else [])


def _below_hundred(amount: int) -> list[str]:
    tens, unit = divmod(amount, 10)
    if tens == 0:
        return [_UNITS[unit]]
    if tens == 1:
        return ["sepuluh"] if unit == 0 else ["sebelas"] if unit == 1 else [_UNITS[unit], "belas"]
    return [_UNITS[tens], "puluh", *([_UNITS[unit]] if unit else [])]
