"""`python -m deploy.k8s.generate`: write what is made of the plan, the dependency table and the contracts. `--check` only compares."""

import sys
from pathlib import Path

from deploy.k8s.generate import everything

HERE = Path(__file__).resolve().parents[1]


def main(arguments: list[str]) -> int:
    """Exit code 1 when `--check` finds a file that differs."""
    differing = [name for name, text in everything(HERE).items() if not (HERE / name).exists() or (HERE / name).read_text() != text]
    for name in differing:
        print(name)
        if "--check" not in arguments:
            (HERE / name).parent.mkdir(parents=True, exist_ok=True)
            (HERE / name).write_text(everything(HERE)[name])
    return 1 if differing and "--check" in arguments else 0


sys.exit(main(sys.argv[1:]))
