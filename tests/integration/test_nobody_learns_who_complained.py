"""Who reported anonymously is planted in every field that takes it, and looked for in every answer, log, event and table of the whole suite."""

import re
from typing import Any

from identity.use_cases.demo import demo_sub
from tests.integration.city import City, until
from tests.integration.test_a_complaint_is_repaired_with_proof import photo, step
from tests.integration.test_nothing_is_closed_by_the_office_alone import COORDINATOR

NAME, CONTACT, TEXT, LANDMARK = "Tiurma Hutapea", "0813-7731-0000", "sebab saya korbannya", "rumah bercat jingga"
PLANTED = {
    "category": "bangunan_liar", "title": "Bangunan berdiri tanpa papan izin", "text": f"Sudah tiga lantai, {TEXT}.", "landmark": LANDMARK,
    "kelurahan_code": "12.71.01.1001", "address": "Jalan Sisingamangaraja 44", "latitude": 3.5796, "longitude": 98.6869,
    "answers": {"stage": "walls"}, "anonymous": True, "reporter_name": NAME, "reporter_contact": CONTACT,
}  # fmt: skip
OURS = re.compile(
    r"/v1/(complaints|complaint-categories|routing-rules|satisfaction|feeds|[a-z-]+/complaints|me/cases|me/data-access)\b|/open311/"
)
QUERIES = {"/v1/complaints/duplicates": "?category=bangunan_liar&latitude=3.5796&longitude=98.6869",
           "/v1/open-data/complaints/complaints.geojson": "?west=98&south=3&east=99&north=4"}  # fmt: skip
ONLOOKERS = (None, "budi", "petugas-dpmptsp", "auditor", "bank", "agency-bpn")
READ_THE_WORDS = ("petugas-dpmptsp ", "auditor ")
"""The office in charge and an auditor read what was written, never who wrote it."""


def filed_with_and_without_account(city: City) -> tuple[dict[str, Any], dict[str, Any]]:
    own = city.act("/v1/complaints", "siti", PLANTED)
    nameless = city.act_as_nobody("/v1/complaints", {**PLANTED, "address": "Jalan Sisingamangaraja 46"})
    assert (own.status_code, nameless.status_code) == (201, 201), own.text + nameless.text
    for one in (own.json(), nameless.json()):
        path = f"/v1/complaints/{one['id']}"
        step(city, path, "verification", COORDINATOR, {"result": "verified"})
        step(city, path, "disposition", COORDINATOR, {"office": "DPMPTSP"})
    photo(city, f"/v1/complaints/{own.json()['id']}", "siti")
    assert city.act(f"/v1/complaints/{own.json()['id']}/support", "budi").status_code == 200
    return own.json(), nameless.json()


def heard_from_the_services(city: City, known: dict[str, str]) -> dict[str, str]:
    """Every operation of complaints that reads, asked by everybody who may not know."""
    paths = city.get("/openapi.json")["paths"]
    heard = {}
    for path in (path for path, ways in paths.items() if "get" in ways and OURS.match(path)):
        for onlooker in ONLOOKERS:
            answer = city.call("GET", path.format_map(known) + QUERIES.get(path, ""), onlooker)
            assert answer.status_code < 500, (path, answer.text)
            heard[f"{onlooker} {path}"] = f"{answer.headers}\n{answer.text}"
    return heard


def test_who_complained_is_in_no_answer_log_event_or_table_of_the_suite(talkative: City) -> None:
    city = talkative
    own, nameless = filed_with_and_without_account(city)
    known = {
        "complaint_id": own["id"],
        "number": own["number"],
        "photo_id": own["id"],
        "token": "guessed",
        "code": "bangunan_liar",
        "form": "json",
    }
    until(lambda: city.unsent("complaints") == 0 and len(city.get("/v1/inspections", "petugas-dpmptsp")["items"]) == 2)
    assert NAME in city.call("GET", f"/v1/complaints/{own['id']}", COORDINATOR).text, "the coordinator sees it, so it is there to be found"
    heard = heard_from_the_services(city, known)
    rest = city.at_rest("complaints", "identity")
    secrets = (NAME, "Hutapea", CONTACT, TEXT, LANDMARK, str(demo_sub("siti")), own["follow_up_token"], nameless["follow_up_token"])
    told = {**heard, **rest}
    leaks = {(where, secret) for where, text in told.items() for secret in secrets if secret in text}
    assert {leak for leak in leaks if not (leak[0].startswith(READ_THE_WORDS) and leak[1] in (TEXT, LANDMARK))} == set()
    assert own["number"] in heard["None /v1/complaints/{complaint_id}"] and len(heard) > 100
    assert own["id"] in rest["events complaints"] and "complaint.submitted" in rest["events complaints"]
    assert any(own["id"] in rest[where] for where in rest if where.startswith("licensing.")), "licensing has heard of it"
    logged = "".join(text for where, text in rest.items() if where.startswith("log "))
    assert logged.count('"event": "request answered"') > 100
