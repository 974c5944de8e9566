"""The typer application every group of commands adds itself to, and how they print."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(
    name="smartcity", help="Medan Smart City on this machine.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode="rich",
)  # fmt: skip
console = Console(highlight=False, soft_wrap=True)
Json = Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")]


def show_json(value: Any) -> None:
    """The machine's form of an answer."""
    json.dump(value, sys.stdout, indent=1, default=str)
    print()


def show_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """The person's form of an answer; NO_COLOR is kept by rich."""
    table = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)
