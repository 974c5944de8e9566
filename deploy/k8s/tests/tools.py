"""Where the tools are: in the venv of `deploy/k8s/setup.sh`, or on the path; one that is nowhere is skipped aloud."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
K8S = ROOT / "deploy" / "k8s"
TOOLS = Path(os.environ.get("K8S_TOOLS", ROOT / ".run" / "k8s" / "bin"))


def tool(name: str) -> str:
    """The path of a tool; skips the test where there is none."""
    found = shutil.which(name, path=f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{name} is not installed: what it would say was NOT tested", allow_module_level=True)
    return found
