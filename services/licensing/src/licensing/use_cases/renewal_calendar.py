"""The permits that end, of a person and the companies they act for, as iCalendar (RFC 5545): a day for each, and an alarm when it is time to renew."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.use_cases.cases import ending
from licensing.use_cases.permit_types import permit_type
from smartcity.http import Actor

MOST = 1000
LINE = 75  # octets, RFC 5545 section 3.1


def renewal_calendar(session: Session, actor: Actor, words: dict[str, str]) -> str:
    """The calendar; `words` are the texts `calendar.name`, `calendar.ends` and `calendar.renew`. At most the nearest `MOST` permits."""
    ends = (permit for sub in actor.subs for permit in session.scalars(ending(sub).limit(MOST)))
    found = sorted(ends, key=lambda permit: (permit.valid_until, permit.id))[:MOST]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Pemerintah Kota Medan//Pelayanan Perizinan//ID", "CALSCALE:GREGORIAN"]
    head += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(words['calendar.name'])}"]
    lines = [*head, *(line for permit in found for line in _event(permit, words)), "END:VCALENDAR"]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(permit: Permit, words: dict[str, str]) -> Iterator[str]:
    last, remind_on = permit.valid_until, permit.remind_on
    assert last is not None, "only permits that end are asked for"
    named = {"title": permit_type(permit.permit_type).title, "number": permit.number}
    summary = _text(words["calendar.ends"].format(**named))
    yield from ("BEGIN:VEVENT", f"UID:urn:uuid:{permit.id}", f"DTSTAMP:{_moment(permit.updated_at or permit.issued_at)}")
    yield from (f"SEQUENCE:{permit.version}", f"DTSTART;VALUE=DATE:{_day(last)}", f"DTEND;VALUE=DATE:{_day(last + timedelta(days=1))}")
    yield from (f"SUMMARY:{summary}", "TRANSP:TRANSPARENT")
    if remind_on is not None and permit.successor_id is None:
        yield f"DESCRIPTION:{_text(words['calendar.renew'].format(**named, start=permit.renewable_from))}"
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{summary}", f"TRIGGER:-P{(last - remind_on).days}D", "END:VALARM")
    yield "END:VEVENT"


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


def _text(value: str) -> str:
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value.replace("\n", "\\n")


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
