from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity.money import LARGEST_IN_WORDS, format_rupiah, rupiah, terbilang

amounts = st.integers(0, LARGEST_IN_WORDS)
VALUES = dict(zip("nol satu dua tiga empat lima enam tujuh delapan sembilan".split(), range(10), strict=True))
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12, "kuadriliun": 10**15}


def read_back(text: str) -> int:
    """The number the words say, read by other rules than those that wrote them."""
    total = group = unit = 0
    for word in (
        text.replace("seratus", "satu ratus")
        .replace("seribu", "satu ribu")
        .replace("sepuluh", "satu puluh")
        .replace("sebelas", "satu belas")
        .split()
    ):
        if word in VALUES:
            unit = VALUES[word]
        elif word == "belas":
            group, unit = group + 10 + unit, 0
        elif word in ("puluh", "ratus"):
            group, unit = group + unit * (10 if word == "puluh" else 100), 0
        else:
            total, group, unit = total + (group + unit) * SCALES[word], 0, 0
    return total + group + unit


@given(amounts)
def test_words_read_back_give_the_amount(amount: int) -> None:
    assert read_back(terbilang(amount)) == amount


@given(amounts)
def test_words_never_say_satu_where_indonesian_says_se(amount: int) -> None:
    words = terbilang(amount)
    assert "satu ratus" not in words
    assert "satu puluh" not in words.replace("puluh satu puluh", "")
    assert "satu belas" not in words
    assert "  " not in words
    assert words == words.strip()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1_000, "seribu"),
        (1_100, "seribu seratus"),
        (21_000, "dua puluh satu ribu"),
        (101_000, "seratus satu ribu"),
        (187_625, "seratus delapan puluh tujuh ribu enam ratus dua puluh lima"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (2_000_000_011, "dua miliar sebelas"),
        (1_000_000_000_000, "satu triliun"),
        (3_000_000_000_000_000, "tiga kuadriliun"),
        (-5, "minus lima"),
    ],
)
def test_an_amount_in_words(amount: int, words: str) -> None:
    assert terbilang(amount) == words


@given(st.integers(-(10**15), 10**15))
def test_half_a_rupiah_goes_away_from_zero(whole: int) -> None:
    step = 1 if whole >= 0 else -1
    assert rupiah(Decimal(whole)) == whole
    assert rupiah(Decimal(whole) + Decimal("0.5") * step) == whole + step
    assert rupiah(Decimal(whole) + Decimal("0.49") * step) == whole


@given(st.integers(-(10**15), 10**15))
def test_a_printed_amount_reads_back(amount: int) -> None:
    assert int(format_rupiah(amount).replace("Rp", "").replace(".", "")) == amount


def test_an_amount_is_printed_with_dots() -> None:
    assert format_rupiah(187_625) == "Rp187.625"
    assert format_rupiah(-1_000_000) == "-Rp1.000.000"
    assert format_rupiah(0) == "Rp0"


@pytest.mark.parametrize("amount", [1.5, 2, "3"])
def test_only_a_decimal_is_rounded(amount: object) -> None:
    with pytest.raises(TypeError):
        rupiah(amount)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_what_is_not_finite_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        rupiah(Decimal(text))


@pytest.mark.parametrize("amount", [1.0, True, Decimal(1)])
def test_only_whole_rupiah_is_printed_or_put_into_words(amount: object) -> None:
    with pytest.raises(TypeError):
        format_rupiah(amount)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        terbilang(amount)  # type: ignore[arg-type]


def test_more_than_the_words_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        terbilang(LARGEST_IN_WORDS + 1)
