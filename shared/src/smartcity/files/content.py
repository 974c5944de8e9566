"""What a file is, by its content; the extension and the declared type must say the same.

Source: OWASP File Upload Cheat Sheet, ASVS 5.0 V5.2.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from smartcity.files import pdf, pictures


class Unacceptable(Exception):
    """The content is refused; `code` is a field code of the messages."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be uploaded. `examine` answers facts of the content, or raises `ValueError` with a field code."""

    name: str
    magic: bytes
    media_type: str
    extensions: frozenset[str]
    examine: Callable[[bytes], dict[str, Any]]


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("pdf", b"%PDF-", "application/pdf", frozenset({".pdf"}), pdf.examine),
        Kind("jpeg", b"\xff\xd8\xff", "image/jpeg", frozenset({".jpg", ".jpeg"}), pictures.examine_jpeg),
        Kind("png", b"\x89PNG\r\n\x1a\n", "image/png", frozenset({".png"}), pictures.examine_png),
    )
}


def identify(content: bytes, filename: str, declared: str, allowed: Collection[str]) -> tuple[Kind, dict[str, Any]]:
    """The kind of `content` and facts of it; raises `Unacceptable` where content, name and declared type do not agree."""
    if not content:
        raise Unacceptable("file-empty")
    kind = next((kind for kind in KINDS.values() if content.startswith(kind.magic)), None)
    if kind is None or kind.name not in allowed:
        raise Unacceptable("file-type-not-allowed")
    if _extension(filename) not in kind.extensions or declared.lower() != kind.media_type:
        raise Unacceptable("file-types-disagree")
    try:
        return kind, kind.examine(content)
    except ValueError as refusal:
        raise Unacceptable(str(refusal)) from None


_ENDINGS = frozenset(
    # what a server or a desktop would run
    ".bat .cmd .com .dll .exe .hta .htm .html .jar .js .jsp .jspx .lnk .msi .php .phtml .ps1 .py .scr .sh .svg .vbs .xhtml .xml".split()
)


def _extension(filename: str) -> str:
    """The extension of a bare name; empty for a path, a hidden name, control characters, or a second executable extension inside."""
    if not filename.isprintable() or "/" in filename or "\\" in filename or filename.startswith("."):
        return ""
    endings = [ending.lower() for ending in PurePosixPath(filename).suffixes]
    return "" if not endings or _ENDINGS.intersection(endings) else endings[-1]
