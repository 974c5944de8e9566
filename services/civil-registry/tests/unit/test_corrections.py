"""An entry read with its marginal notes, and what is no correction."""

from datetime import date

from civil_registry.rules.corrections import corrected, with_dates, wrong_correction

ENTRY = {
    "child": {"name": "Aisyah", "born_on": "2026-02-05"},
    "mother": {"name": "Siti", "born_on": "1990-02-05"},
    "father": None,
    "witnesses": [],
}


def test_of_two_corrections_of_one_field_the_later_holds_and_the_entry_stays() -> None:
    read = corrected(ENTRY, [{"child": {"name": "Aisah"}}, {"child": {"name": "Aisyah Nur"}, "mother": {"name": "Siti Aminah"}}])
    assert (read["child"], read["mother"]["name"]) == ({"name": "Aisyah Nur", "born_on": "2026-02-05"}, "Siti Aminah")
    assert ENTRY["child"] == {"name": "Aisyah", "born_on": "2026-02-05"}


def test_a_correction_of_nothing_and_of_nobody_is_none() -> None:
    assert wrong_correction(ENTRY, {"child": {"name": "Aisyah"}}) == {"changes": ["correction-of-nothing"]}
    assert wrong_correction(ENTRY, {"father": {"name": "Budi"}}) == {"father": ["correction-of-nobody"]}
    assert wrong_correction(ENTRY, {"child": {"name": "Aisah"}}) == {}


def test_dates_of_an_entry_are_dates_again() -> None:
    assert with_dates(ENTRY)["child"]["born_on"] == date(2026, 2, 5) and with_dates(ENTRY)["father"] is None
