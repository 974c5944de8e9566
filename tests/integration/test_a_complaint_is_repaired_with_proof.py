"""A hole in the road: reported with a photo, laid before the office, answered with proof, agreed to; and nobody learns who reported it."""

import io
from typing import Any

from PIL import Image

from tests.integration.city import City, until

HOLE = {
    "category": "jalan_rusak", "title": "Lubang besar di tengah jalan", "text": "Sudah dua minggu, sepeda motor jatuh setiap malam.",
    "kelurahan_code": "12.71.01.1001", "address": "Jalan Sisingamangaraja 40", "latitude": 3.5796, "longitude": 98.6869, "anonymous": True,
    "reporter_name": "Ibu Tiurma", "reporter_contact": "0813-9999-0000",
}  # fmt: skip


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG")
    return out.getvalue()


def photo(city: City, path: str, account: str | None) -> dict[str, Any]:
    """A photo; an officer says which version of the complaint they read."""
    match = {"If-Match": city.call("GET", path, account).headers["ETag"]} if account == "petugas-pu" else {}
    sent = city.call("POST", f"{path}/photos", account, files={"file": ("foto.jpg", picture(), "image/jpeg")}, headers=match)
    assert sent.status_code == 201, sent.text
    return dict(sent.json())


def step(city: City, path: str, name: str, account: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = city.act(f"{path}/{name}", account, body, on=path)
    assert answer.status_code == 200, (name, answer.text)
    return dict(answer.json())


def to_answer(city: City, path: str) -> None:
    step(city, path, "verification", "admin-pengaduan", {"result": "verified"})
    assert step(city, path, "disposition", "admin-pengaduan", {})["office"] == "SDABMBK"
    step(city, path, "follow-up", "petugas-pu", {"note": "Regu berangkat besok."})
    photo(city, path, "petugas-pu")
    assert step(city, path, "answer", "petugas-pu", {"text": "Lubang telah ditutup aspal."})["status"] == "answered"


def test_a_hole_is_repaired_and_its_reporter_agrees(city: City) -> None:
    answer = city.act("/v1/complaints", "siti", HOLE)
    assert answer.status_code == 201, answer.text
    filed = answer.json()
    path = f"/v1/complaints/{filed['id']}"
    picture_of_it = photo(city, path, "siti")
    assert city.call("GET", path).status_code == 404
    to_answer(city, path)
    shown = until(lambda: city.call("GET", f"{path}/photos/{picture_of_it['id']}").content or None)
    assert shown
    reopened = city.act(f"{path}/reopening", "siti", {"note": "Masih berlubang di sebelahnya."})
    assert reopened.json()["status"] == "in_progress"
    photo(city, path, "petugas-pu")
    step(city, path, "answer", "petugas-pu", {"text": "Sudah ditutup semuanya."})
    assert city.act(f"{path}/acceptance", "siti", {"rating": 4}).json()["status"] == "closed"
    public = city.call("GET", "/v1/complaints?limit=200").text + city.call("GET", path).text
    assert filed["number"] in public
    for word in ("Tiurma", "0813-9999", "sepeda motor"):
        assert word not in public


def test_whoever_has_no_account_follows_it_by_the_token_alone(city: City) -> None:
    filed = city.act_as_nobody("/v1/complaints", HOLE).json()
    track = f"/v1/complaints/track/{filed['follow_up_token']}"
    photo(city, track, None)
    to_answer(city, f"/v1/complaints/{filed['id']}")
    assert city.call("GET", track).json()["waits_for"] == "reporter"
    assert city.call("POST", f"{track}/acceptance", json={"rating": 5}).json()["status"] == "closed"
    assert city.call("GET", f"{track}x").status_code == 404
