"""The certificate's number and the child's NIK."""

from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.certificate_number import CertificateNumber, parse_certificate_number
from civil_registry.rules.child_nik import numbered, series_of
from smartcity.identity_number import parse_nik

DATES = st.dates(date(1930, 1, 1), date(2029, 12, 31))


def test_a_number_reads_as_the_office_writes_it() -> None:
    assert CertificateNumber("1271", "LU", date(2026, 2, 12), 1).text == "1271-LU-12022026-0001"
    assert CertificateNumber("1271", "LT", date(2026, 11, 3), 42).text == "1271-LT-03112026-0042"


@given(st.sampled_from(["LU", "LT", "KM"]), st.dates(date(1, 1, 1), date(9999, 12, 31)), st.integers(1, 9_999))
def test_what_was_written_is_read_back(mark: str, day: date, serial: int) -> None:
    number = CertificateNumber("1271", mark, day, serial)
    assert parse_certificate_number(number.text) == number


@pytest.mark.parametrize("text", [
    "", "1271-LU-12022026-0000", "1271-LU-31022026-0001", "1271-lu-12022026-0001", "1271-LU-12022026-00011", "1271-LU-12022026-0001\n",
    "1271-LU-1202202٦-0001", "../1271-LU-12022026-0001",
])  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_certificate_number(text)


@pytest.mark.parametrize("serial", [0, -1, 10_000])
def test_a_serial_has_four_digits_and_is_never_0000(serial: int) -> None:
    with pytest.raises(ValueError):
        CertificateNumber("1271", "LU", date(2026, 2, 12), serial)
    with pytest.raises(ValueError):
        numbered("127101120226", serial)


def test_a_girl_s_day_is_raised_by_forty() -> None:
    assert numbered(series_of("127101", date(1990, 2, 5), "female"), 1) == "1271014502900001"
    assert numbered(series_of("127101", date(1990, 2, 5), "male"), 1) == "1271010502900001"


@given(DATES, st.sampled_from(["male", "female"]), st.integers(1, 9_999))
def test_every_assigned_nik_is_one_and_fits_its_child(born: date, sex: Literal["male", "female"], serial: int) -> None:
    nik = parse_nik(numbered(series_of("127101", born, sex), serial))
    assert nik.fits(born, sex) and nik.region == "127101" and nik.serial == serial


@pytest.mark.parametrize("region", ["1271", "12710a", "1271011", "١٢٧١٠١"])
def test_a_region_has_six_digits(region: str) -> None:
    with pytest.raises(ValueError):
        series_of(region, date(2026, 1, 1), "male")
