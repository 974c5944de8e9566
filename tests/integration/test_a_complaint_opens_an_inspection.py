"""A complaint about an unlicensed building opens an inspection at licensing, by itself; and its reporter reads what was found there."""

import io
from datetime import date
from typing import Any

from PIL import Image

from smartcity.calendar import add_working_days
from tests.integration.city import City, until

BUILDING = {
    "category": "bangunan_liar", "title": "Bangunan empat lantai tanpa papan izin", "text": "Tetangga saya membangun sampai ke batas jalan.",
    "kelurahan_code": "12.71.01.1001", "address": "Jalan Sisingamangaraja 40", "latitude": 3.5796, "longitude": 98.6869, "anonymous": True,
    "reporter_name": "Ibu Tiurma", "reporter_contact": "0813-9999-0000", "answers": {"stage": "walls", "storeys": 4},
}  # fmt: skip
OFFICER = "petugas-dpmptsp"
LINES = [{"code": code, "met": False} for code in ("permit-shown", "as-permitted", "building-lines", "no-danger")]
FOUND = {"checklist": LINES, "report": "Tidak ada izin.", "outcome_code": "permit-absent", "measures": ["apply-for-permit", "work-stopped"]}


def opened_for(city: City, ident: str) -> dict[str, Any] | None:
    found = city.get("/v1/inspections?limit=200", OFFICER)["items"]
    return next((one for one in found if one["complaint_id"] == ident), None)


def photograph(city: City, path: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG")
    match = {"If-Match": city.call("GET", path, OFFICER).headers["ETag"]}
    form = {"latitude": "3.5796", "longitude": "98.6869"}
    sent = city.call(
        "POST", f"{path}/photos", OFFICER, data=form, files={"file": ("foto.jpg", out.getvalue(), "image/jpeg")}, headers=match
    )
    assert sent.status_code == 201, sent.text
    until(lambda: city.call("GET", f"{path}/photos/{sent.json()['id']}", OFFICER).status_code == 200)


def test_a_complaint_about_an_unlicensed_building_opens_an_inspection_and_hears_its_outcome(city: City) -> None:
    complaint = city.act("/v1/complaints", "siti", BUILDING).json()
    filed = f"/v1/complaints/{complaint['id']}"
    for step, body in (("verification", {"result": "verified"}), ("disposition", {"office": "DPMPTSP"})):
        assert city.act(f"{filed}/{step}", "admin-pengaduan", body, on=filed).status_code == 200
    inspection = until(lambda: opened_for(city, complaint["id"]))
    assert (inspection["status"], inspection["complaint"]["number"]) == ("opened", complaint["number"])
    path = f"/v1/inspections/{inspection['id']}"
    for word in ("Tiurma", "0813-9999", "Tetangga"):
        assert word not in city.call("GET", path, OFFICER).text

    today = date.fromisoformat(inspection["opened_at"][:10])
    day = add_working_days(today, 1)
    assert city.act(f"{path}/schedule", OFFICER, {"day": day.isoformat()}, on=path).status_code == 200
    photograph(city, path)
    city.move_clock(f"+{(day - today).days}d")
    concluded = city.act(f"{path}/conclusion", OFFICER, FOUND, on=path)
    assert (concluded.status_code, concluded.json()["status"]) == (200, "concluded"), concluded.text

    def timeline() -> list[str]:
        return [line["event"] for line in city.get(filed, "siti")["timeline"]]

    until(lambda: "inspected.permit-absent" in timeline())
    assert timeline().count("inspected.permit-absent") == 1
    assert city.act(f"{filed}/withdrawal", "siti", {"reason_code": "solved"}).status_code == 200
    until(lambda: city.get(path, OFFICER)["complaint"]["standing"] == "withdrawn")
