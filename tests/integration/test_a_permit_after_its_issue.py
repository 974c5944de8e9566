"""A permit does not end at its issue: its holder is reminded and renews it without typing again; and a revoked one's QR code says so."""

import json
from pathlib import Path
from typing import Any

from tests.integration.city import OFFICE_STEPS, PDF, City, until

SIGN = {
    "permit_type": "REKLAME", "nib": "8120001234567", "applicant_name": "Budi Siregar", "applicant_address": "Jalan Sei Deli 12, Medan",
    "site_address": "Jalan Sisingamangaraja 40, Medan", "kelurahan_code": "12.71.01.1001",
    "answers": {"jenis": "papan", "luas_m2": 8, "jumlah_muka": 2, "naskah": "Kopi Sidikalang"},
}  # fmt: skip
DRAFTS = "/v1/permit-applications"


def issued(city: City, ident: str) -> dict[str, Any]:
    """The permit of a draft that has its documents; it costs nothing."""
    path = f"{DRAFTS}/{ident}"
    assert city.act(f"{path}/submission", "budi").status_code == 200
    for step, account, body in (*OFFICE_STEPS, ("assessment", "petugas-dpmptsp", {"inputs": {}})):
        answer = city.act(f"{path}/{step}", account, body, on=path)
        assert answer.status_code < 300, (step, answer.text)
    return permit(city, city.application(ident)["permit_id"])


def permit(city: City, ident: str) -> dict[str, Any]:
    return dict(city.get(f"/v1/permits/{ident}", "budi"))


def a_sign(city: City) -> dict[str, Any]:
    ident = city.act(DRAFTS, "budi", SIGN).json()["id"]
    for kind in ("design_drawings", "site_permission", "site_photo"):
        files = {"file": ("berkas.pdf", PDF, "application/pdf")}
        assert city.call("POST", f"{DRAFTS}/{ident}/documents", "budi", data={"kind": kind}, files=files).status_code == 201
    return issued(city, ident)


def test_a_permit_that_ends_is_renewed_without_typing_again(city: City) -> None:
    old = a_sign(city)
    renewal = f"/v1/permits/{old['id']}/renewal"
    assert city.act(renewal, "budi").json()["type"] == "/problems/renewal-too-early"
    calendar = city.call("GET", "/v1/permits/renewals.ics", "budi")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert f"UID:urn:uuid:{old['id']}" in calendar.text
    city.move_clock("+340d")
    until(lambda: permit(city, old["id"])["reminded_at"])
    cases = city.get("/v1/me/cases", "budi")["cases"]
    assert old["number"] in {line["number"] for line in cases if line["kind"] == "permit_renewal"}
    new = issued(city, city.act(renewal, "budi").json()["id"])
    assert (new["predecessor_id"], new["building"], new["holder_name"]) == (old["id"], SIGN["answers"], "Budi Siregar")
    assert old["valid_until"] < new["valid_from"] < new["valid_until"]
    assert city.get(f"/v1/verify/{old['verify_code']}")["standing"] == "valid"
    city.move_clock("+30d")
    until(lambda: city.get(f"/v1/verify/{old['verify_code']}")["standing"] == "expired")
    assert city.get(f"/v1/verify/{new['verify_code']}")["standing"] == "valid"


def test_the_qr_code_of_a_revoked_permit_says_so_and_its_signature_still_holds(city: City, tmp_path: Path) -> None:
    given = a_sign(city)
    path = f"/v1/permits/{given['id']}"
    paper, keys = tmp_path / "izin.pdf", tmp_path / "kunci.json"
    paper.write_bytes(city.call("GET", f"{path}/document", "budi").content)
    keys.write_text(json.dumps(city.get("/v1/open-data/licensing/document-keys")))
    assert json.loads(keys.read_text())["keys"][0] in json.loads(city.suite.command("document-keys").stdout)["keys"]
    early = city.act(f"{path}/revocation", "kadis-dpmptsp", {"reason_code": "built-otherwise"}, on=path)
    assert early.json()["type"] == "/problems/revocation-needs-notice"
    notice = {"reason_code": "built-otherwise", "text": "Letak reklame menyimpang dari izin."}
    assert city.act(f"{path}/revocation-notice", "kadis-dpmptsp", notice, on=path).status_code == 200
    assert city.act(f"{path}/answer", "budi", {"text": "Kami tidak keberatan."}).status_code == 200
    assert city.get(f"/v1/verify/{given['verify_code']}")["standing"] == "valid"
    done = city.act(f"{path}/revocation", "kadis-dpmptsp", {"reason_code": "built-otherwise"}, on=path)
    assert done.json()["status"] == "revoked"
    known = city.get(f"/v1/verify/{given['verify_code']}")
    assert (known["standing"], known["statement"]["number"]) == ("revoked", given["number"])
    page = city.call("GET", f"/v1/verify/{given['verify_code']}", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "id"})
    assert page.headers["content-type"].startswith("text/html") and given["number"] in page.text and "Dicabut" in page.text
    assert "nonce-" in page.headers["content-security-policy"]
    genuine = city.suite.command("verify-document", str(paper), "--keys", str(keys))
    assert genuine.returncode == 0 and "it stands: revoked" in genuine.stdout, genuine.stdout + genuine.stderr
    paper.write_bytes(paper.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    forged = city.suite.command("verify-document", str(paper), "--keys", str(keys), "--no-online")
    assert forged.returncode == 1 and "file-changed" in forged.stderr
    until(lambda: city.unsent("licensing") == 0)
