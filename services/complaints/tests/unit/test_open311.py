"""Keys, titles, time and questions of Open311, without any door."""

import hashlib
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from complaints.use_cases import open311, open311_attributes, open311_keys
from complaints.use_cases.open311_filing import title
from smartcity.errors import InputWrong
from smartcity.settings import SettingsError

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def test_a_key_is_known_by_its_hash_and_by_nothing_else() -> None:
    declared = f"one:{digest('a')} two:{digest('b')}"
    assert [open311_keys.holder_of(declared, key) for key in ("a", "b", "c", "", digest("a"))] == ["one", "two", None, None, None]
    assert open311_keys.holder_of("", "a") is None


@pytest.mark.parametrize(
    "declared", ["one", "one:", f"one:{'A' * 64}", f"One:{'a' * 64}", f"one:{'a' * 63}", f"one:{'a' * 64},two:{'a' * 64}"]
)
def test_what_is_not_a_declared_key_stops_the_start_and_is_not_shown(declared: str) -> None:
    settings: Any = SimpleNamespace(extra={open311_keys.SETTING: declared})
    with pytest.raises(SettingsError, match="OPEN311_API_KEYS") as refused:
        open311_keys.check(settings)
    assert declared not in str(refused.value)


def test_no_key_and_several_keys_are_well() -> None:
    for declared in ("", f"one:{digest('a')}", f"one:{digest('a')}  two:{digest('b')}"):
        settings: Any = SimpleNamespace(extra={open311_keys.SETTING: declared})
        open311_keys.check(settings)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Lubang besar.\nDi depan nomor 40.", "Lubang besar."), ("  Lubang besar  ", "Lubang besar"), ("Ada", ""), ("", ""), ("\n\nAda", ""),
        ("kata " * 30, "kata " * 22 + "kata…"),
    ],
)  # fmt: skip
def test_the_title_is_the_first_line_cut_between_two_words(words: str, expected: str) -> None:
    assert title(words) == expected and len(title(words)) <= 120


@pytest.mark.parametrize(
    ("start", "end", "since", "until"),
    [(None, None, -90, 0), (-200, None, -200, -110), (-10, None, -10, 0), (None, -5, -95, -5), (-8, -7, -8, -7), (-90, 0, -90, 0)],
)
def test_the_stretch_of_time_is_90_days_where_no_shorter_one_is_asked(start: Any, end: Any, since: int, until: int) -> None:
    moment = lambda days: None if days is None else NOW + timedelta(days=days)  # noqa: E731
    assert open311.window(moment(start), moment(end), NOW) == open311.Window(NOW + timedelta(days=since), NOW + timedelta(days=until))


@pytest.mark.parametrize(("start", "end", "code"), [(-91, 0, "span-too-long"), (0, -1, "not-in-order")])
def test_a_longer_one_or_one_that_ends_before_it_begins_is_refused(start: int, end: int, code: str) -> None:
    with pytest.raises(InputWrong) as refused:
        open311.window(NOW + timedelta(days=start), NOW + timedelta(days=end), NOW)
    assert refused.value.errors == {"end_date": [code]}


def test_every_kind_of_question_has_its_word_in_the_standard(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {
        "name": {"type": "string", "pattern": "^x$"}, "size": {"type": "integer"}, "depth": {"type": "number"}, "open": {"type": "boolean"},
        "stage": {"enum": ["walls", "roof"]}, "seen": {"type": "array", "items": {"enum": ["cat", "dog"]}},
    }  # fmt: skip
    schema = {"x": {"required": ["size"], "properties": asked}}
    for module in ("open311_attributes", "questions"):
        monkeypatch.setattr(f"complaints.use_cases.{module}.questions", lambda: schema)
    told = {one["code"]: one for one in open311_attributes.attributes("x", lambda code: code)[1:]}
    assert [one["datatype"] for one in told.values()] == [
        "string",
        "number",
        "number",
        "singlevaluelist",
        "singlevaluelist",
        "multivaluelist",
    ]
    assert [one["required"] for one in told.values()] == [False, True, False, False, False, False]
    assert [one["key"] for one in told["seen"]["values"]] == ["cat", "dog"] and told["open"]["values"][0]["key"] == "true"
    given = {
        "kelurahan_code": ["1"],
        "name": ["x"],
        "size": ["4"],
        "depth": ["1.5"],
        "open": ["false"],
        "stage": ["roof"],
        "seen": ["cat", "dog"],
    }
    assert open311_attributes.answers("x", given) == {
        "name": "x", "size": 4, "depth": 1.5, "open": False, "stage": "roof", "seen": ["cat", "dog"],
    }  # fmt: skip
    assert open311_attributes.answers("x", {"size": ["four"], "depth": ["9" * 30], "other": ["1"]}) == {
        "size": "four",
        "depth": "9" * 30,
        "other": "1",
    }
