"""Bytes under `FILES_URL`, by key. One kind so far: `file:///folder` on a disk of this machine or a shared volume."""

import os
import re
import uuid
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_.-]*)+", re.ASCII)
_CHUNK = 1 << 20


class Store(Protocol):
    """Where bytes lie. A key is made by us, never taken from a caller."""

    def put(self, key: str, content: BinaryIO) -> None:
        """Keep the bytes, whole or not at all; the same key again replaces them."""

    def get(self, key: str) -> BinaryIO:
        """The bytes as an open stream; raises `FileNotFoundError`."""

    def delete(self, key: str) -> None:
        """Forget the bytes; doing it twice is harmless."""


class FolderStore:
    """Files of a folder, readable by their owner only. Written beside, synced, then renamed: never half there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key) or ".." in key:
            raise ValueError("not a key of ours")
        return self.folder / key

    def put(self, key: str, content: BinaryIO) -> None:
        path = self._path(key)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.parent / f".{uuid.uuid4().hex}.part"
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                while piece := content.read(_CHUNK):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        self._sync(path.parent)

    @staticmethod
    def _sync(folder: Path) -> None:
        """A rename is durable only once its folder is synced."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def get(self, key: str) -> BinaryIO:
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)


def open_store(url: str) -> Store:
    """The store at `url`; raises `ValueError` for an address that is not `file:///absolute/folder`."""
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ValueError("FILES_URL must be file:///absolute/folder")
    return FolderStore(Path(unquote(parts.path)))


class _Configured:
    store: Store | None = None


def configure(url: str) -> None:
    """Use the store at `url` in this process. Opens nothing."""
    _Configured.store = open_store(url)


def store() -> Store:
    """This process's store; raises `RuntimeError` before `configure`."""
    if _Configured.store is None:
        raise RuntimeError("files are not configured: start through smartcity.service")
    return _Configured.store
