"""The state diagrams in a service's README are drawn from the tables of its model: `<!-- states: permit_status.PERMIT_TRANSITIONS -->` … `<!-- end -->`.

A table is a `…TRANSITIONS` of a module in `model/`: state → {next state: what leads there}, the state of birth first.
A label has no `;`: in a diagram it ends the line.
`python -m checks.state_diagrams` draws them; the check holds that they are current and that no table is without its diagram.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

from checks.tree import Room, Tree

COMMAND = "python -m checks.state_diagrams"
PLACE = re.compile(r"(<!-- states: (\w+\.\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
TABLE = re.compile(r"^(\w*TRANSITIONS)\b", re.MULTILINE)
Ways = Mapping[str, Mapping[str, str]]


def look(tree: Tree) -> list[str]:
    """Diagrams that differ from their table, and tables without a diagram."""
    return [f"{tree.named(_page(room))} {line}" for room in tree.services if _page(room).exists() for line in _of(room)]


def _of(room: Room) -> Iterator[str]:
    text = _page(room).read_text()
    shown = [name for _, name, _ in PLACE.findall(text)]
    yield from (f"has no diagram of {name}" for name in _tables(room) if name not in shown)
    if unknown := sorted(set(shown) - set(_tables(room))):
        yield f"shows {', '.join(unknown)}, which the model has not"
    elif drawn(room) != text:
        yield f"is not current: `{COMMAND}` draws it"


def drawn(room: Room) -> str:
    """The README with each diagram as its table has it."""
    return PLACE.sub(lambda place: place[1] + _diagram(_ways(room, place[2])) + place[3], _page(room).read_text())


def _tables(room: Room) -> list[str]:
    files = sorted((room.source / "model").glob("*.py"))
    return [f"{file.stem}.{name}" for file in files for name in TABLE.findall(file.read_text())]


def _ways(room: Room, table: str) -> Ways:
    module, _, name = table.partition(".")
    found: Ways = getattr(import_module(f"{room.package}.model.{module}"), name)
    return found


def _diagram(ways: Ways) -> str:
    lines = [f"    [*] --> {next(iter(ways))}"]
    for before, afters in ways.items():
        lines += [f"    {before} --> {after}" + (f": {label}" if label else "") for after, label in afters.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```", ""])


def _page(room: Room) -> Path:
    return room.folder / "README.md"


def main() -> int:
    """Draw every diagram anew."""
    for room in Tree(Path(__file__).resolve().parents[1]).services:
        _page(room).write_text(drawn(room))
    return 0


if __name__ == "__main__":
    sys.exit(main())
