"""Format and lint, by ruff, as the root's pyproject.toml says."""

import subprocess
import sys
from pathlib import Path

from checks.tree import Tree

CONFIG = Path(__file__).resolve().parents[1] / "pyproject.toml"


def look(tree: Tree) -> list[str]:
    """What `ruff format --check` and `ruff check` say; `ruff format .` and `ruff check --fix .` mend most of it."""
    return [
        *_ruff(tree, "format", "--check", "--output-format=concise"),
        *_ruff(tree, "check", "--output-format=concise"),
    ]


def _ruff(tree: Tree, *words: str) -> list[str]:
    call = [sys.executable, "-m", "ruff", *words, "--config", str(CONFIG), "."]
    done = subprocess.run(call, cwd=tree.root, capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Would") or ": " in line or "rror" in line]
    return [] if done.returncode == 0 else said or [f"ruff {words[0]} ended with {done.returncode}"]
