"""Every code a rule can refuse with has its words, in both languages; and both languages have the same words."""

import ast
from pathlib import Path
from typing import Any

import yaml

from checks.tree import Room, Tree, parsed

LANGUAGES = ("id", "en")
PARTS = ("problems", "labels")


def look(tree: Tree) -> list[str]:
    """Codes without words, and words in one language alone."""
    kernel = tree.root / "shared" / "src" / "smartcity"
    shared = {language: _words(kernel / "messages" / f"{language}.yaml") for language in LANGUAGES}
    wrong = _uneven("the kernel", shared)
    for room in tree.services:
        own = {language: _words(room.source / "messages" / f"{language}.yaml") for language in LANGUAGES}
        wrong += [*_uneven(room.name, own), *_missing(tree, room, own, shared)]
    return wrong


def _missing(tree: Tree, room: Room, own: dict[str, Any], shared: dict[str, Any]) -> list[str]:
    return [
        f"{tree.named(file)}:{line}: {code} has no words in {language}.yaml"
        for file, module in parsed(room.modules)
        for code, line in codes(module)
        for language in LANGUAGES
        if code not in own[language].get("problems", {}) and code not in shared[language].get("problems", {})
    ]


def codes(module: ast.Module) -> list[tuple[str, int]]:
    """Every code in `RuleBroken("code", …)`, with its line."""
    return [
        (node.args[0].value, node.lineno)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "RuleBroken"
        if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    ]


def _words(file: Path) -> dict[str, Any]:
    return (yaml.safe_load(file.read_text()) or {}) if file.exists() else {}


def _uneven(name: str, words: dict[str, Any]) -> list[str]:
    both = {language: {(part, key) for part in PARTS for key in words[language].get(part) or {}} for language in LANGUAGES}
    return [
        f"{name}: {part}.{key} stands in {here}.yaml and not in {there}.yaml"
        for here, there in (LANGUAGES, LANGUAGES[::-1])
        for part, key in sorted(both[here] - both[there])
    ]
