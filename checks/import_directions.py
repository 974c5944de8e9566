"""Imports run one way: `service → api | events | due → use_cases → model → rules`; no service imports another, the kernel none."""

import ast
import subprocess
import sys
import tempfile
from configparser import ConfigParser
from pathlib import Path

from checks.tree import Room, Tree, parsed

LAYERS = ("(service)", "(api) | (events) | (due)", "(use_cases)", "(model)", "(rules)")
RULES_MAY = ("smartcity.calendar", "smartcity.money")


def look(tree: Tree) -> list[str]:
    """Broken contracts of import-linter, and what `rules` may not import."""
    return [*_directions(tree), *(line for room in tree.services for line in _rules(tree, room))]


def contracts(tree: Tree) -> ConfigParser:
    """import-linter's configuration, made from the services there are: a new one needs no line."""
    packages = [room.package for room in tree.services if (room.source / "__init__.py").exists()]
    config = ConfigParser()
    config["importlinter"] = {"root_packages": _lines(["smartcity", *packages])}
    for package in packages:
        config[f"importlinter:contract:{package}"] = {
            "name": f"{package}: service, then api | events | due, then use_cases, model, rules",
            "type": "layers", "containers": package, "layers": _lines(LAYERS),
        }  # fmt: skip
    config["importlinter:contract:kernel"] = {
        "name": "the kernel imports no service", "type": "forbidden", "source_modules": "smartcity", "forbidden_modules": _lines(packages),
    }  # fmt: skip
    config["importlinter:contract:independence"] = {
        "name": "no service imports another", "type": "independence", "modules": _lines(packages),
    }  # fmt: skip
    return config


def _lines(words: list[str] | tuple[str, ...]) -> str:
    return "\n" + "\n".join(words)


def _directions(tree: Tree) -> list[str]:
    if not tree.services:
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "contracts.ini"
        with file.open("w") as out:
            contracts(tree).write(out)
        words = ["import sys; from importlinter.cli import lint_imports_command as c; c()", "--config", str(file), "--no-cache"]
        done = subprocess.run(
            [sys.executable, "-c", *words], cwd=folder, env=tree.environ, capture_output=True, text=True, check=False
        )  # fmt: skip
    if done.returncode == 0:
        return []
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    return [line for line in said if "->" in line or "not allowed" in line or "Error" in line] or said[-5:]


def _rules(tree: Tree, room: Room) -> list[str]:
    allowed = (*RULES_MAY, f"{room.package}.rules")
    return [
        f"{tree.named(file)}:{line}: rules import {name}: only the standard library, smartcity.calendar and smartcity.money"
        for file, module in parsed(sorted((room.source / "rules").rglob("*.py")))
        for name, line in imported(module)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(allowed)
    ]


def imported(module: ast.Module) -> list[tuple[str, int]]:
    """Every imported name with its line; `from a import b` counts as `a.b`."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return found
