"""A permit type is a file; a broken one names its line."""

from datetime import date
from importlib.resources import files

import pytest

from licensing.use_cases.permit_type_files import BrokenFile, read
from licensing.use_cases.permit_types import permit_type, permit_types

GOOD = (files("licensing") / "data" / "permit_types" / "toko.yaml").read_text()


def line_of(words: str, text: str = GOOD) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_the_types_of_the_city_are_there() -> None:
    assert {kind.code for kind in permit_types()} == {"PBG", "IMB", "SLF", "REKLAME", "TRAYEK", "TOKO", "TANAH"}


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("code: TOKO", "code: toko", "code: toko"),
        ("validity_years: 5", "validity_years: 0", "validity_years: 0"),
        ("fee: {rule: none", "fee: {rule: guess", "fee: {rule: guess"),
        ("applicants: [citizen, business]", "applicants: [citizen, dog]", "applicants:"),
        ("valid_to: null", "valid_to: 2020-01-01", "valid_to: 2020-01-01"),
        ("type: object", "type: objekt", "type: objekt"),
        ("kind: site_photo", "kind: place_of_business", 'label: "Foto tempat usaha"'),
        ('enum: [toko, kios', "enum: {toko, kios", "enum: {toko"),
        ("office: DPMPTSP", "office: [DPMPTSP", "account_code"),
    ],
)  # fmt: skip
def test_a_broken_file_names_itself_and_its_line(before: str, after: str, what: str) -> None:
    broken = GOOD.replace(before, after)
    with pytest.raises(BrokenFile, match=rf"^toko\.yaml, line {line_of(what, broken)}: "):
        read("toko.yaml", broken)


PBG = (files("licensing") / "data" / "permit_types" / "pbg.yaml").read_text()


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("when: [{fungsi: {one_of: [khusus]}}]", "when: [{warna: {one_of: [merah]}}]", "warna"),
        ("when: [{fungsi: {one_of: [khusus]}}]", "when: [{fungsi: {at_least: 2}}]", "when: [{fungsi: {at_least: 2}}]"),
        ("when: [{fungsi: {one_of: [khusus]}}]", "when: [{fungsi: {nearly: 2}}]", "nearly"),
        ("code: special-function", "code: simple-house", "code: simple-house"),
        ("fields: [fungsi, jumlah_lantai]", "fields: [fungsi, warna]", "warna"),
    ],
)  # fmt: skip
def test_conditions_speak_only_of_what_is_asked(before: str, after: str, what: str) -> None:
    broken = PBG.replace(before, after)
    with pytest.raises(BrokenFile, match=r"^pbg\.yaml, line ") as refusal:
        read("pbg.yaml", broken)
    lines = [number for number, line in enumerate(broken.splitlines(), 1) if what in line]
    assert any(f"line {line}:" in str(refusal.value) for line in lines)


@pytest.mark.parametrize("key", ["printed", "fee", "questions", "legal_basis"])
def test_what_is_missing_is_named(key: str) -> None:
    start = GOOD.index(f"\n{key}:")
    end = next(at for at in range(start + 1, len(GOOD)) if GOOD[at] == "\n" and GOOD[at + 1 : at + 2].isalpha())
    with pytest.raises(BrokenFile, match=key):
        read("toko.yaml", GOOD[:start] + GOOD[end:])


def test_a_permit_ends_on_its_day_years_later() -> None:
    assert permit_type("TOKO").ends_on(date(2026, 11, 24)) == date(2031, 11, 24)
    assert permit_type("TANAH").ends_on(date(2028, 2, 29)) == date(2029, 2, 28)
    assert permit_type("PBG").ends_on(date(2026, 11, 24)) is None
