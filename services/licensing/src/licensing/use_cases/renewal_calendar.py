"""The permits that end, of a person and the companies they act for, as iCalendar (RFC 5545): a day for each, and an alarm when it is time to renew."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.use_cases.cases import ending
from licensing.use_cases.permit_types import permit_type
from smartcity import icalendar
from smartcity.http import Actor

MOST = 1000


def renewal_calendar(session: Session, actor: Actor, words: dict[str, str]) -> str:
    """The calendar; `words` are the texts `calendar.name`, `calendar.ends` and `calendar.renew`. At most the nearest `MOST` permits."""
    ends = (permit for sub in actor.subs for permit in session.scalars(ending(sub).limit(MOST)))
    found = sorted(ends, key=lambda permit: (permit.valid_until, permit.id))[:MOST]
    return icalendar.calendar("Pelayanan Perizinan", words["calendar.name"], (_event(permit, words) for permit in found))


def _event(permit: Permit, words: dict[str, str]) -> Iterator[str]:
    last, remind_on = permit.valid_until, permit.remind_on
    assert last is not None, "only permits that end are asked for"
    named = {"title": permit_type(permit.permit_type).title, "number": permit.number}
    summary = icalendar.text(words["calendar.ends"].format(**named))
    yield from (f"UID:urn:uuid:{permit.id}", f"DTSTAMP:{icalendar.moment(permit.updated_at or permit.issued_at)}")
    yield from (f"SEQUENCE:{permit.version}", *icalendar.whole_day(last), f"SUMMARY:{summary}", "TRANSP:TRANSPARENT")
    if remind_on is not None and permit.successor_id is None:
        yield f"DESCRIPTION:{icalendar.text(words['calendar.renew'].format(**named, start=permit.renewable_from))}"
        yield from icalendar.alarm((last - remind_on).days, summary)
