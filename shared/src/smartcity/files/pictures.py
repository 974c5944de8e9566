"""Pictures read by hand: is it whole, and how many pixels would it become? No imaging library: `web` never decodes one."""

import struct
import zlib
from typing import Any

MOST_PIXELS = 40_000_000
DAMAGED = "file-damaged"
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def examine_png(content: bytes) -> dict[str, Any]:
    """Width and height of a PNG; raises `ValueError("file-damaged" | "picture-too-large")`.

    Every chunk is whole with its checksum, the first is the header, pixels are there, and nothing follows the end.
    """
    names, at = [], 8
    while at < len(content):
        if at + 12 > len(content):
            raise ValueError(DAMAGED)
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content) or zlib.crc32(content[at + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            raise ValueError(DAMAGED)
        names.append(name)
        at = end
        if name == b"IEND":
            break
    if at != len(content) or names[:1] != [b"IHDR"] or names[-1] != b"IEND" or b"IDAT" not in names:
        raise ValueError(DAMAGED)
    width, height = struct.unpack_from(">II", content, 16)
    return _bounded(width, height)


def examine_jpeg(content: bytes) -> dict[str, Any]:
    """Width and height of a JPEG; raises `ValueError("file-damaged" | "picture-too-large")`.

    Phones append their own data after the end of the picture; it stays in quarantine and is dropped by re-encoding.
    """
    size: tuple[int, int] | None = None
    at = 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            raise ValueError(DAMAGED)
        marker = content[at + 1]
        if marker == 0xFF or marker in _STANDALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if marker in _FRAMES and at + 9 <= len(content):
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        if marker == 0xDA:
            break
        at += 2 + max(length, 2)
    else:
        raise ValueError(DAMAGED)
    if size is None or content.find(b"\xff\xd9", at) < 0:
        raise ValueError(DAMAGED)
    return _bounded(*size)


def _bounded(width: int, height: int) -> dict[str, Any]:
    if width < 1 or height < 1:
        raise ValueError(DAMAGED)
    if width * height > MOST_PIXELS:
        raise ValueError("picture-too-large")
    return {"width": width, "height": height}
