"""What a feed reader and a calendar read: what is public, and what waits for an office."""

from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

ATOM, POINT = "{http://www.w3.org/2005/Atom}", "{http://www.georss.org/georss}point"
FEED, DEADLINES = "/v1/feeds/complaints.atom", "/v1/feeds/deadlines.ics"
OTHER_PLACE = "12.71.01.1002"


def read(street: Any, query: str = "") -> Element:
    answer = street.client.get(f"{FEED}{query}")
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8"), answer.text
    return fromstring(answer.data)


def entries(feed: Element) -> list[str]:
    return [entry.findtext(f"{ATOM}id", "").removeprefix("urn:uuid:") for entry in feed.findall(f"{ATOM}entry")]


def events(calendar: str) -> list[dict[str, str]]:
    """The events of a calendar: name of each line and its value."""
    found = []
    for part in calendar.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]:
        found.append(dict(line.split(":", 1) for line in part.partition("END:VEVENT")[0].split("\r\n") if ":" in line))
    return found


def test_a_feed_has_the_public_complaints_of_a_place_and_a_kind_newest_first(street: Any) -> None:
    hole, flood = street.brought_to("disposition"), street.brought_to("verification", category="banjir", answers={"depth_cm": 40})
    elsewhere = street.brought_to("verification", kelurahan_code=OTHER_PLACE)
    street.file()
    street.brought_to("verification", confidential=True)
    assert entries(read(street)) == [elsewhere, flood, hole]
    assert entries(read(street, "?category=jalan_rusak")) == [elsewhere, hole]
    assert entries(read(street, "?kelurahan_code=12.71.01.1001")) == [flood, hole]
    assert entries(read(street, f"?kelurahan_code={OTHER_PLACE}&category=banjir")) == []


def test_a_feed_and_its_entries_have_what_the_standard_asks(street: Any) -> None:
    ident = street.brought_to("answer")
    feed = read(street, "?category=jalan_rusak")
    (entry,) = feed.findall(f"{ATOM}entry")
    for element in (feed, entry):
        assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Pemerintah Kota Medan"
    link = feed.find(f"{ATOM}link[@rel='self']")
    assert link is not None and link.get("href") == feed.findtext(f"{ATOM}id") and str(link.get("href")).endswith("?category=jalan_rusak")
    assert feed.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    there = entry.find(f"{ATOM}link[@rel='alternate']")
    assert there is not None and str(there.get("href")).endswith(f"/v1/complaints/{ident}")
    assert entry.findtext(f"{ATOM}summary", "").startswith("Ditindaklanjuti · Jalan Sisingamangaraja 40")
    assert entry.findtext(POINT) == "3.5796 98.6869"


def test_a_feed_is_kept_by_caches_and_known_by_its_tag(street: Any) -> None:
    street.brought_to("verification")
    answer = street.client.get(FEED)
    assert "public" in answer.headers["Cache-Control"]
    again = street.client.get(FEED, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("query", ["?category=cuaca", "?kelurahan_code=12.07.01.1001", "?office=SDABMBK"])
def test_a_feed_of_nothing_known_is_refused(street: Any, query: str) -> None:
    assert street.client.get(f"{FEED}{query}").status_code == 422


def test_titles_are_written_as_they_are(street: Any) -> None:
    street.brought_to("verification", title='Jalan < 3 meter & "licin"')
    assert read(street).findtext(f"{ATOM}entry/{ATOM}title") == 'Jalan < 3 meter & "licin"'


def test_an_office_has_its_deadlines_in_its_calendar_and_no_other_office_has(street: Any, clock: Any) -> None:
    clock.set(datetime(2026, 2, 9, 2, tzinfo=UTC))
    ident = street.brought_to("disposition", anonymous=True, reporter_name="Ibu Tiurma")
    street.brought_to("answer")
    unread = street.file()["id"]
    answer = street.client.get(DEADLINES, headers=street.staff("answer"))
    (event,) = events(answer.text)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert event["UID"] == f"urn:uuid:{ident}" and event["URL"].endswith(f"/v1/complaints/{ident}") and event["TRIGGER"] == "-P1D"
    assert event["SUMMARY"].endswith("Jalan rusak/berlubang: mulai ditangani")
    assert event["DTSTART;VALUE=DATE"] == street.show(ident)["deadline"][:10].replace("-", "")
    assert "Tiurma" not in answer.text and "Lubang" not in answer.text
    assert events(street.client.get(DEADLINES, headers=street.staff("answer", "DISHUB")).text) == []
    (look,) = events(street.client.get(DEADLINES, headers=street.staff("verification")).text)
    assert look["UID"] == f"urn:uuid:{unread}" and look["SUMMARY"].endswith("dibaca dan didisposisikan")
    assert street.client.get(DEADLINES).status_code == 401
    assert street.client.get(DEADLINES, headers=street.citizen()).status_code == 403
