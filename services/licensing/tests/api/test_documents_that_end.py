"""A document with a last day: told with it, refused when it is over, and asked for again at the submission."""

import io
from datetime import UTC, datetime
from typing import Any

LINE = {
    "permit_type": "TRAYEK",
    "nib": "8120001234567",
    "answers": {"trayek": "M-01", "jumlah_kendaraan": 2, "jenis_kendaraan": "bus_kecil"},
}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def upload(desk: Any, ident: str, **form: str) -> Any:
    sent = {**form, "file": (io.BytesIO(PDF), "berkas.pdf", "application/pdf")}
    return desk.client.post(f"/v1/permit-applications/{ident}/documents", data=sent, headers=desk.citizen())


def test_the_last_day_is_told_with_it_and_may_not_be_over(desk: Any, clock: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    ident = desk.open(**LINE)
    for form, words in (
        ({"kind": "roadworthiness"}, "Wajib diisi."),
        ({"kind": "roadworthiness", "expires_on": "2026-11-23"}, "sudah habis"),
        ({"kind": "vehicle_list", "expires_on": "2027-01-01"}, "tidak mempunyai masa berlaku"),
    ):
        refused = upload(desk, ident, **form)
        assert (refused.status_code, refused.json["type"]) == (422, "/problems/fields-wrong")
        assert words in refused.json["errors"]["expires_on"][0]
    assert desk.show(ident)["documents"] == []
    kept = upload(desk, ident, kind="roadworthiness", expires_on="2026-11-24")
    assert (kept.status_code, kept.json["expires_on"]) == (201, "2026-11-24")


def test_one_that_ends_before_the_submission_is_asked_for_again(desk: Any, clock: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    ident = desk.open(**LINE)
    upload(desk, ident, kind="vehicle_list")
    upload(desk, ident, kind="roadworthiness", expires_on="2026-11-24")
    clock.set(datetime(2026, 11, 25, 3, tzinfo=UTC))
    refused = desk.step(ident, "submission")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/documents-expired")
    assert "roadworthiness" in refused.json["detail"]
    assert (desk.show(ident)["status"], desk.show(ident)["number"]) == ("draft", None)
    upload(desk, ident, kind="roadworthiness", expires_on="2027-05-01")
    assert desk.step(ident, "submission").status_code == 200
