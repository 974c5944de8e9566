"""Permits that are no buildings: free or by local tariff, for citizens or businesses, and with a last day."""

from datetime import UTC, datetime
from typing import Any

PAID = "finance-sts.bill.paid.v1"
NIB = "8120001234567"
SHOP = {"permit_type": "TOKO", "answers": {"nama_usaha": "Toko Sinar", "jenis_usaha": "toko", "luas_m2": "24"}}
SIGN = {"permit_type": "REKLAME", "answers": {"jenis": "papan", "luas_m2": 8, "jumlah_muka": 2, "naskah": "Kopi Sidikalang"}}
LAND = {"permit_type": "TANAH", "answers": {"keperluan": "usaha_mikro", "luas_m2": "37.5"}}


def brought(desk: Any, kind: str, what: dict[str, Any], inputs: dict[str, Any], **more: Any) -> str:
    """The application with its retribution fixed."""
    ident = desk.open(**what, **more)
    assert desk.upload(ident, kind).status_code == 201
    for step in ("submission", "completeness", "examinations", "approval"):
        answer = desk.step(ident, step)
        assert answer.status_code < 300, (step, answer.json)
    fixed = desk.step(ident, "assessment", {"inputs": inputs})
    assert fixed.status_code == 200, fixed.json
    return str(ident)


def permit_of(desk: Any, ident: str) -> dict[str, Any]:
    permit_id = desk.show(ident)["permit_id"]
    return dict(desk.client.get(f"/v1/permits/{permit_id}", headers=desk.citizen()).json)


def test_a_shop_pays_nothing_and_has_its_permit_at_once(desk: Any, told: Any) -> None:
    ident = brought(desk, "place_of_business", SHOP, {}, nib=NIB)
    shown, permit = desk.show(ident), permit_of(desk, ident)
    assert (shown["status"], shown["retribution"], shown["nib"]) == ("issued", 0, NIB)
    assert permit["number"].startswith("TOKO/DPMPTSP/")
    assert permit["building"] == SHOP["answers"]
    (assessed,) = told("licensing.retribution.assessed.v1")
    assert (assessed["data"]["total"], assessed["data"]["rule_set"]) == (0, "none")
    assert NIB not in str(told())
    paper = desk.client.get(f"/v1/permits/{permit['id']}/document", headers=desk.citizen())
    assert paper.data.startswith(b"%PDF-")


def test_land_is_charged_by_area_tariff_and_index(desk: Any, hear: Any, paid: Any) -> None:
    ident = brought(desk, "site_plan", LAND, {"luas_m2": "37.5", "indeks": "usaha_mikro"})
    shown = desk.show(ident)
    assert (shown["status"], shown["retribution"]) == ("awaiting_payment", 225_000)
    calculation = shown["assessment"]["calculation"]
    assert calculation["tariff"]["sample"] is True
    assert [step["symbol"] for step in calculation["steps"]] == ["L", "tarif", "I", "total", "total_rp"]
    hear(PAID, paid(ident, 225_000))
    assert permit_of(desk, ident)["retribution_total"] == 225_000


def test_inputs_of_another_rule_are_refused_by_field(desk: Any) -> None:
    ident = desk.open(**LAND)
    desk.upload(ident, "site_plan")
    for step in ("submission", "completeness", "examinations", "approval"):
        desk.step(ident, step)
    for inputs, field in (
        ({"luas_m2": "37.5", "indeks": "istana"}, "indeks"),
        ({"luas_m2": "1"}, "indeks"),
        ({"fungsi": "usaha"}, "fungsi"),
    ):
        refused = desk.step(ident, "assessment", {"inputs": inputs})
        assert refused.status_code == 422
        assert field in refused.json["errors"]["inputs"]
    assert desk.show(ident)["status"] == "approved"


def test_who_may_apply_is_the_types_word(desk: Any) -> None:
    def refusal(**what: Any) -> Any:
        body = {**SHOP, **what}
        answer = desk.client.post(
            "/v1/permit-applications",
            json={
                "applicant_name": "Budi", "applicant_address": "Medan", "site_address": "Medan", "kelurahan_code": "12.71.01.1001", **body,
            },
            headers={**desk.citizen(), **desk.key()},
        )  # fmt: skip
        return answer.status_code, answer.json.get("errors")

    assert refusal()[0] == 201
    status, errors = refusal(**SIGN)
    assert status == 422 and list(errors) == ["nib"]
    assert refusal(**SIGN, nib=NIB)[0] == 201
    for wrong in ("123", "81200012345678", "812000123456x", ""):
        status, errors = refusal(nib=wrong)
        assert status == 422 and list(errors) == ["nib"]


def test_a_permit_ends_with_its_last_day_and_its_paper_says_so_online(desk: Any, clock: Any, run_due: Any, told: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    ident = brought(desk, "place_of_business", SHOP, {})
    permit = permit_of(desk, ident)
    assert permit["valid_until"] == "2031-11-24"
    clock.set(datetime(2031, 11, 24, 16, tzinfo=UTC))  # 23.00 in Medan, the last hour of the last day
    run_due()
    assert permit_of(desk, ident)["status"] == "active"
    clock.set(datetime(2031, 11, 24, 17, tzinfo=UTC))
    run_due()
    assert permit_of(desk, ident)["status"] == "expired"
    (expired,) = told("licensing.permit.expired.v1")
    assert expired["data"] == {"permit_id": permit["id"], "permit_no": permit["number"], "permit_type": "TOKO", "valid_until": "2031-11-24"}
    assert desk.client.get(f"/v1/verify/{permit['verify_code']}").json["standing"] == "expired"


def test_a_revoked_permit_does_not_expire_any_more(desk: Any, clock: Any, run_due: Any, told: Any) -> None:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    permit = permit_of(desk, brought(desk, "place_of_business", SHOP, {}))
    head = desk.as_("kadis", "head", office="DPMPTSP")
    etag = desk.client.get(f"/v1/permits/{permit['id']}", headers=head).headers["ETag"]
    path = f"/v1/permits/{permit['id']}/revocation"
    assert (
        desk.client.post(path, json={"reason_code": "safety", "text": "Dinding retak."}, headers={**head, "If-Match": etag}).status_code
        == 200
    )
    clock.set(datetime(2031, 11, 25, 3, tzinfo=UTC))
    assert "done" in run_due()
    assert told("licensing.permit.expired.v1") == []
    assert desk.client.get(f"/v1/verify/{permit['verify_code']}").json["standing"] == "revoked"
