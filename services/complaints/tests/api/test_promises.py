"""Another date for a reason, once; works that are planned; and a place that a photo offers."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import ExifTags, Image

REASON = {"working_days": 5, "reason": "Aspal baru datang minggu depan."}
WORKS = {"reference": "RENJA-2026-0417", "expected_on": "2099-03-20"}


def said(street: Any, ident: str, what: str, body: dict[str, Any], role: str = "head", office: str = "SDABMBK") -> Any:
    headers = {**street.as_("bahrum", role, office=office), **street.etag(ident)}
    return street.client.post(street.path(ident, what), json=body, headers=headers)


def with_position(latitude: tuple[int, int, int], longitude: tuple[int, int, int]) -> bytes:
    exif = Image.Exif()
    gps = ExifTags.GPS
    exif[ExifTags.IFD.GPSInfo] = {gps.GPSLatitudeRef: "N", gps.GPSLatitude: latitude, gps.GPSLongitudeRef: "E", gps.GPSLongitude: longitude}
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_the_head_moves_the_date_once_and_everybody_reads_why(street: Any, told: Any) -> None:
    ident = street.brought_to("follow-up")
    before = street.show(ident)
    after = said(street, ident, "extension", REASON).json
    assert after["deadline"] > before["deadline"] and after["answer_by"] == after["deadline"] and after["extended_at"]
    line = street.client.get(street.path(ident)).json["timeline"][-1]
    assert (line["event"], line["note"], line["label"]) == ("extended", REASON["reason"], "Tenggat jawaban diperpanjang")
    assert said(street, ident, "extension", REASON).json["type"] == "/problems/extended-already"
    (event,) = told("complaints.complaint.extended.v1")
    assert event["data"]["answer_by"] == after["deadline"] and "reason" not in event["data"]


def test_only_the_head_of_the_office_in_charge_and_only_while_there_is_time(street: Any, clock: Any, run_due: Any) -> None:
    ident = street.brought_to("follow-up")
    assert said(street, ident, "extension", REASON, role="officer").status_code == 403
    assert said(street, ident, "extension", REASON, office="DLH").status_code == 404
    assert said(street, ident, "extension", {**REASON, "working_days": 15}).json["errors"].keys() == {"working_days"}
    assert said(street, ident, "extension", {"working_days": 5}).json["errors"].keys() == {"reason"}
    early = street.brought_to("disposition")
    assert said(street, early, "extension", REASON).json["type"] == "/problems/complaint-not-extendable"
    clock.advance(days=40)
    run_due()
    assert said(street, ident, "extension", REASON).json["type"] == "/problems/extension-too-late"


def test_a_moved_clock_escalates_at_its_new_end_and_not_at_the_old(street: Any, clock: Any, run_due: Any) -> None:
    clock.set(datetime(2026, 2, 9, 2, tzinfo=UTC))
    moved, kept = street.brought_to("follow-up"), street.brought_to("follow-up")
    said(street, moved, "extension", {**REASON, "working_days": 14})
    clock.advance(days=24)
    run_due()
    assert [street.show(one)["escalation"] for one in (moved, kept)] == ["none", "head"]
    assert street.show(moved)["deadline"] == "2026-03-30T16:59:59+00:00", "14 working days later, over Lebaran"
    clock.advance(days=30)
    run_due()
    assert street.show(moved)["escalation"] == "head"


def test_planned_works_are_shown_to_everybody_and_told_and_the_clock_runs_on(street: Any, told: Any) -> None:
    ident = street.brought_to("follow-up")
    before = street.show(ident)["deadline"]
    assert said(street, ident, "planned-works", WORKS, role="officer").status_code == 200
    assert said(street, ident, "planned-works", {**WORKS, "expected_on": "2099-04-20"}).status_code == 200
    public = street.client.get(street.path(ident)).json
    assert (public["planned_reference"], public["planned_for"], public["deadline"]) == (WORKS["reference"], "2099-04-20", before)
    assert [line["note"] for line in public["timeline"] if line["event"] == "planned"] == [f"RENJA-2026-0417: 2099-0{n}-20" for n in (3, 4)]
    assert [event["data"]["expected_on"] for event in told("complaints.complaint.planned.v1")] == ["2099-03-20", "2099-04-20"]
    street.client.post(street.path(ident, "followers"), headers=street.citizen("budi"))
    followed = street.client.get("/v1/complaints?followed=true", headers=street.citizen("budi")).json["items"]
    assert [one["planned_for"] for one in followed] == ["2099-04-20"]


def test_works_of_yesterday_and_before_the_office_begins_are_refused(street: Any) -> None:
    ident = street.brought_to("follow-up")
    assert said(street, ident, "planned-works", {**WORKS, "expected_on": "2020-01-01"}).json["errors"].keys() == {"expected_on"}
    early = street.brought_to("disposition")
    assert said(street, early, "planned-works", WORKS).json["type"] == "/problems/complaint-not-plannable"


def test_a_photo_offers_its_position_to_the_reporter_alone_and_the_picture_has_none(street: Any, run_due: Any) -> None:
    ident = street.file()["id"]
    photo = street.photo(ident, street.citizen(), with_position((3, 35, 24), (98, 40, 48))).json["id"]
    assert street.show(ident)["photos"][0]["position"] is None, "not before it was made anew"
    run_due()
    mine = street.show(ident)
    assert mine["photos"][0]["position"] == {"latitude": 3.59, "longitude": 98.68}
    assert (mine["latitude"], mine["longitude"]) == (3.5796, 98.6869), "offered, not applied"
    for step in ("verification", "disposition"):
        street.step(ident, step)
    for headers in ({}, street.citizen("budi"), street.staff("answer"), street.staff("verification"), street.as_("auditor", "auditor")):
        assert "position" not in street.show(ident, headers)["photos"][0]
    picture = street.client.get(street.path(ident, "photos", photo), headers=street.citizen()).data
    assert not Image.open(io.BytesIO(picture)).getexif()


def test_the_reporter_says_where_it_is_until_an_office_has_it(street: Any) -> None:
    ident = street.file()["id"]
    moved = street.act(ident, "place", {"latitude": 3.59, "longitude": 98.68}).json
    assert (moved["latitude"], moved["longitude"], moved["timeline"][-1]["event"]) == (3.59, 98.68, "located")
    assert street.act(ident, "place", {"latitude": 5.0, "longitude": 98.68}).json["errors"].keys() == {"latitude"}
    assert street.act(ident, "place", {"latitude": 3.59}).json["errors"].keys() == {"longitude"}
    assert street.act(ident, "place", {"latitude": 3.59, "longitude": 98.68}, "budi").status_code == 404
    for step in ("verification", "disposition"):
        street.step(ident, step)
    assert street.act(ident, "place", {"latitude": 3.59, "longitude": 98.68}).json["type"] == "/problems/complaint-not-locatable"


@pytest.mark.parametrize("reference", ["", "a b", "<b>", "x" * 81])
def test_a_reference_is_a_code(street: Any, reference: str) -> None:
    ident = street.brought_to("follow-up")
    assert said(street, ident, "planned-works", {**WORKS, "reference": reference}).json["errors"].keys() == {"reference"}
