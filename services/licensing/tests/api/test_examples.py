"""Every operation is played once, and its example in the documentation is what it was asked and answered."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from smartcity.testing import data_rights

CITY_HALL = {"lat": 3.5896, "lon": 98.6739}
NIB = "8120001234567"
TALL = {"answers": {"fungsi": "usaha", "jumlah_lantai": 5, "luas_lantai_m2": "900"}, "position": CITY_HALL}
TARIFF = {
    "code": "medan-pbg-2032", "rule_set": "pp-16-2021", "legal_basis": "Perda Kota Medan 1/2031", "valid_from": "2032-01-01",
    "prices": {"ilo": "0.005", "shst": "10700000"},
}  # fmt: skip
MET = [{"code": code, "met": True, "note": "Diperiksa bersama pemohon."} for code in ("location", "boundary", "access", "not-begun")]
APPLICATIONS, PERMITS, QUEUE, OPEN_DATA = "/v1/permit-applications", "/v1/permits", "/v1/work-queues/licensing", "/v1/open-data/licensing"


def day(*date: int) -> datetime:
    return datetime(*date, 3, tzinfo=UTC)  # type: ignore[misc]


class Story:
    """People at the counter, one after the other; whatever they do must go well."""

    def __init__(self, recorder: Any, desk: Any, head: Any, clock: Any) -> None:
        self.get, self.post, self.well = recorder.get, recorder.post, recorder.well
        self.desk, self.head, self.clock = desk, head, clock

    def step(self, ident: str, step: str, body: Any = None) -> Any:
        return self.well(self.desk.step(ident, step, body))


@pytest.fixture
def story(recorder: Any, desk: Any, head: Any, clock: Any) -> Story:
    clock.set(day(2026, 11, 24))
    return Story(recorder, desk, head, clock)


def what_anybody_reads(story: Story, house: dict[str, Any]) -> None:
    for path in (
        "/v1/permit-types", "/v1/permit-types/TOKO", "/v1/tariffs", "/v1/tariffs/reliefs", "/v1/statistics/licensing/permits", OPEN_DATA,
        *(f"{OPEN_DATA}/{page}" for page in ("permits.json", "permits.csv", "permits.geojson", "permit-statistics.csv", "permits/metadata")),
        "/v1/inspections/terms", f"{OPEN_DATA}/document-keys",
    ):  # fmt: skip
        story.get(path)
    story.post("/v1/retribution-estimates", {}, json={"rule_set": "pp-16-2021", "inputs": house})


def a_shop_all_its_life(story: Story, a_shop: Any, notice: dict[str, str]) -> None:
    """Suspended, answered for, corrected, amended, renewed, revoked."""
    head, permit, terms = story.head, a_shop(nib=NIB), {**notice, "starts_on": "2026-12-02", "ends_on": "2026-12-31"}
    story.well(head.act(permit, "suspension", terms))
    story.well(head.ask(permit, "answer", body={"text": "Trotoar sudah kami kosongkan."}))
    story.well(head.act(permit, "suspension/lifting"))
    changes = {"reason_code": "written-wrongly", "text": "Nama pemegang salah tulis.", "changes": {"holder_name": "Budi Siregar, S.E."}}
    permit = story.well(head.act(permit, "correction", changes))
    story.well(head.ask(permit, "amendment"))
    other = a_shop(nib=NIB)
    story.clock.set(day(2031, 5, 28))
    story.well(head.ask(other, "renewal"))
    story.get(f"{PERMITS}/renewals.ics", story.desk.citizen())
    story.well(head.act(permit, "revocation-notice", notice))
    story.well(head.ask(permit, "answer", body={"text": "Sudah kami kosongkan."}))
    story.well(head.act(permit, "revocation", {"reason_code": notice["reason_code"]}))


def one_that_is_visited_and_cleared(story: Story, run_due: Any) -> str:
    """A building for which other offices are asked and the site is seen; given back in the end."""
    desk, ident = story.desk, story.desk.brought_to("completeness", **TALL)
    path, office, citizen = f"{APPLICATIONS}/{ident}", desk.staff("examinations"), desk.citizen()
    visit = story.post(
        f"{path}/visits", {**office, **desk.etag(ident)}, json={"day": "2031-05-29", "invitation": "Pukul 10.00 di lokasi."}
    )["id"]
    story.post(f"{path}/visits/{visit}/rescheduling", citizen, json={"day": "2031-05-30", "reason": "Berhalangan."})
    story.clock.set(day(2031, 5, 30))
    for _ in range(2):
        photo = story.post(
            f"{path}/visits/{visit}/photos", {**office, **desk.etag(ident)},
            data={"latitude": "3.5896", "longitude": "98.6739", "file": (picture(), "foto.jpg", "image/jpeg")},
        )["id"]  # fmt: skip
    run_due()
    story.get(f"{path}/visits/{visit}/photos/{photo}", office)
    found = {"checklist": MET, "report": "Lokasi sesuai gambar.", "conclusion": "conforms"}
    story.post(f"{path}/visits/{visit}/report", {**office, **desk.etag(ident)}, json=found)
    clearance = story.get(f"{path}/clearances", office)["items"][-1]
    asked, uli = f"{path}/clearances/{clearance['id']}", desk.as_("uli", "officer", office=clearance["office"])
    seen = story.get(asked, uli)
    story.get(f"{asked}/documents/{seen['documents'][0]['id']}", uli)
    story.well(desk.answer(ident, clearance["code"], office=clearance["office"]))
    story.step(ident, "examinations", desk.wanting("Tangga darurat belum tergambar."))
    story.step(ident, "returns")
    for page in ("visits", "clearances"):
        story.get(f"{path}/{page}", citizen)
    return str(ident)


def those_that_end_otherwise(story: Story, returned: str) -> None:
    """One is changed and withdrawn, one is rejected."""
    desk, citizen = story.desk, story.desk.citizen()
    match = {"If-Match": desk.client.get(f"{APPLICATIONS}/{returned}", headers=citizen).headers["ETag"]}
    changed = {"site_address": "Jalan Sisingamangaraja 42, Medan"}
    story.well(desk.client.patch(f"{APPLICATIONS}/{returned}", json=changed, headers={**citizen, **match}))
    story.step(returned, "withdrawal", {"reason_code": "plan-changed"})
    story.step(desk.brought_to("approval"), "rejection")


def a_house_from_draft_to_permit(story: Story, hear: Any, paid: Any, run_due: Any) -> None:
    desk, citizen = story.desk, story.desk.citizen()
    ident = desk.brought_to("assessment")
    document = story.get(f"{APPLICATIONS}/{ident}/documents", citizen)["items"][0]
    story.get(f"{APPLICATIONS}/{ident}/documents/{document['id']}", citizen)
    hear("finance-sts.bill.paid.v1", paid(ident))
    permit = story.head.permit(story.desk.show(ident)["permit_id"])
    match = {"If-Match": desk.client.get(f"{PERMITS}/{permit['id']}", headers=citizen).headers["ETag"]}
    story.post(f"{PERMITS}/{permit['id']}/works-notice", {**citizen, **match}, json={"starts_on": "2031-06-09"})
    story.get(f"{PERMITS}/{permit['id']}/document", citizen)
    run_due()
    for path in (
        f"{APPLICATIONS}/{ident}", APPLICATIONS, f"{APPLICATIONS}/summary", f"{PERMITS}/{permit['id']}", PERMITS,
        f"/v1/verify/{permit['verify_code']}", "/v1/me/cases", "/v1/me/data-access",
    ):  # fmt: skip
        story.get(path, citizen)


def what_the_office_does(story: Story, mend: Any) -> None:
    """Its queue and its officers, its tariff, and what it tells the national systems."""
    desk = story.desk
    head, officer = desk.as_("kadis", "head", office="DPMPTSP"), desk.staff("completeness")
    desk.brought_to("submission")
    story.get(QUEUE, officer)
    story.get(f"{QUEUE}/officers", head)
    story.post(f"{QUEUE}/officers/sri/presence", head, json={"present": False})
    story.post("/v1/tariffs", head, json=TARIFF)
    permit = story.get(f"{PERMITS}/forwarding", officer)["items"][0]
    story.get(f"{PERMITS}/{permit['permit_id']}/forwarding", officer)
    story.well(mend({"id": permit["permit_id"]}, "send_again"))


def two_inspections(story: Story, inspect: Any, run_due: Any) -> None:
    permit = story.get(PERMITS, story.desk.citizen())["items"][0]
    where = {
        "office": "DPMPTSP",
        "kelurahan_code": "12.71.01.1001",
        "site_address": "Jalan Deli 1",
        "cause": "Pengawasan rutin.",
        "permit_no": permit["number"],
    }
    inspect(**where).post("cancellation", {"reason_code": "filed-twice"})
    inspection = inspect(**where)
    for done in (inspection.schedule(), inspection.photo(), inspection.photo()):
        photo = story.well(done)
    run_due()
    story.get(f"{inspection.path}/photos/{photo['id']}", inspection.headers)
    story.well(inspection.conclude(outcome_code="violation-found"))
    story.get(inspection.path, inspection.headers)
    story.get("/v1/inspections", inspection.headers)


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG")
    return io.BytesIO(out.getvalue())


@pytest.mark.usefixtures("share")
def test_every_operation_has_an_example_that_holds(
    recorder: Any, story: Story, a_shop: Any, a_house: Any, notice: Any, run_due: Any, hear: Any, paid: Any, mend: Any, inspect: Any
) -> None:
    a_shop_all_its_life(story, a_shop, notice)
    those_that_end_otherwise(story, one_that_is_visited_and_cleared(story, run_due))
    a_house_from_draft_to_permit(story, hear, paid, run_due)
    what_the_office_does(story, mend)
    two_inspections(story, inspect, run_due)
    what_anybody_reads(story, a_house)
    assert data_rights.played(recorder, "licensing", story.desk.citizen(), story.desk.as_("kepala", "head", office="DPMPTSP"), run_due)[
        "permits"
    ]
    assert recorder.wrong() == []
    assert recorder.intruded() == []
    assert recorder.kept_out() == []
