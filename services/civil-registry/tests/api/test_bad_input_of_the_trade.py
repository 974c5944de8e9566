"""What people really get wrong, each refused exactly and with the register untouched."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord

SIX = {"mother": {"born_on": "2020-02-01", "nik": "1271014102200001"}}


@pytest.fixture(autouse=True)
def register_untouched(session: Session) -> Any:
    yield
    assert session.scalar(sa.select(sa.func.count()).select_from(BirthRecord)) == 0


def test_a_mother_of_six_is_named_by_her_date_of_birth(desk: Any, birth: Any) -> None:
    answer = desk.post(birth(**SIX))
    assert (answer.status_code, set(answer.json["errors"]["mother"])) == (422, {"born_on"})


def test_a_birth_to_come_is_refused_by_a_report_a_change_and_a_notification(desk: Any, birth: Any) -> None:
    tomorrow = {"child": {"born_on": "2026-02-13"}}
    noted = {"reference": "R-1", "child": birth(**tomorrow)["child"], "mother": birth()["mother"]}
    agency = {**desk.as_("rsud", "agency"), **desk.key()}
    answers = [
        desk.post(birth(**tomorrow)), desk.change(desk.open(), tomorrow), desk.client.post("/v1/birth-notifications", json=noted, headers=agency),
    ]  # fmt: skip
    assert [(answer.status_code, set(answer.json["errors"]["child"])) for answer in answers] == [(422, {"born_on"})] * 3


def test_a_fifth_kind_of_document_is_refused_and_so_is_a_file_that_lies(desk: Any) -> None:
    ident = desk.filed()
    assert set(desk.upload(ident, "sptjm_father_identity").json["errors"]) == {"kind"}
    assert set(desk.upload(ident, "family_card", b"<html>", "kk.pdf").json["errors"]) == {"file"}
    assert len(desk.show(ident)["documents"]) == 4


def test_the_documentation_asks_nothing_of_a_change(desk: Any) -> None:
    schemas = desk.client.get("/openapi.json").json["components"]["schemas"]
    assert set(schemas["Child"]["required"]) >= {"name", "sex", "born_on"}
    for name in ("ChildChange", "MotherChange", "FatherChange", "ReporterChange", "ChangeRequest"):
        assert "required" not in schemas[name], name
