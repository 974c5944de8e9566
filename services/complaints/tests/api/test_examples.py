"""Every operation is played once, and its example in the documentation is what it was asked and answered."""

from datetime import UTC, datetime
from typing import Any

import pytest

from smartcity.testing import data_rights

COMPLAINTS, OPEN_DATA, OPEN311 = "/v1/complaints", "/v1/open-data/complaints", "/open311/v2"
RULE = {"category": "jalan_rusak", "office": "PERKIMCIKATARU", "kecamatan_code": "12.71.01", "valid_from": "2027-01-01"}
BY_THE_TRADE = ("give_survey: anyone", "return_complaint: officer", "return_complaint: head")
"""A survey is given once; a returned complaint has no office: `test_who_sees_and_does_what`."""
REPAIRED = {
    "text": "Lubang telah ditutup aspal.", "cost": 1_250_000, "materials": [{"name": "Aspal dingin", "quantity": "0.75", "unit": "ton"}],
}  # fmt: skip
SCORES = {"time": 3, "conduct": 4, "complaint_handling": 4}


class Story:
    """People around a complaint, one after the other; whatever they do must go well."""

    def __init__(self, recorder: Any, street: Any) -> None:
        self.get, self.post, self.well = recorder.get, recorder.post, recorder.well
        self.street, self.coordinator = street, street.as_("citra", "coordinator", office="DISKOMINFO")

    def step(self, ident: str, *steps: str, body: Any = None) -> None:
        for step in steps:
            self.well(self.street.step(ident, step, body))

    def act(self, ident: str, action: str, body: dict[str, Any]) -> None:
        self.well(self.street.act(ident, action, body))

    def promise(self, ident: str, what: str, body: dict[str, Any]) -> None:
        """A word of the head of the office."""
        head = self.street.as_("bahrum", "head", office="SDABMBK")
        self.post(self.street.path(ident, what), {**head, **self.street.etag(ident)}, json=body)

    def decide(self, ident: str, what: str, body: dict[str, Any]) -> None:
        """A step of the coordinator, who has seen the complaint as it is now."""
        self.post(self.street.path(ident, what), {**self.coordinator, **self.street.etag(ident)}, json=body)


@pytest.fixture
def story(recorder: Any, street: Any, clock: Any) -> Story:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    return Story(recorder, street)


def a_hole_from_filing_to_proof(story: Story, clock: Any, run_due: Any) -> str:
    """Not clear at first, laid before the wrong office, repaired, not well enough, and repaired again."""
    street, ident = story.street, story.street.file()["id"]
    story.step(ident, "verification", body={"result": "needs_completion", "note": "Di depan rumah nomor berapa?"})
    story.act(ident, "completion", {"text": "Di depan nomor 40."})
    story.act(ident, "place", {"latitude": 3.5797, "longitude": 98.687})
    story.step(ident, "verification", "disposition", "return", "disposition", "follow-up")
    story.promise(ident, "assignment", {})
    story.promise(ident, "planned-works", {"reference": "RENJA-2026-0417", "expected_on": "2026-12-10"})
    story.promise(ident, "extension", {"working_days": 5, "reason": "Aspal baru datang minggu depan."})
    story.step(ident, "answer")
    story.act(ident, "reopening", {"note": "Masih berlubang di sebelahnya."})
    story.well(street.photo(ident, {**street.staff("answer"), **street.etag(ident)}))
    story.step(ident, "answer", body=REPAIRED)
    photo = story.well(street.photo(ident, street.citizen()))["id"]
    story.get("/v1/work-queues/complaints/moderation", story.coordinator)
    story.decide(ident, f"photos/{photo}/review", {"decision": "shown"})
    story.decide(ident, "wording", {"title": "Lubang di jalan"})
    run_due()
    story.get(street.path(ident, "photos", photo), street.citizen())
    for what in ("support", "followers"):
        story.post(street.path(ident, what), street.citizen("budi"))
    story.well(street.client.delete(street.path(ident, "followers"), headers=street.citizen("budi")))
    clock.advance(hours=5)
    story.post(street.path(ident, "confirmation"), street.citizen("budi"), json={"repaired": True})
    story.act(ident, "acceptance", {"rating": 5})
    story.post("/v1/satisfaction/surveys", street.citizen(), json={"complaint_id": ident, "scores": SCORES})
    return str(ident)


def without_an_account(story: Story) -> None:
    """By the token alone: what was asked is added, not agreed with, agreed with; another is withdrawn."""
    filed, other = (story.street.file(headers={}, anonymous=True, reporter_contact="0800-000-000") for _ in range(2))
    ident, track = filed["id"], f"{COMPLAINTS}/track/{filed['follow_up_token']}"
    story.step(ident, "verification", body={"result": "needs_completion", "note": "Di depan rumah nomor berapa?"})
    story.post(f"{track}/completion", json={"text": "Di depan nomor 40."})
    story.post(f"{track}/place", json={"latitude": 3.5797, "longitude": 98.687})
    story.well(story.street.photo(f"track/{filed['follow_up_token']}", {}))
    story.step(ident, "verification", "disposition", "follow-up", "answer")
    story.post(f"{track}/reopening", json={"note": "Belum selesai."})
    story.step(ident, "answer")
    story.post(f"{track}/acceptance", json={"rating": 4})
    story.get(track)
    story.post(f"{COMPLAINTS}/track/{other['follow_up_token']}/withdrawal", json={"reason_code": "solved"})


def the_same_hole_again(story: Story) -> None:
    """One is known already and linked; one is withdrawn; one waits for its office."""
    original, twice, gone = story.street.brought_to("disposition"), story.street.file()["id"], story.street.file()["id"]
    story.decide(twice, "duplicate", {"original_id": original})
    story.act(gone, "withdrawal", {"reason_code": "solved"})
    for path in ("/v1/work-queues/complaints", "/v1/feeds/deadlines.ics"):
        story.get(path, story.street.staff("follow-up"))
    story.get(f"{COMPLAINTS}/duplicates?category=jalan_rusak&latitude=3.57985&longitude=98.68695")


def what_is_read(story: Story, ident: str) -> None:
    for path in (
        "/v1/complaint-categories", COMPLAINTS, "/v1/feeds/complaints.atom?category=jalan_rusak", "/v1/satisfaction/index", "/v1/statistics/complaints?by=office",
        f"{OPEN_DATA}/complaints.geojson?west=98.6&south=3.5&east=98.8&north=3.7", f"{OPEN_DATA}/statistics.csv", OPEN_DATA, f"{OPEN_DATA}/statistics/metadata",
    ):  # fmt: skip
        story.get(path)
    for path in (story.street.path(ident), story.street.path(ident, "timeline"), "/v1/me/cases", "/v1/me/data-access"):
        story.get(path, story.street.citizen())


def from_an_application(story: Story) -> None:
    """By Open311: asked what can be filed, filed, read by the city, found again."""
    form = {"api_key": "key-of-an-application", "service_code": "banjir", "lat": "3.5796", "long": "98.6869", "description": "Air setinggi lutut.",
            "attribute[kelurahan_code]": "12.71.01.1001", "attribute[depth_cm]": "40"}  # fmt: skip
    for path in ("discovery", "services", "services/banjir"):
        story.get(f"{OPEN311}/{path}.json")
    filed = story.post(f"{OPEN311}/requests.json", data=form)[0]
    queue = story.get("/v1/work-queues/complaints", story.coordinator)["items"]
    story.step(next(one["id"] for one in queue if one["number"] == filed["service_request_id"]), "verification")
    token = filed["service_notice"].rpartition("/")[2]
    for path in ("requests", f"requests/{filed['service_request_id']}", f"tokens/{token}", "servicerequestupdates"):
        story.get(f"{OPEN311}/{path}.json")


def test_every_operation_has_an_example_that_holds(recorder: Any, story: Story, clock: Any, run_due: Any) -> None:
    ident = a_hole_from_filing_to_proof(story, clock, run_due)
    without_an_account(story)
    the_same_hole_again(story)
    from_an_application(story)
    story.street.brought_to("answer")  # last, so that the office's steps were taken on somebody's
    story.post("/v1/routing-rules", story.coordinator, json=RULE)
    story.get("/v1/routing-rules", story.coordinator)
    what_is_read(story, ident)
    assert data_rights.played(recorder, "complaints", story.street.citizen(), story.coordinator, run_due)["complaints"]
    assert recorder.wrong() == []
    assert recorder.intruded() == []
    assert recorder.kept_out(*BY_THE_TRADE) == []
