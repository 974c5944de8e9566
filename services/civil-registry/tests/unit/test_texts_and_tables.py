"""Every code has its text in both languages; every table its legal basis and dates; the README shows what is."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Status, Step
from civil_registry.model.certificate import Certificate
from civil_registry.model.duplicate_decision import Verdict
from civil_registry.policy import OFFICE as POLICY_OFFICE
from civil_registry.policy import POLICY
from civil_registry.use_cases import registry_data

SOURCE = Path(str(files("civil_registry")))
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
    raised = set(re.findall(r'(?:RuleBroken|Forbidden)\("([a-z-]+)"', code()))
    steps = {f"registration-not-{may}" for may in re.findall(r'"([a-z]+able)"', code())}
    assert (raised | steps) - set(every_service_s) == set(texts("en")["problems"])


def test_every_field_code_has_its_text_and_no_text_is_idle() -> None:
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code()))
    fields = set(texts("en")["fields"])
    assert fields <= named
    assert {name for name in named if name.startswith(("birth-in", "mother-too", "witness", "path-", "purpose-", "circumstance"))} <= fields


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_step_reason_and_purpose_has_its_label(language: str) -> None:
    labels, reasons = set(texts(language)["labels"]), registry_data.reasons()
    assert {f"birth_registration.status.{status}" for status in Status} <= labels
    assert {f"step.{step}" for step in Step} <= labels
    assert {f"reason.{reason}" for step in ("returned", "rejected") for reason in reasons[step]} <= labels
    assert {f"duplicate.{code}" for code in registry_data.duplicate_terms().points} <= labels
    assert {f"verdict.{verdict}" for verdict in Verdict} <= labels
    assert {f"purpose.{purpose}" for purpose in registry_data.purposes()} <= labels


def test_every_table_has_its_legal_basis_and_dates() -> None:
    for path in registry_data.birth_paths():
        assert path.legal_basis and path.valid_from and path.witnesses == 2
        assert all(paper.legal_basis for need in path.requirements for paper in need.one_of)
    for circumstance in registry_data.circumstances():
        assert circumstance.legal_basis and circumstance.valid_from
    assert all(wording.legal_basis for wording in registry_data.wordings().values())
    for clock in registry_data.clocks().values():
        assert clock.legal_basis and clock.valid_from and clock.days > 0
    assert registry_data.clocks()["report_birth"].days == 60


def test_nothing_is_charged() -> None:
    """UU 24/2013 Pasal 79A, 95B: charging is a crime; so there is nothing here that could."""
    names = {column.name for model in (BirthRegistration, BirthRecord, Certificate) for column in model.__table__.columns} | set(POLICY)
    assert not [name for name in names if re.search(r"amount|price|charge|bill|pay|fee|total|tariff", name)]
    assert "smartcity.money import format_rupiah" not in code() and "fields.Rupiah" not in code()


def test_the_office_of_the_policy_is_that_of_the_table() -> None:
    assert registry_data.OFFICE == POLICY_OFFICE


def test_the_readme_names_every_operation() -> None:
    shown = README.read_text()
    paths = re.findall(r'\.(get|post|patch)\("(/[^"]+)"\)', code())
    assert len(paths) == len(POLICY)
    for method, path in paths:
        assert f"{method.upper()} /v1{re.sub(r'<[a-z]+:[a-z_]+>', '{id}', path)}" in shown
