"""`make test` after the checks: pytest once for each room, two rooms at a time, what was said kept apart, the closing lines together.

python -m checks.all_tests [--soak] [ROOM …]
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXED = ("shared/tests", "deploy/local/tests", "deploy/k8s/tests", "checks/tests")
LONGEST = ("tests/integration", "tests/faults")
NOTHING_COLLECTED = 5
LOUD = "was NOT tested"


@dataclass(frozen=True)
class Answer:
    """What one room's tests came to."""

    room: str
    code: int
    said: str

    @property
    def closing(self) -> str:
        """pytest's last line."""
        return next((line.strip("= ") for line in reversed(self.said.splitlines()) if line.strip()), "nothing was said")


def rooms() -> list[str]:
    """The rooms that have tests, the longest first, so that the others fill the time beside it."""
    services = sorted(str(folder.relative_to(ROOT)) for folder in ROOT.glob("services/*/tests"))
    return [room for room in (*LONGEST, *FIXED, *services) if _has_tests(room)]


def _has_tests(room: str) -> bool:
    return any((ROOT / room).rglob("test_*.py"))


def run_room(room: str, soak: bool) -> Answer:
    """One room in a process of its own; a room without a fitting test is green."""
    words = ["-m", "pytest", "-q", "--no-header", "-m", "soak" if soak else "not soak", room]
    done = subprocess.run([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return Answer(room, 0 if done.returncode == NOTHING_COLLECTED else done.returncode, done.stdout)


def show(answer: Answer) -> None:
    """The closing line; everything that was said where it is red."""
    if answer.code:
        print(f"\n{answer.said}")
    print(f"{'✗' if answer.code else '✓'} {answer.room}: {answer.closing}", flush=True)


def main(arguments: list[str]) -> int:
    """Exit code 1 when a room is red, or when nothing at all was tested."""
    soak = "--soak" in arguments
    asked = [word.rstrip("/") for word in arguments if not word.startswith("-")]
    chosen = asked or rooms()
    began, answers = time.monotonic(), list[Answer]()
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        for job in as_completed([pool.submit(run_room, room, soak) for room in chosen]):
            answers.append(job.result())
            show(answers[-1])
    untested = sorted(
        {line.strip() for answer in answers for line in answer.said.splitlines() if LOUD in line and line.startswith(("SKIPPED", "***"))}
    )
    for line in untested:
        print(f"\n!!! {line}")
    red = [answer.room for answer in answers if answer.code]
    print(f"\n{len(answers)} rooms in {time.monotonic() - began:.0f} s: {'red: ' + ', '.join(red) if red else 'all green'}")
    return 1 if red or not answers else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
