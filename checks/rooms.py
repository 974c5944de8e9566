"""One plan for every service: the same rooms under the same names. A service may lack one; it never renames one."""

from collections.abc import Iterable
from pathlib import Path

from checks.tree import Room, Tree

ROOMS = {"api", "use_cases", "model", "rules", "data", "messages", "documents", "migrations"}
MODULES = {"__init__.py", "__main__.py", "service.py", "events.py", "due.py", "policy.py"}
TESTS = {"unit", "api", "storage", "events"}
BESIDE_TESTS = {"conftest.py", "__init__.py", "data"}
ALWAYS = ("README.md", "pyproject.toml", "tests")
WITHOUT_A_TRADE = {"gateway"}
"""The gateway has no trade of its own, so no rooms; it keeps the files round them."""


def look(tree: Tree) -> list[str]:
    """Rooms that are missing, or are called differently than at the neighbours'."""
    return [line for room in tree.services for line in _of(room)]


def _of(room: Room) -> list[str]:
    wrong = [f"services/{room.name} has no {name}" for name in ALWAYS if not (room.folder / name).exists()]
    wrong += [
        f"services/{room.name} has no src/{room.package}/{name}"
        for name in ("__main__.py", "service.py")
        if not (room.source / name).exists()
    ]
    if room.name not in WITHOUT_A_TRADE:
        wrong += [
            f"services/{room.name}/src/{room.package}/{name} is no room of the plan" for name in _strange(room.source, ROOMS | MODULES)
        ]
    wrong += [f"services/{room.name}/tests/{name} is no room of the plan" for name in _strange(room.folder / "tests", TESTS | BESIDE_TESTS)]
    return wrong


def _strange(folder: Path, known: Iterable[str]) -> list[str]:
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in known and not entry.name.startswith(("__pycache__", ".")))
