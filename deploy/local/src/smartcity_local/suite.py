"""Which services this clone has, and their ports: found in `services/`, so that a new one needs no list."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place

GATEWAY, IDENTITY = "gateway", "identity"
METRICS = 40


@dataclass(frozen=True)
class Member:
    """One service of the suite on this machine."""

    name: str
    folder: Path
    port: int
    metrics_port: int

    @property
    def package(self) -> str:
        """The import name."""
        return self.name.replace("-", "_")

    @property
    def database(self) -> str:
        """Its database, and the role that owns it."""
        return f"smartcity_{self.package}"

    @property
    def is_gateway(self) -> bool:
        """The gateway has no database and no `work`, and starts by itself: gevent patches before any import."""
        return self.name == GATEWAY

    @cached_property
    def declared_settings(self) -> tuple[str, ...]:
        """The settings its `Service(...)` declares, each of them needed."""
        return tuple(self._declared("settings") or ())

    @cached_property
    def declared_options(self) -> tuple[str, ...]:
        """The settings it declares that may be left out."""
        return tuple(self._declared("options") or ())

    def _declared(self, word: str) -> Any:
        """What its `Service(...)` says under `word`, read without importing it."""
        source = self.folder / "src" / self.package / "service.py"
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Service":
                return next((ast.literal_eval(said.value) for said in node.keywords if said.arg == word), None)
        return None


def members(place: Place) -> list[Member]:
    """Every service: the gateway first, then identity, then the others by the alphabet."""
    names = [file.parent.name for file in place.root.glob("services/*/pyproject.toml") if _is_whole(file.parent)]
    if not names:
        raise CannotGoOn(f"There are no services in {place.root / 'services'}.")
    fixed = [GATEWAY, IDENTITY]
    order = [*fixed, *sorted(name for name in names if name not in fixed)]
    return [
        Member(name, place.root / "services" / name, place.port + number, place.port + METRICS + number)
        for number, name in enumerate(order)
        if name in names
    ]


def member(place: Place, name: str) -> Member:
    """The service called `name`."""
    for one in members(place):
        if name in (one.name, one.package):
            return one
    raise CannotGoOn(f"There is no service {name!r}; there are {', '.join(m.name for m in members(place))}.")


def _is_whole(folder: Path) -> bool:
    """A room that is still being built is left out."""
    package = folder / "src" / folder.name.replace("-", "_")
    return all((package / file).exists() for file in ("__main__.py", "service.py"))
