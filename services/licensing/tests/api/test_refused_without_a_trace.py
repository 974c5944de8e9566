"""Bad input and bad turns: each refused with a stable problem type that says what to do, and nothing is half-written."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

PARTICULARS = {
    "permit_type": "PBG", "applicant_name": "Budi", "applicant_address": "Medan", "site_address": "Medan", "kelurahan_code": "12.71.01.1001",
    "answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"},
}  # fmt: skip
KEPT = ("permit_application", "application_history", "application_document", "stored_file", "examination", "finding", "clearance", "visit",
        "event_log", "number_series")  # fmt: skip


def rows(session: Session) -> dict[str, int]:
    session.rollback()
    return {table: session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0 for table in KEPT}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kelurahan_code": "12.71.99.1001"}, "kelurahan_code"),
        ({"nib": "812000"}, "nib"),
        ({"nib": "81200012345AB"}, "nib"),
        ({"answers": {"fungsi": "usaha", "jumlah_lantai": 40, "luas_lantai_m2": "72"}}, "answers"),
        ({"answers": {"fungsi": "usaha", "jumlah_lantai": 1, "luas_lantai_m2": "-1"}}, "answers"),
        ({"answers": {"fungsi": "usaha", "jumlah_lantai": 1, "luas_lantai_m2": "72", "lapis_basemen": 2}}, "answers"),
    ],
)  # fmt: skip
def test_an_application_that_cannot_be_true_is_not_opened(desk: Any, session: Session, change: dict[str, Any], field: str) -> None:
    before = rows(session)
    headers = {**desk.citizen(), **desk.key(), "Accept-Language": "en"}
    answer = desk.client.post("/v1/permit-applications", json={**PARTICULARS, **change}, headers=headers)
    assert (answer.status_code, answer.json["type"], set(answer.json["errors"])) == (422, "/problems/fields-wrong", {field})
    assert rows(session) == before


def test_an_answer_is_not_changed_into_a_contradiction_either(desk: Any) -> None:
    ident = desk.open()
    body = {"answers": {**PARTICULARS["answers"], "jumlah_lantai": 20}}  # type: ignore[dict-item]
    answer = desk.client.patch(f"/v1/permit-applications/{ident}", json=body, headers=desk.citizen())
    assert (answer.status_code, set(answer.json["errors"]["answers"])) == (422, {"jumlah_lantai", "luas_lantai_m2"})
    assert desk.show(ident)["answers"]["jumlah_lantai"] == 1


def refusals(desk: Any) -> list[tuple[str, str, int, Any]]:
    """What is tried on an application before the examiners, the problem it is, and who tries it how."""
    return [
        ("completeness", "application-not-completable", 409, None),
        ("approval", "application-not-approvable", 409, None),
        ("assessment", "application-not-assessable", 409, None),
        ("examinations", "fields-wrong", 422, {"result": "needs_repair", "minutes": "Kurang."}),
        ("examinations", "fields-wrong", 422, {"result": "conforms", "minutes": "Ya.", "resolved": [7]}),
        ("examinations", "findings-open", 409, {**desk.wanting("Kurang."), "result": "conforms"}),
        ("returns", "fields-wrong", 422, {"reason_code": "weather", "reasons": ["Hujan."]}),
        ("rejection", "fields-wrong", 422, {"reason_code": "other", "reasons": []}),
    ]


def test_a_step_out_of_turn_or_badly_said_leaves_nothing_behind(desk: Any, session: Session) -> None:
    ident = desk.brought_to("completeness")
    before, shown = rows(session), desk.show(ident)
    for step, problem, status, body in refusals(desk):
        answer = desk.step(ident, step, body)
        assert (step, answer.status_code, answer.json["type"]) == (step, status, f"/problems/{problem}")
        assert answer.json["title"] and (answer.json.get("detail") or answer.json.get("errors"))
    assert (rows(session), desk.show(ident)) == (before, shown)


def test_who_has_not_read_the_newest_is_asked_to_read_again(desk: Any, session: Session) -> None:
    ident = desk.brought_to("completeness")
    seen = desk.etag(ident)
    assert desk.step(ident, "examinations").status_code == 201
    before = rows(session)
    for step in ("examinations", "returns", "approval", "rejection"):
        answer = desk.step(ident, step, headers={**desk.staff(step), **seen})
        assert (answer.status_code, answer.json["type"]) == (412, "/problems/stale")
        assert desk.step(ident, step, headers=desk.staff(step)).status_code == 428
    assert rows(session) == before
