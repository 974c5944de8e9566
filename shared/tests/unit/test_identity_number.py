from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from smartcity.http import fields
from smartcity.identity_number import FamilyCard, Nik, is_nik, mask, parse_kk, parse_nik

births = st.dates(date(1900, 1, 1), date(2099, 12, 31))
regions = st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii)
serials = st.integers(1, 9999)
REFUSALS = {"not sixteen digits", "the serial is 0000", "no such date in any century"}
WOMAN, MAN = "1271014502900001", "1271010502900001"


def test_a_womans_day_is_forty_more() -> None:
    assert parse_nik(WOMAN) == Nik("127101", 5, 2, 90, "female", 1)
    assert parse_nik(MAN) == Nik("127101", 5, 2, 90, "male", 1)
    assert parse_nik(WOMAN).born(date(2026, 11, 24)) == [date(1990, 2, 5)]
    assert parse_nik("1271010502200001").born(date(2026, 11, 24)) == [date(2020, 2, 5), date(1920, 2, 5)]


@given(regions, births, st.sampled_from(["male", "female"]), serials)
def test_every_nik_that_can_be_is_read_whatever_its_region(region: str, born: date, sex: str, serial: int) -> None:
    text = f"{region}{born.day + (40 if sex == 'female' else 0):02}{born:%m%y}{serial:04}"
    nik = parse_nik(text)
    assert nik.text == text
    assert nik.fits(born, sex)  # type: ignore[arg-type]
    assert born in nik.born(date(2099, 12, 31))


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_reading_and_writing_sixteen_digits_agree_or_are_refused(text: str) -> None:
    assert not is_nik(text) or parse_nik(text).text == text


@given(st.text(max_size=20))
def test_anything_else_is_refused_without_being_shown(text: str) -> None:
    try:
        parse_nik(text)
    except ValueError as refusal:
        assert str(refusal) in REFUSALS  # noqa: PT017
    else:
        assert text.isascii()
        assert len(text) == 16


@pytest.mark.parametrize(
    "text",
    [
        "", "127101450290001", "12710145029000011", "127101450290000a", "1271014502900000", "1271010002900001", "1271013202900001",
        "1271014002900001", "1271017202900001", "1271013002900001", "1271010513900001", "1271010500900001", "1271012902010001", "１２７１０１４５０２９００００１",
        " 1271014502900001", "1271014502900001\n",
    ],
)  # fmt: skip
def test_what_cannot_be_a_nik_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"sixteen|serial|date"):
        parse_nik(text)


@pytest.mark.parametrize("text", ["1271 0145 0290 0001", "127101 450290 0001", " 1271014502900001 ", WOMAN])
def test_a_nik_that_a_person_typed_in_groups_is_kept_without_its_spaces(text: str) -> None:
    assert fields.Nik().deserialize(text) == WOMAN


@pytest.mark.parametrize(
    "text", ["1271.0145.0290.0001", "1271-0145-0290-0001", "1271 0145 0290 000", "1271\t014502900001", "1271\u00a00145 0290 0001", "    "]
)
def test_any_other_mark_between_its_digits_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="nik-malformed"):
        fields.Nik().deserialize(text)


def test_the_twenty_ninth_of_february_needs_one_leap_century() -> None:
    assert is_nik("1271012902000001")
    assert is_nik("1271012902960001")
    assert not is_nik("1271012902010001")


def test_a_family_card_has_its_date_of_issue_without_forty() -> None:
    assert parse_kk("1271010502200003") == FamilyCard("127101", 5, 2, 20, 3)
    with pytest.raises(ValueError, match="date"):
        parse_kk(WOMAN)
    with pytest.raises(ValueError, match="serial"):
        parse_kk("1271010502200000")


def test_registry_data_that_differ_are_seen() -> None:
    assert parse_nik(WOMAN).fits(date(1990, 2, 5), "female")
    assert not parse_nik(WOMAN).fits(date(1990, 2, 5), "male")
    assert not parse_nik(WOMAN).fits(date(1990, 2, 6), "female")


def test_a_screen_sees_region_and_serial_only() -> None:
    assert mask(WOMAN) == "127101******0001"
    assert mask("not a number") == "*" * 16


def test_printing_a_number_by_accident_shows_it_masked() -> None:
    for shown in (parse_nik(WOMAN), parse_kk(MAN)):
        assert "0502" not in f"{shown} {shown!r}"
        assert "4502" not in f"{shown} {shown!r}"
