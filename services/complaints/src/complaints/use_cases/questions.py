"""What a category asks beyond title, text and place: JSON Schema, from `data/questions.yaml`."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import yaml


@cache
def questions() -> dict[str, dict[str, Any]]:
    """The schema of each category that asks something."""
    found = yaml.safe_load((files("complaints") / "data" / "questions.yaml").read_text())["questions"]
    return {code: {"type": "object", "additionalProperties": False, **schema} for code, schema in found.items()}


@cache
def _validator(code: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(questions().get(code, {"type": "object", "maxProperties": 0}))


def wrong_answers(code: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with the answers to a category's questions, by question; empty when nothing is."""
    wrong: dict[str, Any] = {}
    asked = questions().get(code, {}).get("properties", {})
    wrong |= {name: ["answer-not-asked"] for name in answers if name not in asked}
    for error in _validator(code).iter_errors({name: value for name, value in answers.items() if name in asked}):
        missing = error.kind.name == "required"
        name = error.kind.as_dict()["property"] if missing else str(error.instance_path[0])
        wrong[name] = ["answer-needed" if missing else "answer-wrong"]
    return wrong


def titled(code: str, label: Callable[[str], str]) -> dict[str, Any] | None:
    """The schema with a title a person reads at each question; `None` where the category asks nothing."""
    schema = questions().get(code)
    if schema is None:
        return None
    return {**schema, "properties": {name: {"title": label(f"question.{name}"), **terms} for name, terms in schema["properties"].items()}}
