"""`make check`: every check, two at a time; a line for each, and what is wrong below it."""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import (
    contracts,
    event_documents,
    glossary,
    hygiene,
    import_directions,
    light_web,
    messages,
    migrations,
    policy_documents,
    rooms,
    sizes,
    state_diagrams,
    style,
    typing_holds,
)
from checks.tree import Tree

Look = Callable[[Tree], list[str]]
CHECKS: dict[str, Look] = {
    "types": typing_holds.look,
    "imports run one way": import_directions.look,
    "web stays light, every operation has a policy and an example": light_web.look,
    "format and lint": style.look,
    "one plan for every service": rooms.look,
    "functions and files are short": sizes.look,
    "migrations are one line": migrations.look,
    "contracts and examples": contracts.look,
    "documents of the events are current": event_documents.look,
    "documents of the policies are current": policy_documents.look,
    "state diagrams are those of the models": state_diagrams.look,
    "glossary is sorted": glossary.look,
    "words in both languages": messages.look,
    "no index address, no path of a machine": hygiene.look,
}


def main() -> int:
    """Exit code 0 when nothing is wrong."""
    tree = Tree(Path(__file__).resolve().parents[1])
    began = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = {name: pool.submit(look, tree) for name, look in CHECKS.items()}
    wrong = 0
    for name, answer in answers.items():
        lines = answer.result()
        wrong += len(lines)
        print(f"{'✗' if lines else '✓'} {name}")
        for line in lines:
            print(f"    {line}")
    print(f"make check: {'green' if not wrong else f'{wrong} things are wrong'} ({time.monotonic() - began:.0f} s)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
