"""Every code has its text in both languages; every table its source and dates; the README shows what is."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from complaints.model.complaint_status import WAITS_FOR, Clock, Status
from complaints.policy import POLICY
from complaints.use_cases import categories as tables
from complaints.use_cases.moderator import OTHER, REASONS
from complaints.use_cases.questions import questions, wrong_answers
from smartcity.http.languages import Messages
from smartcity.offices import office

SOURCE = Path(str(files("complaints")))
README = Path(__file__).parents[2] / "README.md"


def texts(language: str) -> dict[str, Any]:
    return yaml.safe_load((SOURCE / "messages" / f"{language}.yaml").read_text())  # type: ignore[no-any-return]


def code() -> str:
    return "\n".join(file.read_text() for file in SOURCE.rglob("*.py"))


def model() -> str:
    return "\n".join((SOURCE / "model" / f"{name}.py").read_text() for name in ("complaint", "complaint_promise"))


def test_both_languages_have_the_same_codes() -> None:
    for section in ("problems", "fields", "labels"):
        assert set(texts("id")[section]) == set(texts("en")[section])


def test_every_problem_raised_has_its_text_and_no_text_is_idle() -> None:
    raised = set(re.findall(r'(?:RuleBroken|NotFound)\(\s*"([a-z-]+)"', code())) | {"key-not-valid"}
    moved = {f"complaint-not-{may}" for may in re.findall(r'"([a-z]+able)"', model())}
    assert raised | moved | {"survey-already-given"} == set(texts("en")["problems"])


def test_every_field_code_has_its_text_and_no_text_is_idle() -> None:
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code()))
    of_the_kernel = set(Messages(()).section("fields", "en"))  # said here more exactly
    assert set(texts("en")["fields"]) <= named | of_the_kernel


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_state_category_group_and_question_has_its_label(language: str) -> None:
    labels = set(texts(language)["labels"])
    assert {f"complaint.status.{status}" for status in Status} | {f"complaint.waits_for.{who}" for who in WAITS_FOR.values()} <= labels
    assert {f"complaint.clock.{clock}" for clock in Clock} <= labels
    assert {f"category.{one}" for one in (*tables.categories(), *tables.groups())} <= labels
    assert {f"question.{name}" for schema in questions().values() for name in schema["properties"]} <= labels
    chosen = {str(value) for schema in questions().values() for terms in schema["properties"].values() for value in terms.get("enum", ())}
    assert {f"answer.{value}" for value in chosen} <= labels
    assert {f"doubt.{reason}" for reason in (*REASONS, OTHER)} <= labels
    events = set(re.findall(r'_(?:write|move)\([^"\n]*(?:"[a-z]+able", )?"([a-z_]+)", step', code())) - {"archivable"}
    assert {f"complaint.event.{event}" for event in events} <= labels and len(events) >= 8


def test_every_category_has_an_office_of_the_city_and_its_place_in_the_tree() -> None:
    groups = tables.groups()
    assert len(tables.categories()) == 29
    for one in tables.categories().values():
        assert office(one.office) and not one.office.startswith("EKSTERNAL"), one.code
        assert one.parent is None or one.parent in groups, one.code
        assert (one.elsewhere is None) or tables.elsewhere(one.elsewhere)["channel"]
        assert one.answer_days in (1, 5, 14, 60)
        radius, days = tables.duplicates(one.code)
        assert 10 <= radius <= 500 and 1 <= days <= 30
    assert not set(groups) & set(tables.categories())
    for code_, parent in groups.items():
        assert parent is None or (parent in groups and list(groups).index(parent) < list(groups).index(code_)), "a parent stands above"


def test_every_clock_has_its_basis_and_dates() -> None:
    rows = yaml.safe_load((SOURCE / "data" / "clocks.yaml").read_text())["clocks"]
    assert {row["name"] for row in rows} == {*(clock.value for clock in Clock if clock is not Clock.ANSWER), "reopening"}
    assert all(row["basis"] and row["valid_from"] and row["days"] > 0 for row in rows)


def test_whatever_is_asked_is_bounded() -> None:
    for category, schema in questions().items():
        assert category in tables.categories()
        for terms in schema["properties"].values():
            bounded = {"string": {"pattern"}, "integer": {"minimum", "maximum"}, "boolean": set(), None: {"enum"}}[terms.get("type")]
            assert bounded <= set(terms)


@pytest.mark.parametrize(
    ("category", "answers", "wrong"),
    [
        ("banjir", {"depth_cm": 40, "houses": 3}, {}),
        ("banjir", {}, {"depth_cm": ["answer-needed"]}),
        ("banjir", {"depth_cm": "deep"}, {"depth_cm": ["answer-wrong"]}),
        ("banjir", {"depth_cm": 501, "colour": "brown"}, {"depth_cm": ["answer-wrong"], "colour": ["answer-not-asked"]}),
        ("lpju", {"pole_no": "A-12\u0000"}, {"pole_no": ["answer-wrong"]}),
        ("lpju", {}, {}),
        ("sampah", {"depth_cm": 1}, {"depth_cm": ["answer-not-asked"]}),
    ],
)
def test_answers_are_wrong_by_question(category: str, answers: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert wrong_answers(category, answers) == wrong


def test_the_readme_names_every_operation() -> None:
    shown, named = README.read_text(), 0
    for file in (SOURCE / "api").glob("*.py"):
        source = (
            file.read_text()
            .replace('f"{TRACK}', '"/complaints/track/<string:token>')
            .replace("(TRACK)", '("/complaints/track/<string:token>")')
        )
        prefix = "/open311/v2" if file.name == "open311.py" else "/v1"
        for method, path in re.findall(r'\.(get|post|delete)\("(/[^"]+)"\)', source):
            plain = re.sub(r"<string:(token|form|code|number)>", r"{\1}", path)
            assert f"{method.upper()} {prefix}{re.sub(r'<[a-z]+:[a-z_]+>', '{id}', plain)}`" in shown
            named += 1
    assert named == len(POLICY)


def test_every_operation_has_its_line_in_the_policy() -> None:
    """What it says is tried by `api/`; here only that nothing of the city is open to anyone by oversight."""
    words = ("verify", "dispose", "answer", "return", "follow_up", "lay_down", "link", "work")
    for operation, grants in POLICY.items():
        if operation.startswith(words) or operation.endswith("work"):
            assert all(grant.role != "anyone" for grant in grants), operation
