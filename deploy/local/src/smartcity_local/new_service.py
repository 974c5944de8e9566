"""`smartcity new-service NAME`: the rooms of a new service, its Kubernetes base, and its place in the local suite (found by itself)."""

import re
import sys
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from pathlib import Path
from string import Template

from smartcity_local.errors import CannotGoOn

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
TAKEN = {"smartcity", "smartcity-local", "smartcity-contracts", "checks", "benchmarks", "tests"}


def make_service(root: Path, name: str, title: str) -> list[Path]:
    """Write every file of the plan; answers them. Raises `CannotGoOn` for a name that cannot be, or is there already."""
    package = name.replace("-", "_")
    if not NAME.fullmatch(name) or len(name) > 40:
        raise CannotGoOn(f"{name!r} is no name of a service: small letters, digits and single hyphens, such as civil-registry.")
    if name in TAKEN or package in sys.stdlib_module_names:
        raise CannotGoOn(f"{name!r} is already the name of something else.")
    if (root / "services" / name).exists():
        raise CannotGoOn(f"services/{name} is already there.")
    if '"' in title or "\n" in title or not title.strip():
        raise CannotGoOn("The title is one line without quotation marks.")
    words = {"name": name, "package": package, "title": title.strip()}
    plan = files("smartcity_local") / "plan"
    written = _write(plan / "service", root / "services" / name, words)
    written += _write(plan / "k8s", root / "deploy" / "k8s" / "base" / name, words)
    for room in ("data", "documents", "tests/events"):
        folder = root / "services" / name / ("" if room.startswith("tests") else f"src/{package}") / room
        folder.mkdir(parents=True, exist_ok=True)
    return written


def _write(source: Traversable, target: Path, words: dict[str, str]) -> list[Path]:
    if not source.is_dir():
        target = target.with_name(target.name.removesuffix(".tmpl"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_sorted_imports(Template(source.read_text()).substitute(words)))
        return [target]
    entries = sorted(source.iterdir(), key=lambda entry: entry.name)
    return [file for entry in entries for file in _write(entry, target / entry.name.replace("__package__", words["package"]), words)]


def _sorted_imports(text: str) -> str:
    """Neighbouring `from` lines in the order of the alphabet, whatever the service is called."""
    runs = groupby(text.splitlines(keepends=True), key=lambda line: line.startswith("from "))
    return "".join(line for is_import, lines in runs for line in (sorted(lines) if is_import else lines))
