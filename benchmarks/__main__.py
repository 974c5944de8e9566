"""`python -m benchmarks [NAME …]`: the figures, one module after the other; exit code 1 where a promise is not kept."""

import sys
import time
from collections.abc import Sequence
from importlib import import_module

from benchmarks.figures import Figure, Skipped, line, missed

NAMES = (
    "broker",
    "relay",
    "story",
    "latency",
    "licensing",
    "complaints",
    "civil_registry",
    "finance",
    "reconciliation",
    "identity",
    "gateway",
)


def measured(name: str) -> list[Figure | Skipped]:
    """The figures of one module, printed as they come."""
    begun, found = time.monotonic(), list[Figure | Skipped]()
    print(f"\n{name}", flush=True)
    for one in import_module(f"benchmarks.{name}").figures():
        found.append(one)
        print(line(one), flush=True)
    print(f"    ({time.monotonic() - begun:.0f} s)")
    return found


def main(asked: Sequence[str]) -> int:
    """Exit code 0 when everything wanted holds, 1 when something does not, 2 for an unknown name."""
    unknown = sorted(set(asked) - set(NAMES))
    if unknown:
        print(f"no figures of that name: {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    found = [one for name in asked or NAMES for one in measured(name)]
    wrong = missed(found)
    print(
        f"\n{len(wrong)} of {sum(bool(one.wanted) for one in found if isinstance(one, Figure))} promises are not kept here"
        if wrong
        else "\nall kept"
    )
    for one in wrong:
        print(line(one))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
