"""The dependency table, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

GATEWAY = "gateway"
"""The only service without a database and without `work`."""


class TableError(Exception):
    """The table names a place that does not exist. The message names it."""


@dataclass(frozen=True)
class Table:
    """Who reaches whom; the services in the order of the alphabet."""

    services: Mapping[str, Mapping[str, Sequence[str]]]
    platform: Mapping[str, Sequence[str]]
    agencies: Mapping[str, Sequence[str]]
    secrets: Mapping[str, Sequence[str]]
    options: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, file: Path) -> "Table":
        """Raises `TableError` for a place nobody runs."""
        told = yaml.safe_load(file.read_text())
        table = cls(dict(sorted(told["services"].items())), told["platform"], told["agencies"], told["secrets"], told["options"])
        for places in (reached for kinds in table.services.values() for reached in kinds.values()):
            for place in places:
                if place not in table.places:
                    raise TableError(f"{place} is no place")
        return table

    @property
    def trades(self) -> list[str]:
        """The services with a database and a `work`: all but the gateway."""
        return [name for name in self.services if name != GATEWAY]

    @property
    def places(self) -> list[str]:
        """Everything that can be reached."""
        return ["broker", *(f"{name}/{kind}" for name in self.services for kind in ("web", "work", "migrate", "db"))]
