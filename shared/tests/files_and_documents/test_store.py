import io
import stat
from pathlib import Path

import pytest

from smartcity.files import Store, open_store


def read(store: Store, key: str) -> bytes:
    with store.get(key) as stream:
        return stream.read()


class Breaking(io.BytesIO):
    """A disk or a line that fails in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            raise OSError(28, "No space left on device")
        return super().read(4)


def test_bytes_come_back_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/kept")
    store.put("uploads/ab/one", io.BytesIO(b"isi"))
    assert read(store, "uploads/ab/one") == b"isi"
    kept = tmp_path / "kept" / "uploads" / "ab" / "one"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_write_that_breaks_off_leaves_the_old_bytes_and_nothing_else(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    store.put("uploads/ab/one", io.BytesIO(b"utuh"))
    with pytest.raises(OSError, match="No space"):
        store.put("uploads/ab/one", Breaking(b"tidak utuh"))
    assert read(store, "uploads/ab/one") == b"utuh"
    assert [path.name for path in (tmp_path / "uploads" / "ab").iterdir()] == ["one"]


def test_forgetting_twice_is_harmless(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}")
    store.put("uploads/ab/one", io.BytesIO(b"isi"))
    store.delete("uploads/ab/one")
    store.delete("uploads/ab/one")
    with pytest.raises(FileNotFoundError):
        store.get("uploads/ab/one")


@pytest.mark.parametrize(
    "key", ["../one", "uploads/../../one", "/etc/passwd", "one", "", "uploads/", "uploads/.one", "uploads/a\0b", "uploads/a..b"]
)
def test_a_key_that_is_not_ours_is_refused(tmp_path: Path, key: str) -> None:
    store = open_store(f"file://{tmp_path}")
    with pytest.raises(ValueError, match="key"):
        store.put(key, io.BytesIO(b""))
    with pytest.raises(ValueError, match="key"):
        store.get(key)


@pytest.mark.parametrize("url", ["s3://bucket", "file://host/x", "/tmp", "file:x", ""])
def test_an_address_that_is_no_folder_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="FILES_URL"):
        open_store(url)
