"""A mother gets her child's certificate without leaving home: in time, and late by the head's decision; and the NIK stays where it is."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from smartcity.calendar import day_of
from tests.integration.city import PDF, City

BIRTH: dict[str, Any] = {
    "path": "married_parents", "kelurahan_code": "12.71.01.1001", "family_card_no": "1271011203150007",
    "child": {
        "name": "Nur Aisyah Siregar", "sex": "female", "born_at": "04:10", "birth_place_kind": "hospital", "birth_city": "Medan",
        "birth_place_name": "RSUD Dr. Pirngadi", "order": 2, "weight_g": 3100, "length_cm": 49, "helper": "midwife",
    },
    "mother": {"name": "Siti Lubis", "nik": "1271014502900001", "born_on": "1990-02-05"},
    "father": {"name": "Budi Siregar", "nik": "1271010503880002", "born_on": "1988-03-05"},
    "reporter": {"name": "Siti Lubis", "nik": "1271014502900001", "relation": "mother"},
    "witnesses": [{"name": "Rina Tarigan", "nik": "1271014101800003"}, {"name": "Hendra Sitompul", "nik": "3174010107790004"}],
}  # fmt: skip
PAPERS = ("birth_letter", "marriage_certificate", "family_card", "identity_cards")
OFFICE = {
    "verification": ("petugas-dukcapil", {"result": "conforms"}), "late-decision": ("kadis-dukcapil", {"decision": "approved"}),
    "registration": ("registrar", None), "signature": ("penandatangan-dukcapil", None),
}  # fmt: skip
MOTHERS = {"Nur Aisyah Siregar": "1271014502900001", "Jonathan Hasibuan": "1271014502900004"}


def filed(city: City, days_ago: int, name: str) -> str:
    """A birth reported by its mother, with every paper, and handed in."""
    born = day_of(datetime.now(UTC)) - timedelta(days=days_ago)
    mother = {**BIRTH["mother"], "nik": MOTHERS[name]}
    body = {**BIRTH, "child": {**BIRTH["child"], "name": name, "born_on": born.isoformat()}, "mother": mother}
    answer = city.act("/v1/birth-registrations", "siti", body)
    assert answer.status_code == 201, answer.text
    path = f"/v1/birth-registrations/{answer.json()['id']}"
    for kind in PAPERS:
        sent = city.call("POST", f"{path}/documents", "siti", data={"kind": kind}, files={"file": ("berkas.pdf", PDF, "application/pdf")})
        assert sent.status_code == 201, sent.text
    assert city.act(f"{path}/submission", "siti").status_code == 200
    return path


def step(city: City, path: str, name: str) -> dict[str, Any]:
    account, body = OFFICE[name]
    answer = city.act(f"{path}/{name}", account, body, on=f"{path}?purpose=verification")
    assert answer.status_code == 200, (name, answer.text)
    return dict(answer.json())


def holds_anywhere(city: City, pdf: bytes, folder: Path) -> None:
    """Seal and electronic signature, with what the office publishes alone; and one changed letter is told."""
    paper, keys, roots = folder / "akta.pdf", folder / "kunci.json", folder / "akar.pem"
    published = city.get("/v1/open-data/civil-registry/document-keys")
    keys.write_text(json.dumps(published))
    roots.write_text("".join(published["signature_roots"]))
    told = ("verify-document", str(paper), "--keys", str(keys), "--roots", str(roots), "--no-online")
    paper.write_bytes(pdf)
    genuine = city.suite.command(*told)
    assert genuine.returncode == 0 and "signed electronically by" in genuine.stdout, genuine.stdout + genuine.stderr
    paper.write_bytes(pdf.replace(b"/Reason", b"/reason"))
    forged = city.suite.command(*told)
    assert forged.returncode == 1 and "signature-broken" in forged.stderr


@pytest.mark.parametrize(("days_ago", "name", "steps", "kind"), [
    (20, "Nur Aisyah Siregar", ("verification", "registration", "signature"), "LU"),
    (200, "Jonathan Hasibuan", ("verification", "late-decision", "registration", "signature"), "LT"),
])  # fmt: skip
def test_a_certificate_comes_home(city: City, days_ago: int, name: str, steps: tuple[str, ...], kind: str, tmp_path: Path) -> None:
    path = filed(city, days_ago, name)
    for one in steps:
        last = step(city, path, one)
    assert last["record_no"].startswith(f"1271-{kind}-")
    issued = city.get(path, "siti")
    assert issued["status"] == "issued"
    paper = city.call("GET", f"/v1/certificates/{issued['record_no']}/document", "siti")
    holds_anywhere(city, paper.content, tmp_path)
    assert city.call("GET", f"/v1/certificates/{issued['record_no']}/document", "budi").status_code in (403, 404)
    (case,) = [one for one in city.get("/v1/me/cases", "siti")["cases"] if path.endswith(one["id"])]
    assert (case["service"], case["status"]) == ("civil-registry", "issued")
    seen = [row for row in city.get("/v1/me/data-access", "siti")["items"] if path.endswith(row["record_id"])]
    assert {row["office"] for row in seen} == {"DISDUKCAPIL"}
