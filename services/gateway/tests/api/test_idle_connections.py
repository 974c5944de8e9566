"""Two thousand who are connected and say nothing cost little, and keep nobody else waiting."""

import resource
import select
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import pytest

IDLE, USUAL = 2000, 1024


@pytest.fixture
def usual_shell() -> Iterator[int]:
    """A process may open as many files as a shell usually allows; answers how many it could."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2 * IDLE:
        pytest.skip(f"this machine allows a process {hard} files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_two_thousand_idle_callers_leave_the_door_open(a_door: Any, usual_shell: int) -> None:
    door = a_door(HEAD_SECONDS="60")
    door.ask("/healthz")
    resource.setrlimit(resource.RLIMIT_NOFILE, (usual_shell, usual_shell))
    before = door.memory()
    with ExitStack() as stack:
        idle = [stack.enter_context(closing(door.connect())) for _ in range(IDLE)]
        assert door.ask("/healthz").status == 200
        waiting = select.poll()
        for one in idle:
            waiting.register(one, select.POLLIN | select.POLLHUP)
        assert waiting.poll(0) == [], "nobody was turned away"
        assert door.memory() - before <= 50e6
