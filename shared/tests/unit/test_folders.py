"""What a test run keeps is in memory where there is room, and goes with the run, however that ended."""

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from smartcity.testing import folders
from smartcity.testing.folders import forgotten

KILLED = """
import os, signal, sys
from pathlib import Path
from smartcity.testing import folders
folders.MEMORY, folders.ROOM = Path(sys.argv[1]), 0
with folders.forgotten("run-", in_memory=True) as folder:
    (folder / "data").mkdir()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for memory and has room; the disk is the folder `disk` beside it."""
    (tmp_path / "memory").mkdir()
    (tmp_path / "disk").mkdir()
    monkeypatch.setattr(folders, "MEMORY", tmp_path / "memory")
    monkeypatch.setattr(folders, "ROOM", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "disk"))
    return tmp_path / "memory"


def test_it_is_in_memory_where_that_is_wanted_and_forgotten_afterwards(memory: Path) -> None:
    with forgotten("run-", in_memory=True) as folder:
        assert folder.parent == memory
    with forgotten("run-", in_memory=False) as on_disk:
        assert on_disk.parent == memory.parent / "disk"
    assert not folder.exists() and not on_disk.exists()


def test_where_memory_has_no_room_or_is_not_there_it_is_on_the_disk(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "ROOM", 2**62)
    with forgotten("run-", in_memory=True) as folder:
        assert folder.parent == memory.parent / "disk"
    monkeypatch.setattr(folders, "MEMORY", memory / "nowhere")
    with forgotten("run-", in_memory=True) as folder:
        assert folder.parent == memory.parent / "disk"


def test_what_a_killed_run_left_is_swept_away_and_a_living_one_keeps_its_own(memory: Path) -> None:
    with forgotten("run-", in_memory=True) as mine:
        killed = subprocess.run([sys.executable, "-c", KILLED, str(memory)], check=False)
        assert killed.returncode == -signal.SIGKILL
        (left,) = set(memory.iterdir()) - {mine}
        with forgotten("run-", in_memory=True):
            assert mine.exists() and not left.exists()
