"""Every code has its text in both languages; every table its legal basis and dates."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from licensing.model.application_status import Status
from licensing.model.complaint_notice import ComplaintStanding
from licensing.model.inspection_status import InspectionStatus, Outcome
from licensing.model.permit_status import PermitStatus
from licensing.policy import POLICY
from licensing.use_cases.inspection_terms import terms
from licensing.use_cases.permit_types import permit_types
from licensing.use_cases.reasons import reasons
from licensing.use_cases.tariffs import rule_set

SOURCE = Path(str(files("licensing")))
README = Path(__file__).parents[2] / "README.md"


def texts(language: str) -> dict[str, Any]:
    return yaml.safe_load((SOURCE / "messages" / f"{language}.yaml").read_text())  # type: ignore[no-any-return]


def code() -> str:
    return "\n".join(file.read_text() for file in SOURCE.rglob("*.py"))


def test_both_languages_have_the_same_codes() -> None:
    indonesian, english = texts("id"), texts("en")
    for section in ("problems", "fields", "labels"):
        assert set(indonesian[section]) == set(english[section])


def test_every_problem_raised_has_its_text_and_no_text_is_idle() -> None:
    every_service_s = yaml.safe_load((Path(str(files("smartcity"))) / "messages" / "en.yaml").read_text())["problems"]
    raised = set(re.findall(r'RuleBroken\("([a-z-]+)"', code()))
    steps = {f"application-not-{may}" for may in re.findall(r'self\._move\([^,]+, "([a-z]+)"', code())}
    assert (raised | steps) - set(every_service_s) == set(texts("en")["problems"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_and_reason_has_its_label(language: str) -> None:
    labels = set(texts(language)["labels"])
    assert {f"permit_application.status.{status}" for status in Status} <= labels
    assert {f"permit.status.{status}" for status in PermitStatus} <= labels
    assert {f"permit_measure.{kind}" for kind in ("suspension.announced", "suspension.in_force", "revocation.announced")} <= labels
    assert {f"inspection.status.{status}" for status in InspectionStatus} <= labels
    assert {f"inspection.complaint.{standing}" for standing in ComplaintStanding} <= labels
    assert {f"inspection.outcome.{outcome}" for outcome in Outcome} <= labels
    assert {f"inspection.checklist.{line}" for line in terms()["checklist"]} <= labels
    assert {f"inspection.measure.{measure}" for measure in terms()["measures"]} <= labels
    assert {f"reason.{reason}" for step in reasons().values() for reason in step} <= labels


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_class_that_is_printed_has_its_label(language: str) -> None:
    labels, pbg, imb = set(texts(language)["labels"]), rule_set("pp-16-2021").tables, rule_set("permen-pu-24-2007").tables
    printed = {
        *(f"building.fungsi.{name}" for name in (*pbg["indeks_fungsi"], *imb["fungsi"])),
        *(f"building.jenis_pekerjaan.{name}" for name in pbg["ibg"]),
        *(f"building.lingkup.{name}" for name in imb["tk"]),
    }
    assert printed <= labels


def test_every_permit_type_has_legal_basis_dates_and_documents() -> None:
    for kind in permit_types():
        assert kind.legal_basis and kind.valid_from and kind.required_documents <= kind.document_kinds
        assert kind.wrong_answers({}) and kind.questions["additionalProperties"] is False


def test_every_outcome_of_an_inspection_has_its_row_and_every_measure_an_outcome() -> None:
    outcomes, measures = terms()["outcomes"], terms()["measures"]
    assert set(outcomes) == {outcome.value for outcome in Outcome}
    assert {code for row in outcomes.values() for code in row["measures"]} == set(measures)
    assert {row["permit"] for row in outcomes.values()} <= {"optional", "required", "none"}
    assert terms()["legal_basis"] and all(row["legal_basis"] for row in measures.values())


def test_the_readme_names_every_operation() -> None:
    shown = README.read_text()
    paths = re.findall(r'\.(get|post|patch)\("(/[^"]+)"\)', code())
    assert len(paths) == len(POLICY)
    for method, path in paths:
        assert f"{method.upper()} /v1{re.sub(r'<[a-z]+:[a-z_]+>', '{id}', path)}" in shown
