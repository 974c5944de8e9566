"""The tree that is looked at: this one, or one with a planted mistake."""

import ast
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

IGNORED = {".git", ".venv", ".run", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


@dataclass(frozen=True)
class Room:
    """One service's folder."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def package(self) -> str:
        return self.name.replace("-", "_")

    @property
    def source(self) -> Path:
        return self.folder / "src" / self.package

    @property
    def modules(self) -> list[Path]:
        return sorted(self.source.rglob("*.py"))


@dataclass(frozen=True)
class Tree:
    """A clone."""

    root: Path

    @cached_property
    def files(self) -> list[Path]:
        """Every file that is tracked or would be; all of them where there is no git."""
        words = ["git", "-C", str(self.root), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        if not (self.root / ".git").exists():
            return sorted(file for file in self.root.rglob("*") if file.is_file() and not IGNORED & set(file.parts))
        names = subprocess.run(words, capture_output=True, check=True).stdout.decode().split("\0")
        return sorted(file for name in set(names) if name and (file := self.root / name).is_file())

    @cached_property
    def python(self) -> list[Path]:
        return [file for file in self.files if file.suffix == ".py"]

    @cached_property
    def services(self) -> list[Room]:
        return [Room(file.parent) for file in sorted(self.root.glob("services/*/pyproject.toml"))]

    @property
    def sources(self) -> list[Path]:
        """What must be on the path of imports."""
        fixed = [self.root / name for name in ("shared/src", "deploy/local/src", ".")]
        return [path for path in [*fixed, *(room.folder / "src" for room in self.services)] if path.is_dir()]

    @property
    def environ(self) -> dict[str, str]:
        path = os.pathsep.join(map(str, self.sources))
        return {**os.environ, "PYTHONPATH": path, "MYPYPATH": path, "NO_COLOR": "1"}

    def named(self, file: Path) -> str:
        """How a file is called in a complaint."""
        return str(file.relative_to(self.root))


def parsed(files: list[Path]) -> Iterator[tuple[Path, ast.Module]]:
    """Every module that can be read; one that cannot is the formatter's complaint."""
    for file in files:
        try:
            yield file, ast.parse(file.read_text())
        except SyntaxError:
            continue
