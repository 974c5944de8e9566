"""Every code has its text in both languages; every table its legal basis and dates."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from finance_sts.model.bill import BillStatus
from finance_sts.policy import POLICY
from finance_sts.use_cases import tables
from smartcity.offices import office

SOURCE = Path(str(files("finance_sts")))
README = Path(__file__).parents[2] / "README.md"
DAY = date(2026, 2, 12)


def texts(language: str) -> dict[str, Any]:
    return yaml.safe_load((SOURCE / "messages" / f"{language}.yaml").read_text())  # type: ignore[no-any-return]


def code() -> str:
    return "\n".join(file.read_text() for file in SOURCE.rglob("*.py"))


def test_both_languages_have_the_same_codes() -> None:
    indonesian, english = texts("id"), texts("en")
    assert set(indonesian) == set(english)
    for section in english:
        assert set(indonesian[section]) == set(english[section])


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_rule_broken_has_its_text(language: str) -> None:
    at_the_bank_s_door = {"signature-wrong", "external-id-reused"}
    raised = set(re.findall(r'RuleBroken\(\s*"([a-z-]+)"', code())) - at_the_bank_s_door
    assert raised <= set(texts(language)["problems"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_of_a_bill_has_its_label(language: str) -> None:
    assert {f"bill.status.{status}" for status in BillStatus} <= set(texts(language)["labels"])


def test_the_acquirer_is_a_partner() -> None:
    assert tables.partner_called(tables.acquirer(), DAY)


@pytest.mark.parametrize("table", sorted(file.stem for file in (SOURCE / "data").glob("*.yaml") if file.stem != "reasons"))
def test_every_table_says_on_what_it_stands_and_from_when(table: str) -> None:
    found = yaml.safe_load((SOURCE / "data" / f"{table}.yaml").read_text())
    rows = [found] if "legal_basis" in found and "valid_from" in found else next(iter(v for v in found.values() if isinstance(v, list)))
    for row in rows:
        assert (found.get("legal_basis") or row["legal_basis"]) and row["valid_from"] <= DAY


def test_every_account_code_has_the_form_of_the_chart_and_the_roles_are_there() -> None:
    form = re.compile(r"[0-9]\.[0-9]\.[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
    assert all(form.fullmatch(one) for one in tables.accounts())
    assert len({tables.account_of(role) for role in ("treasury_cash", "treasurer_cash", "refunds_owed")}) == 3


def test_what_stands_in_no_table_is_said_so() -> None:
    for asked in (
        lambda: tables.account("9.9"),
        lambda: tables.due_rule("unheard-of", DAY),
        lambda: tables.due_rule("skrd-30-days", date(1999, 1, 1)),
        lambda: tables.collecting_office("licensing", "unheard-of", DAY),
        lambda: tables.collecting_office("licensing", "permit_application", date(1999, 1, 1)),
        lambda: tables.partner_on(date(1999, 1, 1)),
        lambda: tables.merchant_on(date(1999, 1, 1)),
    ):
        with pytest.raises(LookupError):
            asked()


def test_the_collecting_offices_are_offices_of_the_city() -> None:
    assert office(tables.collecting_office("licensing", "permit_application", DAY)) is not None


def test_the_readme_names_every_operation_s_path_and_every_setting() -> None:
    text = README.read_text()
    for path in re.findall(r'@\w+\.(?:get|post|patch)\("(/[^"]+)"', code()):
        assert re.sub(r"<\w+:\w+>", "{", path).split("{")[0].rstrip("/") in text, path
    assert "SNAP_CLIENT_SECRET" in text
    assert POLICY
