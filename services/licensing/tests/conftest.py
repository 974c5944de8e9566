"""Licensing under test: its people at their desks."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from licensing.service import SERVICE
from smartcity import clock as city_clock
from smartcity.calendar import add_working_days, day_of, is_working_day
from smartcity.service import Service

pytest_plugins = ["smartcity.testing.plugin"]

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
PARTICULARS = {
    "permit_type": "PBG", "applicant_name": "Budi Siregar", "applicant_address": "Jalan Sei Deli 12, Medan",
    "site_address": "Jalan Sisingamangaraja 40, Medan", "kelurahan_code": "12.71.01.1001",
    "answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"},
}  # fmt: skip
HOUSE = {
    "fungsi": "hunian_kecil", "kompleksitas": "sederhana", "permanensi": "permanen", "jumlah_lantai": 1, "luas_lantai_m2": "72",
    "kepemilikan": "perorangan_badan_usaha", "ilo": "0.005", "shst": "5350000", "jenis_pekerjaan": "baru",
}  # fmt: skip
STAFF = {
    "completeness": ("sri", "officer"), "returns": ("sri", "officer"), "examinations": ("eko", "examiner"),
    "approval": ("ani", "approver"), "rejection": ("ani", "approver"), "assessment": ("sri", "officer"),
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "examinations": {"result": "conforms", "minutes": "Gambar sesuai standar."},
    "returns": {"reason_code": "design-not-conforming", "reasons": ["Tangga tidak memenuhi standar."]},
    "rejection": {"reason_code": "zoning-not-permitted", "reasons": ["Kawasan sempadan sungai."]},
    "assessment": {"inputs": HOUSE},
}
PATH = ["submission", "completeness", "examinations", "approval", "assessment"]


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@dataclass
class Desk:
    """Everybody who works on an application, through the API."""

    client: FlaskClient
    as_: Callable[..., dict[str, str]]
    key: Callable[[], dict[str, str]]

    def citizen(self, name: str = "budi") -> dict[str, str]:
        return self.as_(name, "citizen")

    def staff(self, step: str) -> dict[str, str]:
        name, role = STAFF[step]
        return self.as_(name, role, office="DPMPTSP")

    def open(self, name: str = "budi", **other: Any) -> str:
        answer = self.client.post("/v1/permit-applications", json={**PARTICULARS, **other}, headers={**self.citizen(name), **self.key()})
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def upload(self, ident: str, kind: str, content: bytes = PDF, name: str = "berkas.pdf", who: str = "budi") -> TestResponse:
        form = {"kind": kind, "file": (io.BytesIO(content), name, "application/pdf")}
        return self.client.post(f"/v1/permit-applications/{ident}/documents", data=form, headers=self.citizen(who))

    def show(self, ident: str, who: str = "budi") -> dict[str, Any]:
        answer = self.client.get(f"/v1/permit-applications/{ident}", headers=self.citizen(who))
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def etag(self, ident: str) -> dict[str, str]:
        answer = self.client.get(f"/v1/permit-applications/{ident}", headers=self.staff("completeness"))
        return {"If-Match": answer.headers["ETag"]}

    def step(self, ident: str, step: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> TestResponse:
        """The step by the one whose step it is (or as `headers` say), with a fresh If-Match and key."""
        if headers is None:
            headers = self.citizen() if step in ("submission", "withdrawal") else {**self.staff(step), **self.etag(ident)}
        sent = body if body is not None else BODIES.get(step)
        return self.client.post(f"/v1/permit-applications/{ident}/{step}", json=sent, headers={**headers, **self.key()})

    def wanting(self, *sentences: str, concerns: str = "documents.design_drawings") -> dict[str, Any]:
        """Body of a round that finds something wanting."""
        findings = [{"code": f"finding-{at}", "sentence": sentence, "concerns": concerns} for at, sentence in enumerate(sentences, 1)]
        return {"result": "needs_repair", "minutes": "Berita acara.", "findings": findings}

    def returned(self, ident: str, kind: str | None = None) -> None:
        """Given back, mended with a new document of a kind where one is named, and brought before the examiners again."""
        assert self.step(ident, "returns").status_code == 200
        if kind:
            assert self.upload(ident, kind).status_code == 201
        for step in ("submission", "completeness"):
            assert self.step(ident, step).status_code == 200

    def answer(self, ident: str, code: str, said: str = "approved", *reasons: str, office: str = "DAMKARMAT") -> TestResponse:
        """The newest question of a code, answered by an officer of its office."""
        path = f"/v1/permit-applications/{ident}/clearances"
        listed = self.client.get(path, headers=self.staff("completeness")).json["items"]
        one = f"{path}/{[row['id'] for row in listed if row['code'] == code][-1]}"
        officer = self.as_("uli", "officer", office=office)
        match = {"If-Match": self.client.get(one, headers=officer).headers["ETag"]}
        return self.client.post(f"{one}/answer", json={"answer": said, "reasons": list(reasons)}, headers={**officer, **match})

    def brought_to(self, step: str, **other: Any) -> str:
        """A new application on which everything up to and with `step` was done."""
        ident = self.open(**other)
        for kind in ("land_title", "design_drawings"):
            assert self.upload(ident, kind).status_code == 201
        for done in PATH[: PATH.index(step) + 1]:
            answer = self.step(ident, done)
            assert answer.status_code < 300, (done, answer.json)
        return ident


@pytest.fixture
def desk(client: FlaskClient, as_: Callable[..., dict[str, str]], key: Callable[[], dict[str, str]]) -> Desk:
    return Desk(client, as_, key)


@pytest.fixture
def a_house() -> dict[str, Any]:
    """Inputs of a retribution of Rp346.680."""
    return dict(HOUSE)


@pytest.fixture
def paid(example: Callable[[str], dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Data of `bill.paid` for an application; keywords override."""

    def data(application_id: str, total: int = 346680, **other: Any) -> dict[str, Any]:
        told = example("finance-sts.bill.paid.v1")
        told["reference"] = {"service": "licensing", "kind": "permit_application", "id": application_id}
        told["bill_id"] = str(uuid5(NAMESPACE_URL, application_id))
        return {**told, "total": total, "paid_total": total, "reference_paid_total": total, **other}

    return data


@pytest.fixture
def an_old_house() -> dict[str, Any]:
    """Inputs of an IMB retribution of Rp187.625, the published example."""
    return {
        "fungsi": "hunian", "waktu_penggunaan": "tetap", "lingkup": "baru", "luas_m2": "100", "hsbg": "4500", "biaya_formulir": "5000",
        "klasifikasi": {
            "kompleksitas": "sederhana", "permanensi": "permanen", "risiko_kebakaran": "sedang", "zonasi_gempa": "IV",
            "lokasi": "sedang", "ketinggian": "rendah", "kepemilikan": "perorangan",
        },
        "prasarana": [
            {"nama": "Pagar", "volume": "60", "indeks": "1", "hspbg": "500"},
            {"nama": "Waste water treatment", "volume": "3", "indeks": "1", "hspbg": "4000"},
        ],
    }  # fmt: skip


@dataclass
class Inspected:
    """One inspection in the hands of an officer of its office, through the API."""

    client: FlaskClient
    headers: dict[str, str]
    key: Callable[[], dict[str, str]]
    ident: str = ""

    @property
    def path(self) -> str:
        return f"/v1/inspections/{self.ident}"

    def file(self, **place: Any) -> TestResponse:
        return self.client.post("/v1/inspections", json=place, headers={**self.headers, **self.key()})

    def show(self) -> TestResponse:
        return self.client.get(self.path, headers=self.headers)

    def etag(self) -> dict[str, str]:
        return {"If-Match": self.show().headers["ETag"]}

    def post(self, step: str, body: dict[str, Any], match: dict[str, str] | None = None) -> TestResponse:
        return self.client.post(f"{self.path}/{step}", json=body, headers={**self.headers, **(self.etag() if match is None else match)})

    def schedule(self, **plan: Any) -> TestResponse:
        """On a day that the suite's clock allows: today, or the next working day."""
        day = day_of(city_clock.now())
        return self.post("schedule", {"day": (day if is_working_day(day) else add_working_days(day, 1)).isoformat(), **plan})

    def photo(self) -> TestResponse:
        out = io.BytesIO()
        Image.new("RGB", (64, 48), (90, 90, 90)).save(out, "JPEG")
        form = {"latitude": "3.5796", "longitude": "98.6869", "file": (io.BytesIO(out.getvalue()), "foto.jpg", "image/jpeg")}
        return self.client.post(f"{self.path}/photos", data=form, headers={**self.headers, **self.etag()})

    def conclude(self, **told: Any) -> TestResponse:
        lines = [{"code": code, "met": code == "no-danger"} for code in ("permit-shown", "as-permitted", "building-lines", "no-danger")]
        found = {"checklist": lines, "report": "Tidak ada papan izin.", "outcome_code": "permit-absent", "measures": ["work-stopped"]}
        return self.post("conclusion", {**found, **told})


@pytest.fixture
def inspect(client: FlaskClient, as_: Callable[..., dict[str, str]], key: Callable[[], dict[str, str]]) -> Callable[..., Inspected]:
    """`inspect(ident, office=…)`: an inspection that is there; without an id one that an officer opens now at the place named."""

    def of(ident: str = "", *, office: str, open_it: bool = True, **place: Any) -> Inspected:
        found = Inspected(client, as_("penilik", "officer", office=office), key, ident)
        if not ident and open_it:
            answer = found.file(**place)
            assert answer.status_code == 201, answer.json
            found.ident = answer.json["id"]
        return found

    return of
