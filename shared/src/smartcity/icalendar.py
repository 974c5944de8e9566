"""Calendars to subscribe to, as iCalendar (RFC 5545): the head, values that are escaped, lines that are folded."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

LINE = 75
"""Octets a line may have (section 3.1)."""


def calendar(product: str, name: str, events: Iterable[Iterable[str]]) -> str:
    """The whole calendar of an office: `product` is what makes it, `name` what its reader sees, `events` the lines of each event."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//Pemerintah Kota Medan//{product}//ID", "CALSCALE:GREGORIAN"]
    head += ["METHOD:PUBLISH", f"X-WR-CALNAME:{text(name)}"]
    lines = [*head, *(line for event in events for line in ("BEGIN:VEVENT", *event, "END:VEVENT")), "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def whole_day(on: date) -> tuple[str, str]:
    """The event takes this day and nobody's time."""
    return f"DTSTART;VALUE=DATE:{day(on)}", f"DTEND;VALUE=DATE:{day(on + timedelta(days=1))}"


def alarm(days_before: int, words: str) -> tuple[str, ...]:
    """Remind so many days before; `words` are escaped already."""
    return "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{words}", f"TRIGGER:-P{days_before}D", "END:VALARM"


def folded(line: str) -> str:
    """No line longer than 75 octets, no character torn: what is too long goes on after CRLF and a space."""
    return "\r\n ".join(_parts(line))


def _parts(line: str) -> Iterable[str]:
    part, room = "", LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = "", LINE - 1
        part, room = part + character, room - size
    yield part


def text(value: str) -> str:
    """A value of text, escaped (section 3.3.11)."""
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\n", "\\n")


def day(on: date) -> str:
    """A value of a date."""
    return f"{on:%Y%m%d}"


def moment(at: datetime) -> str:
    """A value of a moment, in UTC."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
