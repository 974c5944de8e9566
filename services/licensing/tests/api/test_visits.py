"""The visit to the site: announced, moved once by each side, and carried out with pictures of the place."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import ExifTags, Image
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

HALL = {"permit_type": "SLF", "answers": {"nomor_pbg": "PBG/DPMPTSP/2024/000001", "fungsi": "usaha", "luas_lantai_m2": "600"}}
INVITED = {"day": "2026-11-27", "invitation": "Pukul 10.00 di lokasi; mohon pemohon hadir."}
LINES = ("as-built", "structure", "exits", "fire-protection")
MEDAN = {"latitude": "3.5796", "longitude": "98.6869"}
JAKARTA = ((6.0, 12.0, 0.0), "S", (106.0, 49.0, 0.0), "E")


def at(day: int) -> datetime:
    return datetime(2026, 11, day, 3, tzinfo=UTC)


def report(conclusion: str = "conforms", *unmet: str) -> dict[str, Any]:
    lines = [{"code": code, "met": code not in unmet, "note": "Diperiksa."} for code in LINES]
    return {"checklist": lines, "report": "Bangunan diperiksa bersama pemohon.", "conclusion": conclusion}


def picture(where: tuple[Any, str, Any, str] | None = None) -> bytes:
    """A JPEG; with the position that its camera wrote."""
    exif = Image.Exif()
    if where:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef] = where[0], where[1]
        gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef] = where[2], where[3]
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG", exif=exif)
    return out.getvalue()


class Site:
    """One application that is complete on Tuesday 24 November 2026, and its visits."""

    def __init__(self, desk: Any) -> None:
        self.desk, self.ident = desk, desk.open(**HALL)
        for kind in ("building_permit", "feasibility_statement", "as_built_drawings"):
            assert desk.upload(self.ident, kind).status_code == 201
        for step in ("submission", "completeness"):
            assert desk.step(self.ident, step).status_code == 200
        self.visit = ""

    def post(self, path: str, step: str = "examinations", **sent: Any) -> Any:
        headers = self.desk.citizen() if step == "own" else {**self.desk.staff(step), **self.desk.etag(self.ident)}
        return self.desk.client.post(f"/v1/permit-applications/{self.ident}/visits{path}", headers=headers, **sent)

    def schedule(self, **other: Any) -> Any:
        answer = self.post("", "completeness", json={**INVITED, **other})
        if answer.status_code == 201:
            self.visit = answer.json["id"]
        return answer

    def photo(self, content: bytes, **point: str) -> Any:
        return self.post(f"/{self.visit}/photos", data={**point, "file": (io.BytesIO(content), "foto.jpg", "image/jpeg")})

    def report(self, body: dict[str, Any]) -> Any:
        return self.post(f"/{self.visit}/report", json=body)

    def move(self, day: str, step: str = "own") -> Any:
        return self.post(f"/{self.visit}/rescheduling", step, json={"day": day, "reason": "Berhalangan."})

    def shown(self) -> Any:
        return self.desk.client.get(f"/v1/permit-applications/{self.ident}/visits", headers=self.desk.citizen()).json["items"]


@pytest.fixture
def site(desk: Any, clock: Any) -> Site:
    clock.set(at(24))
    return Site(desk)


def test_the_applicant_is_invited_to_a_working_day_ahead(site: Site) -> None:
    for day in ("2026-11-24", "2026-11-28", "2027-03-01", "9999-01-04"):
        refused = site.schedule(day=day)
        assert (refused.status_code, set(refused.json["errors"])) == (422, {"day"})
    assert site.schedule().status_code == 201
    (shown,) = site.shown()
    assert (shown["day"], shown["invitation"], shown["conclusion"]) == (INVITED["day"], INVITED["invitation"], None)
    assert site.schedule().json["type"] == "/problems/visit-scheduled-already"


def test_the_applicant_sees_the_day_and_what_to_do_among_their_cases_until_it_was_carried_out(site: Site, desk: Any) -> None:
    def cases(who: str = "budi") -> list[tuple[str, str, str]]:
        rows = desk.client.get("/v1/me/cases", headers=desk.citizen(who)).json["cases"]
        return [(row["deadline"][:10], row["label"], row["path"]) for row in rows if row["kind"] == "visit"]

    assert cases() == []
    site.schedule()
    path = f"/v1/permit-applications/{site.ident}/visits"
    assert cases() == [("2026-11-27", "Kunjungan ke lokasi: hadirlah, atau mintalah hari lain (satu kali)", path)]
    assert cases("siti") == []
    site.move("2026-11-30")
    assert cases() == [("2026-11-30", "Kunjungan ke lokasi: hadirlah", path)]
    assert desk.step(site.ident, "withdrawal", {"reason_code": "plan-changed"}).status_code == 200
    assert cases() == []


def test_each_side_moves_it_once(site: Site) -> None:
    site.schedule()
    assert site.move("2026-11-30").json["day"] == "2026-11-30"
    again = site.move("2026-12-01")
    assert (again.status_code, again.json["type"]) == (409, "/problems/visit-moved-already")
    assert site.move("2026-12-01", "completeness").json["day"] == "2026-12-01"
    assert site.move("2026-12-02", "examinations").json["type"] == "/problems/visit-moved-already"
    assert [(one["side"], one["from_day"], one["to_day"]) for one in site.shown()[0]["moves"]] == [
        ("applicant", "2026-11-27", "2026-11-30"), ("office", "2026-11-30", "2026-12-01"),
    ]  # fmt: skip


def test_a_company_s_people_move_it_as_the_applicant_once_between_them(site: Site, desk: Any, session: Session) -> None:
    site.schedule()
    session.execute(sa.text("UPDATE permit_application SET owner_sub = 'company-deli'"))
    session.commit()

    def move(name: str, day: str) -> Any:
        path = f"/v1/permit-applications/{site.ident}/visits/{site.visit}/rescheduling"
        body = {"day": day, "reason": "Berhalangan."}
        return desk.client.post(path, json=body, headers=desk.as_(name, "citizen", companies=["company-deli"]))

    assert [one["side"] for one in move("budi", "2026-11-30").json["moves"]] == ["applicant"]
    assert move("siti", "2026-12-01").json["type"] == "/problems/visit-moved-already"
    assert site.move("2026-12-01", "completeness").json["day"] == "2026-12-01"


def test_without_the_visit_that_the_type_asks_for_nothing_is_approved(site: Site, desk: Any, clock: Any, run_due: Any) -> None:
    assert desk.step(site.ident, "examinations").status_code == 201
    assert desk.step(site.ident, "approval").json["type"] == "/problems/visit-missing"
    site.schedule()
    assert site.report(report()).json["type"] == "/problems/visit-not-yet"
    clock.set(at(27))
    assert desk.step(site.ident, "approval").json["type"] == "/problems/visit-missing"
    for _ in range(2):
        assert site.photo(picture(), **MEDAN).status_code == 201
    assert site.report(report()).json["type"] == "/problems/visit-photos-in-check"
    run_due()
    assert site.report(report("differs", "exits")).status_code == 200
    assert desk.step(site.ident, "approval").json["type"] == "/problems/visit-not-conforming"
    site.schedule(day="2026-11-30")
    clock.set(at(30))
    for _ in range(2):
        site.photo(picture(), **MEDAN)
    run_due()
    assert site.report(report()).json["conclusion"] == "conforms"
    assert [one["position"] for one in site.shown()] == [1, 2]
    both = {**desk.as_("eko", "examiner", "approver", office="DPMPTSP"), **desk.etag(site.ident)}
    assert desk.step(site.ident, "approval", headers=both).json["type"] == "/problems/approver-has-examined"
    assert desk.step(site.ident, "approval").status_code == 200


def test_pictures_count_only_where_they_show_a_place_in_medan(site: Site, clock: Any, run_due: Any) -> None:
    site.schedule()
    outside = site.photo(picture(), latitude="-6.2", longitude="106.8")
    assert (outside.status_code, set(outside.json["errors"])) == (422, {"latitude", "longitude"})
    assert set(site.photo(picture(), latitude="3.58").json["errors"]) == {"longitude"}
    assert set(site.photo(b"MZ not a picture").json["errors"]) == {"file"}
    assert site.photo(picture()).status_code == 201
    assert site.photo(picture(JAKARTA), **MEDAN).status_code == 201
    assert site.photo(picture(), **MEDAN).status_code == 201
    clock.set(at(27))
    run_due()
    refused = site.report(report())
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/visit-photos-missing")
    assert "2" in refused.json["detail"]
    assert site.shown()[0]["report"] is None
    assert site.photo(picture(((3.0, 35.0, 24.0), "N", (98.0, 40.0, 12.0), "E"))).status_code == 201
    run_due()
    assert site.report(report()).status_code == 200
    found = {(one["latitude"], one["by_camera"]) for one in site.shown()[0]["photos"]}
    assert found == {(None, False), (-6.2, True), (3.5796, False), (3.59, True)}


def test_the_checklist_is_answered_whole_and_agrees_with_the_conclusion(site: Site, clock: Any) -> None:
    site.schedule()
    clock.set(at(27))
    left_out = report()
    left_out["checklist"] = [*left_out["checklist"][1:], {"code": "horoscope", "met": True}]
    refused = site.report(left_out)
    assert (refused.status_code, set(refused.json["errors"]["checklist"])) == (422, {"as-built", "horoscope"})
    assert set(site.report(report("conforms", "exits")).json["errors"]) == {"conclusion"}


def test_what_was_found_is_not_changed(site: Site, clock: Any, run_due: Any) -> None:
    site.schedule()
    clock.set(at(27))
    for _ in range(2):
        site.photo(picture(), **MEDAN)
    run_due()
    assert site.report(report()).status_code == 200
    for answer in (site.report(report("differs", "exits")), site.photo(picture()), site.move("2026-11-30", "completeness")):
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/visit-carried-out")


def test_the_pictures_are_seen_by_applicant_and_office_only(site: Site, desk: Any, run_due: Any) -> None:
    site.schedule()
    photo = site.photo(picture(JAKARTA), **MEDAN).json["id"]
    run_due()
    path = f"/v1/permit-applications/{site.ident}/visits/{site.visit}/photos/{photo}"
    for headers in (desk.citizen(), desk.staff("completeness")):
        shown = desk.client.get(path, headers=headers)
        assert shown.data.startswith(b"\xff\xd8") and b"Exif" not in shown.data
    assert desk.client.get(path, headers=desk.citizen("siti")).status_code == 404
    assert desk.client.get(path.replace(photo, site.visit), headers=desk.citizen()).status_code == 404


def test_out_of_role_or_out_of_turn_nobody_visits(site: Site, desk: Any) -> None:
    assert site.post("", "own", json=INVITED).status_code == 403
    assert site.post("", "approval", json=INVITED).status_code == 403
    site.schedule()
    assert site.post(f"/{site.visit}/report", "completeness", json=report()).status_code == 403
    assert desk.step(site.ident, "returns").status_code == 200
    assert site.move("2026-11-30").json["type"] == "/problems/application-not-examinable"
    assert site.photo(picture(), **MEDAN).json["type"] == "/problems/application-not-examinable"
    house = desk.brought_to("submission")
    headers = {**desk.staff("completeness"), **desk.etag(house)}
    early = desk.client.post(f"/v1/permit-applications/{house}/visits", json=INVITED, headers=headers)
    assert early.json["type"] == "/problems/application-not-examinable"


def test_a_type_without_a_checklist_has_no_visits(desk: Any, clock: Any) -> None:
    clock.set(at(24))
    shop = {"permit_type": "TOKO", "answers": {"nama_usaha": "Toko Sinar", "jenis_usaha": "toko", "luas_m2": "24"}}
    ident = desk.open(**shop)
    desk.upload(ident, "place_of_business")
    for step in ("submission", "completeness"):
        desk.step(ident, step)
    headers = {**desk.staff("completeness"), **desk.etag(ident)}
    refused = desk.client.post(f"/v1/permit-applications/{ident}/visits", json=INVITED, headers=headers)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/visit-not-declared")


def test_the_database_refuses_a_second_move_of_a_side_and_a_second_open_visit(site: Site, session: Session) -> None:
    site.schedule()
    site.move("2026-11-30")
    for statement, named in (
        ("INSERT INTO visit_move SELECT * FROM visit_move", "pk_visit_move"),
        (
            "INSERT INTO visit (id, application_id, position, day, invitation, scheduled_at, scheduler_sub, checklist) "
            "SELECT gen_random_uuid(), application_id, 2, day, 'x', scheduled_at, 'x', '[]' FROM visit",
            "uq_visit_scheduled",
        ),
    ):
        with pytest.raises(IntegrityError) as error:
            session.execute(sa.text(statement))
        assert error.value.orig.diag.constraint_name == named  # type: ignore[union-attr]
        session.rollback()
