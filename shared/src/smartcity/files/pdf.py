"""A PDF read by hand: is it whole, and does it do anything by itself? Active content is refused, not cleaned."""

import re
import zlib
from collections.abc import Iterator
from typing import Any

MOST_INFLATED = 32 * 1024 * 1024
_VERSION = re.compile(rb"%PDF-[12]\.[0-9]")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_ACTIVE = re.compile(rb"/(?:(?:JavaScript|Launch|RichMedia|EmbeddedFiles?|SubmitForm|ImportData|GoToE)(?![A-Za-z0-9])|XFA\s*[\[0-9])")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FLATE_ONLY = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])")


def examine(content: bytes) -> dict[str, Any]:
    """Facts of a PDF (none so far); raises `ValueError("file-damaged" | "file-encrypted" | "file-has-active-content")`.

    It begins at the first byte and ends with its end mark, so nothing else hides before or behind it. Names are
    looked for in every byte, with their `#xx` escapes undone, and inside compressed object streams: a reader that
    trusted the file's own structure could be led around them.
    """
    tail = content[-1024:].rstrip(b"\r\n \t\0")
    if not _VERSION.match(content) or not tail.endswith(b"%%EOF") or b"startxref" not in content[-2048:]:
        raise ValueError("file-damaged")
    for part in (content, *_object_streams(content)):
        plain = _unescaped(part)
        if _ENCRYPTED.search(plain):
            raise ValueError("file-encrypted")
        if _ACTIVE.search(plain):
            raise ValueError("file-has-active-content")
    return {}


def _unescaped(part: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), part)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Compressed objects, together at most `MOST_INFLATED` bytes; `ValueError` for a bomb, or a filter that hides them from us."""
    left = MOST_INFLATED
    for mark in _STREAM.finditer(content):
        head = _unescaped(content[max(0, content.rfind(b"obj", 0, mark.start())) : mark.start()])
        if b"/ObjStm" not in head or b"/Filter" not in head:
            continue
        if not _FLATE_ONLY.search(head):
            raise ValueError("file-damaged")
        inflater = zlib.decompressobj()
        try:
            plain = inflater.decompress(content[mark.end() :], left)
        except zlib.error:
            raise ValueError("file-damaged") from None
        left -= len(plain)
        if not inflater.eof or left <= 0:
            raise ValueError("file-damaged")
        yield plain
