"""Dying with one's parent, so that a SIGKILL of the launcher leaves no process behind (Linux)."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(name: signal.Signals, parent: int | None = None) -> None:
    """Ask the kernel for signal `name` at the parent's death; a parent that is dead already counts too."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_PDEATHSIG, int(name))
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def call_oneself(name: str) -> None:
    """The name `ps` and `top` show (15 letters)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(PR_SET_NAME, name.encode()[:15])
