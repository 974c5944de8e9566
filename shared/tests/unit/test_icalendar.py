"""A calendar that any reader reads: lines fold, values are escaped, days and moments are those of RFC 5545."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from smartcity import icalendar
from smartcity.icalendar import LINE, folded


@given(st.text(st.characters(blacklist_characters="\r\n", blacklist_categories=("Cs",)), max_size=400))
def test_folding_tears_no_character_and_loses_none(text: str) -> None:
    parts = folded(text).split("\r\n ")
    assert "".join(parts) == text
    assert len(parts[0].encode()) <= LINE and all(len(part.encode()) < LINE for part in parts[1:])


def test_a_calendar_has_its_head_its_events_and_its_end() -> None:
    made = icalendar.calendar("Pelayanan", "Tenggat; semua", [["UID:1", *icalendar.whole_day(date(2026, 12, 31))], ["UID:2"]])
    assert made.endswith("\r\n") and "\n" not in made.replace("\r\n", "")
    assert made.split("\r\n")[:-1] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Pemerintah Kota Medan//Pelayanan//ID", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "X-WR-CALNAME:Tenggat\\; semua", "BEGIN:VEVENT", "UID:1", "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "END:VEVENT",
        "BEGIN:VEVENT", "UID:2", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip


def test_values_are_escaped_and_moments_are_in_utc() -> None:
    assert icalendar.text("a\\b;c,d\ne") == "a\\\\b\\;c\\,d\\ne"
    wib = timezone(timedelta(hours=7))
    assert (
        icalendar.moment(datetime(2026, 1, 1, 6, 0, 1, tzinfo=wib))
        == "20251231T230001Z"
        == icalendar.moment(datetime(2025, 12, 31, 23, 0, 1, tzinfo=UTC))
    )
    assert icalendar.alarm(3, "x") == ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-P3D", "END:VALARM")
