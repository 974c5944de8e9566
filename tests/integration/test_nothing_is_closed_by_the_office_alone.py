"""What is promised to who complains: silence is waited for, no office may pass it on for ever, the same trouble is one, and nobody learns who said it."""

from typing import Any

from georeport import GeoReport

from tests.integration.city import City, until
from tests.integration.test_a_complaint_is_repaired_with_proof import HOLE, step, to_answer

COORDINATOR = "admin-pengaduan"
OPEN311 = "/open311/v2"
FORM = {
    "service_code": "banjir", "lat": "3.5796", "long": "98.6869", "description": "Air setinggi lutut.", "attribute[kelurahan_code]": "12.71.01.1001",
    "attribute[depth_cm]": "40", "first_name": "Rudi", "last_name": "Manurung", "phone": "0852-7731", "email": "manurung@example.org",
}  # fmt: skip


def filed(city: City, account: str, **other: Any) -> str:
    answer = city.act("/v1/complaints", account, {**HOLE, **other})
    assert answer.status_code == 201, answer.text
    return f"/v1/complaints/{answer.json()['id']}"


def test_an_office_gives_back_and_the_third_time_the_secretariat_has_it(city: City) -> None:
    path = filed(city, "siti")
    step(city, path, "verification", COORDINATOR, {"result": "verified"})
    for _ in range(3):
        if city.get(path, COORDINATOR)["status"] == "received":
            step(city, path, "disposition", COORDINATOR, {})
        shown = step(city, path, "return", "petugas-pu", {"note": "Ini jalan nasional."})
    assert (shown["office"], shown["returns"], shown["status"]) == ("SETDA", 3, "disposed")


def test_a_duplicate_is_linked_and_its_reporter_follows_the_original_and_is_asked(city: City) -> None:
    original, again = filed(city, "siti"), filed(city, "budi")
    step(city, original, "verification", COORDINATOR, {"result": "verified"})
    linked = step(city, again, "duplicate", COORDINATOR, {"original_id": original.rpartition("/")[2]})
    assert linked["status"] == "archived"
    followed = city.get("/v1/complaints?followed=true&limit=200", "budi")["items"]
    (one,) = [one for one in followed if one["id"] == original.rpartition("/")[2]]
    assert one["support_count"] == 1
    to_answer(city, original)
    asked = [case["path"] for case in city.get("/v1/me/cases", "budi")["cases"] if case["kind"] == "followed-complaint"]
    assert original in asked
    assert city.act(f"{original}/confirmation", "budi", {"repaired": True}).json()["repaired_count"] == 1


def test_a_reporter_who_is_silent_for_ten_days_after_an_answer_with_proof_has_agreed(city: City) -> None:
    path = filed(city, "siti")
    to_answer(city, path)
    city.move_clock("+9d")
    assert city.get(path, "siti")["status"] == "answered"
    city.move_clock("+2d")
    closed = until(lambda: (shown := city.get(path, "siti"))["status"] == "closed" and shown, 120)  # behind all else of eleven days
    assert (closed["close_cause"], closed["timeline"][-1]["event"]) == ("silence", "closed.silence")


def test_any_application_files_by_open311_and_nobody_reads_there_who_reported(city: City) -> None:
    refused = city.call("POST", f"{OPEN311}/requests.json", data={**FORM, "api_key": "nobody's"})
    assert (refused.status_code, refused.json()[0]["code"]) == (403, 403)
    answer = city.call("POST", f"{OPEN311}/requests.json", data={**FORM, "api_key": city.suite.secret("OPEN311_DEMO_KEY")})
    assert answer.status_code == 201, answer.text
    number, token = answer.json()[0]["service_request_id"], answer.json()[0]["service_notice"].rpartition("/")[2]
    assert city.call("GET", f"{OPEN311}/requests/{number}.json").status_code == 404, "nobody of the city has read it"
    path = f"/v1/complaints/{city.get(f'/v1/complaints/track/{token}')['id']}"
    step(city, path, "verification", COORDINATOR, {"result": "verified"})
    client = GeoReport(f"{city.base}{OPEN311}", jurisdiction="pemkomedan.go.id")
    assert len(client.get_service_list()) == 29
    assert (client.get_service_request(number)["status"], client.get_service_request(number)["service_code"]) == ("open", "banjir")
    assert number in [one["service_request_id"] for one in client.get_service_requests(service_code="banjir")]
    read = (
        f"{OPEN311}/requests.xml", f"{OPEN311}/requests/{number}.json", f"{OPEN311}/servicerequestupdates.xml", "/v1/complaints?limit=200", path,
        f"{path}/timeline", "/v1/feeds/complaints.atom?category=banjir", "/v1/open-data/complaints/complaints.geojson?west=98&south=3&east=99&north=4",
    )  # fmt: skip
    for address in read:
        shown = city.call("GET", address)
        assert shown.status_code == 200, (address, shown.text)
        assert not [word for word in ("Manurung", "0852-7731", "manurung@", token) if word in shown.text], address
