"""Types, by mypy: the kernel, every service, the launcher, the checks."""

import subprocess
import sys

from checks.style import CONFIG
from checks.tree import Tree


def look(tree: Tree) -> list[str]:
    """mypy's errors."""
    wanted = [*(room.package for room in tree.services), "smartcity", "smartcity_local", "checks"]
    there = [name for name in wanted if any((source / name).is_dir() for source in tree.sources)]
    packages = [word for name in there for word in ("-p", name)]
    call = [sys.executable, "-m", "mypy", "--config-file", str(CONFIG), "--no-error-summary", "--hide-error-context", *packages]
    done = subprocess.run(call, cwd=tree.root, env=tree.environ, capture_output=True, text=True, check=False)
    errors = [line for line in (done.stdout + done.stderr).splitlines() if ": note:" not in line]
    return [] if done.returncode == 0 else errors or [f"mypy ended with {done.returncode}"]
