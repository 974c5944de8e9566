"""GeoReport v2 as its specification has it: what is sent, what is answered, in both forms, and every refusal."""

from typing import Any
from xml.etree.ElementTree import Element

import pytest

ROOT = "/open311/v2"
KEY = "key-of-an-application"
PLACE = "12.71.01.1001"
REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description", "agency_responsible", "service_notice",
    "requested_datetime", "updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


def tree(element: Element) -> Any:
    """XML read by the Spark convention: a container of one kind of child is a list."""
    containers = {"services", "attributes", "values", "service_requests", "service_request_updates", "errors", "endpoints", "formats"}
    if element.tag in containers:
        return [tree(child) for child in element]
    return {child.tag: tree(child) for child in element} if len(element) else element.text


def words(told: Any) -> Any:
    """The same meaning as XML can say it: everything a word."""
    if isinstance(told, dict):
        return {name: words(value) for name, value in told.items()}
    if isinstance(told, list):
        return [words(value) for value in told]
    return None if told in (None, "") else str(told).lower() if isinstance(told, bool) else str(told)


def test_both_forms_say_the_same(app311: Any) -> None:
    number = app311.read(service_code="banjir", **{"attribute[depth_cm]": "40"})
    for path in ("discovery", "services", "services/bangunan_liar", "requests", f"requests/{number}", "servicerequestupdates"):
        assert tree(app311.xml(path)) == words(app311.json(path)), path


def test_discovery_names_the_endpoint_and_how_to_get_a_key(app311: Any) -> None:
    told = app311.json("discovery")
    assert list(told) == ["changeset", "contact", "key_service", "endpoints"] and all(told.values())
    (endpoint,) = told["endpoints"]
    assert list(endpoint) == ["specification", "url", "changeset", "type", "formats"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2" and endpoint["url"].endswith(ROOT)
    assert (endpoint["type"], endpoint["formats"]) == ("test", ["text/xml", "application/json"])


def test_services_are_the_categories(app311: Any) -> None:
    services = app311.json("services", jurisdiction_id="pemkomedan.go.id")
    assert len(services) == 29
    hole = services[0]
    assert list(hole) == ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
    assert (hole["service_code"], hole["metadata"], hole["type"], hole["group"]) == ("jalan_rusak", True, "realtime", "Jalan dan jembatan")
    assert "14 hari kerja" in hole["description"] and hole["keywords"] == "Jalan dan jembatan, Infrastruktur"
    assert app311.xml("services").tag == "services" and app311.xml("services")[0].tag == "service"


def test_a_definition_is_made_of_the_categorys_questions(app311: Any) -> None:
    told = app311.json("services/bangunan_liar")
    place, stage, storeys = told["attributes"]
    assert told["service_code"] == "bangunan_liar"
    assert (place["code"], place["required"], len(place["values"])) == ("kelurahan_code", True, 151)
    assert [one["order"] for one in told["attributes"]] == [1, 2, 3] and all(one["variable"] for one in told["attributes"])
    assert (stage["datatype"], stage["values"][1]) == ("singlevaluelist", {"key": "walls", "name": "Dinding"})
    assert (storeys["datatype"], storeys["required"], "values" in storeys) == ("number", False, False)
    assert app311.json("services/banjir")["attributes"][1]["required"] is True
    assert [one["key"] for one in app311.json("services/pohon")["attributes"][1]["values"]] == ["true", "false"]


def test_a_request_is_filed_read_and_followed_to_its_end(app311: Any, street: Any) -> None:
    answer = app311.post()
    (filed,) = answer.json
    assert (answer.status_code, list(filed)) == (201, ["service_request_id", "service_notice", "account_id"])
    number, track = filed["service_request_id"], filed["service_notice"].rpartition("/v1/")[2]
    assert app311.refusal(app311.get(f"requests/{number}.json")) == (404, [404]), "nobody of the city has read it"
    (own,) = app311.json(f"requests/{number}", api_key=KEY)
    assert (own["status"], own["description"]) == ("open", app311.POTHOLE["description"])
    ident = app311.ident(number)
    for step in ("verification", "disposition", "follow-up", "answer"):
        assert street.step(ident, step).status_code == 200, step
    (told,) = app311.json(f"requests/{number}")
    assert list(told) == REQUEST
    assert (told["status"], told["service_code"], told["service_name"]) == ("open", "jalan_rusak", "Jalan rusak/berlubang")
    assert told["description"] == "Lubang besar di tengah jalan." and told["status_notes"] == "Dijawab: Lubang telah ditutup aspal."
    assert told["agency_responsible"].startswith("Dinas Sumber Daya Air")
    assert (told["lat"], told["long"], told["address_id"], told["address"]) == (3.5796, 98.6869, PLACE, "Jalan Sisingamangaraja 40")
    assert told["requested_datetime"].startswith("2026-11-24T10:0") and told["expected_datetime"].endswith("23:59:59+07:00")
    assert street.client.post(f"/v1/{track}/acceptance", json={"rating": 5}).json["status"] == "closed"
    (closed,) = app311.json(f"requests/{number}")
    assert (closed["status"], closed["expected_datetime"]) == ("closed", None) and closed["updated_datetime"].startswith("2026-11-24T10:0")
    (token,) = app311.json(f"tokens/{track.rpartition('/')[2]}")
    assert token == {"service_request_id": number, "token": track.rpartition("/")[2]}


def test_who_reported_goes_to_the_office_and_to_nobody_else(app311: Any, street: Any) -> None:
    number = app311.read()
    seen = street.show(next(one["id"] for one in street.client.get("/v1/complaints").json["items"]), street.staff("verification"))
    assert (seen["reporter_name"], seen["reporter_contact"], seen["channel"]) == ("Siti Lubis", "0811-2222, siti@example.org", "app")
    everything = [
        app311.get(f"{path}.{form}").text
        for path in ("requests", f"requests/{number}", "servicerequestupdates")
        for form in ("xml", "json")
    ]
    for secret in ("Siti", "Lubis", "0811", "siti@", "tt222111", "123456"):
        assert not any(secret in text for text in everything), secret
    unnamed = app311.read(first_name="", last_name=None, email="", phone="")
    assert street.show(app311_id(street, unnamed), street.staff("verification"))["anonymous"] is True


def app311_id(street: Any, number: str) -> str:
    return str(next(one["id"] for one in street.client.get("/v1/complaints").json["items"] if one["number"] == number))


def test_what_is_optional_may_be_empty_and_what_is_unknown_is_ignored(app311: Any) -> None:
    number = app311.read(lat="", long="", description="", address_string="", colour="blue", jurisdiction_id="")
    (told,) = app311.json(f"requests/{number}", colour="blue", jurisdiction_id="")
    assert (told["lat"], told["description"]) == (None, "Jalan rusak/berlubang")
    assert told["address"] == "Pasar Baru, Medan Kota"
    by_address = app311.read(**{"attribute[kelurahan_code]": None, "address_id": PLACE})
    assert app311.json(f"requests/{by_address}")[0]["address_id"] == PLACE


def test_an_address_of_media_is_kept_for_the_office_and_never_fetched(app311: Any) -> None:
    number = app311.file(media_url="https://photos.example.org/2212426634.jpg")
    (own,) = app311.json(f"requests/{number}", api_key=KEY)
    assert own["description"].endswith("\n\nhttps://photos.example.org/2212426634.jpg") and own["media_url"] is None
    for url in ("file:///etc/passwd", "javascript:alert(1)", "not an address"):
        assert app311.refusal(app311.post(media_url=url)) == (400, [400])


def test_photos_come_as_parts_of_the_form(app311: Any, street: Any, photograph: Any, run_due: Any) -> None:
    answer = app311.client.post(
        f"{ROOT}/requests.json", data={"api_key": KEY, **app311.POTHOLE, "media": photograph(), "photo2": photograph()}
    )
    assert answer.status_code == 201, answer.text
    number = answer.json[0]["service_request_id"]
    assert app311.json(f"requests/{number}", api_key=KEY)[0]["media_url"] is None, "nobody of the city has looked at it"
    street.step(app311.ident(number), "verification")
    run_due()
    url = app311.json(f"requests/{number}")[0]["media_url"]
    assert app311.client.get(url[url.index("/v1/") :]).mimetype == "image/jpeg"
    wrong = app311.client.post(f"{ROOT}/requests.json", data={"api_key": KEY, **app311.POTHOLE, "media": photograph(b"no picture")})
    assert app311.refusal(wrong) == (400, [400])
    many = {f"photo{number}": photograph() for number in range(7)}
    assert app311.refusal(app311.client.post(f"{ROOT}/requests.json", data={"api_key": KEY, **app311.POTHOLE, **many})) == (400, [400])


def test_answers_are_read_in_the_kinds_the_questions_have(app311: Any, street: Any) -> None:
    stated = {"attribute[stage]": "walls", "attribute[storeys]": "4"}
    ident = app311.ident(app311.file(service_code="bangunan_liar", **stated))
    assert street.show(ident, street.staff("verification"))["answers"] == {"stage": "walls", "storeys": 4}
    ident = app311.ident(app311.file(service_code="pohon", **{"attribute[blocks_road]": "true"}))
    assert street.show(ident, street.staff("verification"))["answers"] == {"blocks_road": True}
    for code, attribute, value in (("bangunan_liar", "storeys", "many"), ("pohon", "blocks_road", "perhaps"), ("sampah", "depth_cm", "1")):
        assert app311.refusal(app311.post(service_code=code, **{f"attribute[{attribute}]": value})) == (400, [400])
    assert app311.refusal(app311.post(service_code="banjir")) == (400, [400]), "how deep is needed"


def test_requests_are_found_by_number_service_state_and_time(app311: Any, street: Any, clock: Any) -> None:
    early = app311.read()
    clock.advance(days=100)
    flood, hole = app311.read(service_code="banjir", **{"attribute[depth_cm]": "40"}), app311.read()
    gone = {"result": "archived", "reason_code": "unclear"}
    assert street.step(app311.ident(hole), "verification", gone).status_code == 200

    def found(**query: str) -> list[str]:
        return [one["service_request_id"] for one in app311.json("requests", **query)]

    assert found() == [hole, flood], "of the last 90 days, newest first"
    assert found(service_code="banjir") == [flood] and found(service_code="banjir,jalan_rusak") == [hole, flood]
    assert found(status="open") == [flood] and found(status="closed") == [hole] and found(status="open,closed") == [hole, flood]
    assert found(start_date="2026-11-01T00:00:00+07:00", end_date="2026-12-01T00:00:00+07:00") == [early]
    assert found(start_date="2026-11-24T03:00:00Z") == [early], "90 days from there, and its own first moment"
    assert found(end_date="2026-11-24T04:00:00Z") == [early] and found(end_date="2026-11-24T02:59:59Z") == []
    assert found(service_request_id=f"{early},{hole},MRK-209901-000001", status="open") == [early, hole], "overrides all else"
    unread = app311.file()
    assert found(service_request_id=unread) == [] and found(service_request_id=unread, api_key=KEY) == [unread]
    assert unread not in found(api_key=KEY)


def test_confidential_ones_are_nobodys(app311: Any, street: Any) -> None:
    ident = street.brought_to("verification", confidential=True)
    number = street.show(ident)["number"]
    assert app311.refusal(app311.get(f"requests/{number}.json")) == (404, [404])
    assert app311.json("requests") == [] == app311.json("servicerequestupdates")


def test_at_most_a_thousand_are_told(app311: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.use_cases.open311.MOST", 2)
    for _ in range(3):
        app311.read()
    assert len(app311.json("requests")) == len(app311.json("requests", service_code="jalan_rusak")) == 2
    assert len(app311.json("servicerequestupdates")) == 2


def test_updates_are_the_lines_of_the_timeline_without_what_is_the_citys(app311: Any, street: Any, clock: Any) -> None:
    number = app311.read()
    ident = app311.ident(number)
    clock.advance(hours=1)
    street.step(ident, "disposition")
    street.step(ident, "follow-up", {"note": "Regu berangkat besok."})
    street.step(ident, "follow-up", {"note": "Pelapor: Siti, tetangga RT.", "public": False})
    told = app311.json("servicerequestupdates")
    assert [one["description"] for one in told] == [
        "Pengaduan diterima", "Diverifikasi", "Diteruskan ke perangkat daerah", "Mulai ditangani: Regu berangkat besok.",
    ]  # fmt: skip
    assert list(told[0]) == ["update_id", "service_request_id", "status", "updated_datetime", "description", "media_url"]
    assert {(one["service_request_id"], one["status"]) for one in told} == {(number, "OPEN")} and len(
        {one["update_id"] for one in told}
    ) == 4
    assert len(app311.json("servicerequestupdates", start_date="2026-11-24T10:30:00+07:00")) == 2
