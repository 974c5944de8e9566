"""Indonesian and English, chosen by `Accept-Language`. Texts are data: `messages/id.yaml`, `messages/en.yaml`."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from flask import has_request_context, request

LANGUAGES = ("id", "en")


@cache
def _read(package: str, language: str) -> Mapping[str, Any]:
    file = files(package) / "messages" / f"{language}.yaml"
    return (yaml.safe_load(file.read_text()) or {}) if file.is_file() else {}


class Messages:
    """The texts of one service, over those of the kernel."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.packages = ("smartcity", *packages)

    def section(self, name: str, language: str) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for package in self.packages:
            merged.update(_read(package, language).get(name) or {})
        return merged

    def problem(self, code: str, language: str, facts: Mapping[str, Any]) -> tuple[str, str | None]:
        """Title and detail of a problem; the code itself where a text is missing (a check keeps that from happening)."""
        text = self.section("problems", language).get(code) or {}
        detail = text.get("detail")
        return text.get("title", code), detail.format_map(_Shown(facts)) if detail else None

    def label(self, code: str, language: str) -> str:
        """What a person reads for `code`, e.g. `permit_application.status.draft`."""
        return str(self.section("labels", language).get(code, code))

    def field(self, message: str, language: str) -> str:
        """What a person reads for what is wrong with one field: the text of the code, or of the sentence whose numbers stand in braces."""
        texts = self.section("fields", language)
        if message in texts:
            return str(texts[message])
        for sentence, text in texts.items():
            if "{" in sentence and (found := _pattern(sentence).fullmatch(message)):
                return str(text).format_map(found.groupdict())
        return message


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    """`Longer than {max}.` as a pattern that finds the number."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence)), re.DOTALL)


class _Shown(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def language() -> str:
    """The language of the request; Indonesian where nothing else was asked for."""
    if not has_request_context():
        return "id"
    return request.accept_languages.best_match(LANGUAGES) or "id"
