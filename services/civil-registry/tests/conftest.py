"""The civil registry under test: a parent at home, and four officials at their desks."""

import io
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civil_registry.service import SERVICE
from smartcity.service import Service

pytest_plugins = ["smartcity.testing.plugin"]

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
TODAY = datetime(2026, 2, 12, 3, tzinfo=UTC)  # a Thursday, 10:00 in Medan
BIRTH: dict[str, Any] = {
    "path": "married_parents",
    "kelurahan_code": "12.71.01.1001",
    "family_card_no": "1271011203150007",
    "child": {
        "name": "Nur Aisyah Siregar", "sex": "female", "born_on": "2026-02-05", "born_at": "04:10", "birth_place_kind": "hospital",
        "birth_place_name": "RSUD Dr. Pirngadi", "birth_city": "Medan", "order": 2, "weight_g": 3100, "length_cm": 49, "helper": "midwife",
    },
    "mother": {"name": "Siti Lubis", "nik": "1271014502900001", "born_on": "1990-02-05"},
    "father": {"name": "Budi Siregar", "nik": "1271010503880002", "born_on": "1988-03-05"},
    "reporter": {"name": "Budi Siregar", "nik": "1271010503880002", "relation": "father"},
    "witnesses": [{"name": "Rina Tarigan", "nik": "1271014101800003"}, {"name": "Hendra Sitompul", "nik": "3174010107790004"}],
}  # fmt: skip
PAPERS = {
    "married_parents": ("birth_letter", "marriage_certificate", "family_card", "identity_cards"),
    "marriage_not_recorded": ("birth_letter", "sptjm_couple", "family_card", "identity_cards"),
    "mother_only": ("sptjm_birth", "family_card", "identity_cards"),
    "foundling": ("police_report", "identity_cards"),
}
STAFF = {
    "verification": ("dewi", "officer"), "returns": ("dewi", "officer"), "late-decision": ("faisal", "head"),
    "registration": ("togar", "registrar"), "signature": ("nurhayati", "signer"),
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "verification": {"result": "conforms"},
    "returns": {"reason_code": "documents-unreadable", "reasons": ["Kartu Keluarga tidak terbaca."]},
    "late-decision": {"decision": "approved"},
}
ROUTE = ["submission", "verification", "registration", "signature", "collection"]
LATE_ROUTE = ["submission", "verification", "late-decision", "registration", "signature", "collection"]
RECORDS = "/v1/birth-registrations"
DEATHS = "/v1/death-registrations"
DEATH: dict[str, Any] = {
    "path": "with_letter",
    "kelurahan_code": "12.71.01.1001",
    "family_card_no": "1271011203150007",
    "deceased": {
        "name": "Tiur Pasaribu", "nik": "1271014203400005", "sex": "female", "born_on": "1940-03-02", "died_on": "2026-02-08", "died_at": "21:40",
        "death_place_kind": "hospital", "death_city": "Medan",
    },
    "reporter": {"name": "Budi Siregar", "nik": "1271010503880002", "relation": "child"},
    "witnesses": [{"name": "Rina Tarigan", "nik": "1271014101800003"}, {"name": "Hendra Sitompul", "nik": "3174010107790004"}],
}  # fmt: skip


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


def a_death(**other: Any) -> dict[str, Any]:
    """A death to report; keywords override, a mapping only in part."""
    return _overridden(DEATH, other)


def a_birth(**other: Any) -> dict[str, Any]:
    """A birth to report; keywords override, a mapping only in part."""
    return _overridden(BIRTH, other)


def _overridden(usual: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    said = deepcopy(usual)
    for name, value in other.items():
        said[name] = {**said[name], **value} if isinstance(value, dict) and isinstance(said.get(name), dict) else value
    return said


@dataclass
class Desk:
    """Everybody who works on a registration, through the API."""

    client: FlaskClient
    as_: Callable[..., dict[str, str]]
    key: Callable[[], dict[str, str]]

    @staticmethod
    def birth(**other: Any) -> dict[str, Any]:
        return a_birth(**other)

    @staticmethod
    def death(**other: Any) -> dict[str, Any]:
        return a_death(**other)

    def citizen(self, name: str = "budi") -> dict[str, str]:
        return self.as_(name, "citizen")

    def staff(self, step: str) -> dict[str, str]:
        name, role = STAFF[step]
        return self.as_(name, role, office="DISDUKCAPIL")

    def post(self, birth: dict[str, Any], name: str = "budi") -> TestResponse:
        return self.client.post(RECORDS, json=birth, headers={**self.citizen(name), **self.key()})

    def open(self, who: str = "budi", **other: Any) -> str:
        answer = self.post(a_birth(**other), who)
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def upload(
        self, ident: str, kind: str, content: bytes = PDF, name: str = "berkas.pdf", who: str = "budi", headers: Any = None
    ) -> TestResponse:
        form = {"kind": kind, "file": (io.BytesIO(content), name, "application/pdf")}
        return self.client.post(f"{RECORDS}/{ident}/documents", data=form, headers=headers or self.citizen(who))

    def change(self, ident: str, body: dict[str, Any], who: str = "budi") -> TestResponse:
        return self.client.patch(f"{RECORDS}/{ident}", json=body, headers=self.citizen(who))

    def show(self, ident: str, who: str = "budi") -> dict[str, Any]:
        answer = self.client.get(f"{RECORDS}/{ident}", headers=self.citizen(who))
        assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def look(self, ident: str, headers: dict[str, str], purpose: str | None = "verification") -> TestResponse:
        return self.client.get(f"{RECORDS}/{ident}" + (f"?purpose={purpose}" if purpose else ""), headers=headers)

    def etag(self, ident: str) -> dict[str, str]:
        return {"If-Match": self.look(ident, self.as_("auditor", "auditor"), None).headers["ETag"]}

    def step(self, ident: str, step: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> TestResponse:
        """The step by the one whose step it is (or as `headers` say), with a fresh If-Match and key; duplicates in its way are told apart."""
        if headers is None:
            headers = self.citizen() if step in ("submission", "collection") else self.staff(step)
        sent = body if body is not None else BODIES.get(step)
        path = f"{RECORDS}/{ident}/{step}"
        answer = self.client.post(path, json=sent, headers={**self.etag(ident), **headers, **self.key()})
        if answer.json and answer.json.get("type") != "/problems/duplicates-undecided":
            return answer
        self.told_apart(ident)
        return self.client.post(path, json=sent, headers={**headers, **self.etag(ident), **self.key()})

    def duplicates(self, ident: str, headers: dict[str, str] | None = None) -> list[dict[str, Any]]:
        asked = f"{RECORDS}/{ident}/duplicates?purpose=verification"
        answer = self.client.get(asked, headers=headers or self.staff("verification"))
        assert answer.status_code == 200, answer.json
        return list(answer.json["items"])

    def decide(self, ident: str, other: str, verdict: str = "different", headers: dict[str, str] | None = None) -> TestResponse:
        body = {"verdict": verdict, "why": "Surat kelahiran dibandingkan."}
        who = {**(headers or self.as_("rahmat", "officer", office="DISDUKCAPIL")), **self.etag(ident)}
        return self.client.post(f"{RECORDS}/{ident}/duplicates/{other}/decision", json=body, headers=who)

    def told_apart(self, ident: str) -> None:
        """Whatever other report may be of this child is decided to be another's, where that is to be decided at all."""
        for row in self.duplicates(ident):
            self.decide(ident, row["registration_id"])

    def correct(self, number: str, changes: dict[str, Any], headers: dict[str, str] | None = None) -> TestResponse:
        """A correction proposed by the registrar."""
        body = {"changes": changes, "reason_code": "clerical-error", "note": "Nama anak seharusnya Nur Aisyah Lubis."}
        headers = {**(headers or self.staff("registration")), **self.key()}
        return self.client.post(f"/v1/civil-records/{number}/corrections", json=body, headers=headers)

    def cancel(self, number: str, file: bytes = PDF, ruled_on: str = "2026-02-10", headers: dict[str, str] | None = None) -> TestResponse:
        """A cancellation proposed by the registrar."""
        form = {
            "court": "Pengadilan Negeri Medan", "ruling_no": "123/Pdt.P/2026/PN Mdn", "ruled_on": ruled_on,
            "file": (io.BytesIO(file), "putusan.pdf", "application/pdf"),
        }  # fmt: skip
        headers = {**(headers or self.staff("registration")), **self.key()}
        return self.client.post(f"/v1/civil-records/{number}/cancellation", data=form, headers=headers)

    def copy(self, number: str, reason: str = "lost", headers: dict[str, str] | None = None) -> TestResponse:
        """A further extract asked for by the parent."""
        sent = {**(headers or self.citizen()), **self.key()}
        return self.client.post(f"/v1/civil-records/{number}/copies", json={"reason_code": reason}, headers=sent)

    def sign_act(
        self, number: str, act: str, headers: dict[str, str] | None = None, how: str = "signature", body: Any = None
    ) -> TestResponse:
        """Signed (or refused) by the signer, with a fresh If-Match."""
        place = f"/v1/civil-records/{number}/acts/{act}"
        seen = {"If-Match": self.client.get(place, headers=self.as_("auditor", "auditor")).headers["ETag"]}
        return self.client.post(f"{place}/{how}", json=body, headers={**seen, **(headers or self.staff("signature"))})

    def dead(
        self, path: str = "with_letter", papers: Sequence[str] = ("doctor_letter", "family_card", "identity_card"), **other: Any
    ) -> str:
        """A draft of the report of a death with its papers."""
        answer = self.client.post(DEATHS, json={**a_death(**other), "path": path}, headers={**self.citizen(), **self.key()})
        assert answer.status_code == 201, answer.json
        for kind in papers:
            form = {"kind": kind, "file": (io.BytesIO(PDF), "surat.pdf", "application/pdf")}
            answer_to_paper = self.client.post(f"{DEATHS}/{answer.json['id']}/documents", data=form, headers=self.citizen())
            assert answer_to_paper.status_code == 201, answer_to_paper.json
        return str(answer.json["id"])

    def death_step(self, ident: str, *steps: str, headers: dict[str, str] | None = None) -> TestResponse:
        """Steps, each by the one whose step it is; the last answer."""
        for step in steps:
            place = f"{DEATHS}/{ident}"
            seen = {"If-Match": self.client.get(place, headers=self.as_("auditor", "auditor")).headers["ETag"]}
            who = headers or (self.citizen() if step in ("submission", "collection") else self.staff(step))
            answer = self.client.post(f"{place}/{step}", json=BODIES.get(step), headers={**seen, **who, **self.key()})
        return answer

    def filed(self, papers: Sequence[str] = (), **other: Any) -> str:
        """A draft with `papers`, or else every document its path usually asks for."""
        ident = self.open(**other)
        for kind in papers or PAPERS[other.get("path", "married_parents")]:
            assert self.upload(ident, kind).status_code == 201
        return ident

    def reported(self, kind: str, *steps: str) -> str:
        """The path of a `birth` or `death` on which these steps were done."""
        ident = self.filed() if kind == "birth" else self.dead()
        for step in steps:
            done = self.step(ident, step) if kind == "birth" else self.death_step(ident, step)
            assert done.status_code == 200
        return f"{RECORDS if kind == 'birth' else DEATHS}/{ident}"

    def brought_to(self, step: str, papers: Sequence[str] = (), route: Sequence[str] = ROUTE, **other: Any) -> str:
        """A new registration on which everything up to and with `step` was done."""
        ident = self.filed(papers, **other)
        for done in route[: route.index(step) + 1]:
            answer = self.step(ident, done)
            assert answer.status_code < 300, (done, answer.json)
        return ident


@pytest.fixture
def desk(client: FlaskClient, as_: Callable[..., dict[str, str]], key: Callable[[], dict[str, str]], clock: Any) -> Desk:
    clock.set(TODAY)
    return Desk(client, as_, key)


@pytest.fixture(scope="session")
def birth() -> Callable[..., dict[str, Any]]:
    return a_birth


@pytest.fixture(scope="session")
def death() -> Callable[..., dict[str, Any]]:
    return a_death


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return PDF
