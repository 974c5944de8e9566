"""Every operation is played once, and its example in the documentation is what it was asked and answered."""

from typing import Any

from smartcity.testing import data_rights

BIRTHS = "/v1/birth-registrations"
BY_THE_TRADE = (
    "change_birth_registration: officer", "submit_birth_registration: officer",
    "change_death_registration: officer", "submit_death_registration: officer",
)  # fmt: skip
"""An officer what they filed for another (`test_filed_for_a_parent`, `test_a_death_filed_at_the_counter`); these were people's own."""
LATE = {"child": {"name": "Rizky Ananda Siregar", "born_on": "2025-12-13"}}


def step(recorder: Any, desk: Any, ident: str, *steps: str) -> None:
    for one in steps:
        recorder.well(desk.step(ident, one))


def one_in_time(recorder: Any, desk: Any) -> str:
    """Given back once, mended, registered, signed, and fetched by the parents."""
    ident = str(desk.filed())
    step(recorder, desk, ident, "submission", "returns")
    recorder.well(desk.change(ident, {"kelurahan_code": "12.71.01.1002"}))
    step(recorder, desk, ident, "submission", "verification", "registration", "signature")
    record_no = desk.show(ident)["record_no"]
    recorder.get(f"/v1/civil-records/{record_no}?purpose=registration", desk.staff("registration"))
    recorder.get(f"/v1/certificates/{record_no}/document", desk.citizen())
    step(recorder, desk, ident, "collection")
    return ident


def what_is_read(recorder: Any, desk: Any, ident: str) -> None:
    document = recorder.get(f"{BIRTHS}/{ident}/documents", desk.citizen())["items"][0]
    for path in (
        f"{BIRTHS}/{ident}/documents/{document['id']}", f"{BIRTHS}/{ident}", BIRTHS, f"{BIRTHS}/paths", "/v1/me/cases", "/v1/me/data-access", "/v1/statistics/civil-registry/births?by=sex",
        "/v1/open-data/civil-registry/births.csv", "/v1/open-data/civil-registry", "/v1/open-data/civil-registry/births/metadata",
        "/v1/open-data/civil-registry/document-keys",
    ):  # fmt: skip
        recorder.get(path, desk.citizen())
    recorder.get("/v1/work-queues/civil-registry", desk.staff("verification"))
    recorder.post(
        "/v1/civil-records/searches", desk.staff("verification"), json={"nik": desk.birth()["mother"]["nik"], "purpose": "counter_service"}
    )
    span = "account=togar&since=2026-02-12T00:00:00Z&until=2026-02-13T00:00:00Z&purpose=supervision"
    for path in (f"/v1/reports/civil-registry/accesses?{span}", f"/v1/reports/civil-registry/accesses/scope?{span}"):
        recorder.get(path, desk.as_("rina", "auditor"))


def filed_for_a_parent(recorder: Any, desk: Any) -> None:
    """By a hospital, claimed by the mother."""
    child = {**desk.birth()["child"], "name": None, "order": None}
    told = {"reference": "RSP-2026-000123", "child": child, "mother": desk.birth()["mother"]}
    noted = recorder.post("/v1/birth-notifications", desk.as_("rsud-pirngadi", "agency"), json=told)
    claim = {"code": noted["claim_code"], "nik": desk.birth()["mother"]["nik"]}
    recorder.post(f"{BIRTHS}/claims", desk.citizen("siti"), json=claim)


def amended(recorder: Any, desk: Any, record_no: str) -> None:
    """A copy asked for and refused, the child's name corrected, the entry cancelled by a court."""
    acts = f"/v1/civil-records/{record_no}/acts"
    copy = recorder.well(desk.copy(record_no))["id"]
    recorder.get("/v1/work-queues/civil-registry/acts", desk.staff("signature"))
    recorder.well(desk.sign_act(record_no, copy, how="refusal", body={"reasons": ["Kutipan masih ada pada ibu."]}))
    correction = recorder.well(desk.correct(record_no, {"child": {"name": "Nur Aisyah Lubis"}}))["id"]
    recorder.well(desk.sign_act(record_no, correction))
    cancellation = recorder.well(desk.cancel(record_no))["id"]
    for path in (acts, f"{acts}/{correction}?purpose=correction", f"{acts}/{cancellation}/paper?purpose=court_request"):
        recorder.get(path, desk.staff("signature"))


def compared(recorder: Any, desk: Any) -> None:
    """Another report may be of the same child; an officer compares them."""
    desk.brought_to("submission", child={"name": "Noer Aisjah Siregar", "born_on": "2026-02-06"})
    ident = desk.brought_to("submission", child={"born_on": "2026-02-07"})
    (found,) = recorder.get(f"{BIRTHS}/{ident}/duplicates?purpose=verification", desk.staff("verification"))["items"]
    recorder.well(desk.decide(ident, found["registration_id"]))
    recorder.get(f"{BIRTHS}/{ident}/duplicates?purpose=verification", desk.staff("verification"))


def a_death(recorder: Any, desk: Any) -> None:
    """Given back once, mended, registered and certified."""
    ident = str(desk.dead())
    place = f"/v1/death-registrations/{ident}"
    recorder.well(desk.death_step(ident, "submission"))
    recorder.get("/v1/work-queues/civil-registry/deaths", desk.staff("verification"))
    recorder.well(desk.death_step(ident, "returns"))
    recorder.well(desk.client.patch(place, json={"kelurahan_code": "12.71.01.1002"}, headers=desk.citizen()))
    for step in ("submission", "verification", "registration", "signature", "collection"):
        recorder.well(desk.death_step(ident, step))
    document = recorder.get(f"{place}/documents", desk.citizen())["items"][0]
    for path in (place, f"{place}/documents/{document['id']}", "/v1/death-registrations", "/v1/death-registrations/paths"):
        recorder.get(path, desk.citizen())
    other = desk.death(on_behalf=True, deceased={"nik": "1271014203400009"})
    opened = recorder.post("/v1/death-registrations", {**desk.staff("verification"), **desk.key()}, json=other)
    recorder.post("/v1/death-registrations/claims", desk.citizen(), json={"code": opened["claim_code"], "nik": other["reporter"]["nik"]})


def taken_back(recorder: Any, desk: Any) -> None:
    """A birth and a death, each reported by mistake."""
    for path in (f"{BIRTHS}/{desk.filed()}", f"/v1/death-registrations/{desk.dead()}"):
        recorder.post(f"{path}/withdrawal", desk.citizen(), json={"reason_code": "mistaken"})


def test_every_operation_has_an_example_that_holds(recorder: Any, desk: Any, told: Any, run_due: Any) -> None:
    a_death(recorder, desk)
    filed_for_a_parent(recorder, desk)
    compared(recorder, desk)
    taken_back(recorder, desk)
    late = desk.filed(**LATE)
    step(recorder, desk, late, "submission", "verification", "late-decision")
    ident = one_in_time(recorder, desk)
    run_due()
    what_is_read(recorder, desk, ident)
    issued = told("civil-registry.certificate.issued.v1")[-1]
    recorder.get(f"/v1/verify/{issued['data']['verify_code']}")
    amended(recorder, desk, issued["data"]["certificate_no"])
    assert data_rights.played(recorder, "civil-registry", desk.citizen(), desk.as_("kepala", "head", office="DISDUKCAPIL"), run_due)[
        "birth_registrations"
    ]
    assert recorder.wrong() == []
    assert recorder.intruded() == []
    assert recorder.kept_out(*BY_THE_TRADE) == []
