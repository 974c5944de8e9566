"""`permits/renewals.ics`: what a calendar reads of a holder's permits."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.icalendar import LINE


def read(desk: Any, who: str = "budi") -> str:
    answer = desk.client.get("/v1/permits/renewals.ics", headers=desk.citizen(who))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return str(answer.data.decode())


def unfolded(calendar: str) -> list[str]:
    assert calendar.endswith("\r\n") and "\n" not in calendar.replace("\r\n", "")
    assert all(len(line.encode()) <= LINE for line in calendar.split("\r\n"))
    return calendar.replace("\r\n ", "").split("\r\n")[:-1]


def test_every_permit_that_ends_is_a_day_with_an_alarm(a_shop: Any, desk: Any) -> None:
    permit = a_shop()
    lines = unfolded(read(desk))
    assert (lines[0], lines[1], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    for line in (
        f"UID:urn:uuid:{permit['id']}", "DTSTART;VALUE=DATE:20311124", "DTEND;VALUE=DATE:20311125", "TRIGGER:-P90D",
        f"SUMMARY:Izin Usaha Toko dan Usaha Mikro {permit['number']} berakhir",
    ):  # fmt: skip
        assert line in lines, lines
    assert unfolded(read(desk)) == lines


def test_nobody_reads_the_permits_of_another_and_what_no_longer_stands_is_gone(a_shop: Any, desk: Any, head: Any) -> None:
    permit = a_shop()
    assert "BEGIN:VEVENT" not in read(desk, "siti")
    assert desk.client.get("/v1/permits/renewals.ics").status_code == 401
    head.act(permit, "revocation", {"reason_code": "court-order", "text": "Putusan PTUN."})
    assert "BEGIN:VEVENT" not in read(desk)


def test_who_acts_for_a_company_reads_its_permits_beside_their_own(a_shop: Any, desk: Any, as_: Any, session: Session) -> None:
    own, company = a_shop(), a_shop()
    session.execute(
        sa.text("UPDATE permit SET owner_sub = 'pt-sinar', valid_until = '2030-01-31', remind_on = NULL WHERE id = :id"),
        {"id": UUID(company["id"])},
    )
    session.commit()
    headers = as_("budi", "citizen", companies=["pt-sinar"])
    lines = unfolded(desk.client.get("/v1/permits/renewals.ics", headers=headers).data.decode())
    assert [line for line in lines if line.startswith("UID:")] == [f"UID:urn:uuid:{one['id']}" for one in (company, own)]
    assert f"UID:urn:uuid:{company['id']}" not in read(desk)


def test_the_calendar_speaks_english_too(a_shop: Any, desk: Any) -> None:
    permit = a_shop()
    headers = {**desk.citizen(), "Accept-Language": "en"}
    assert f"{permit['number']} ends" in desk.client.get("/v1/permits/renewals.ics", headers=headers).data.decode().replace("\r\n ", "")
