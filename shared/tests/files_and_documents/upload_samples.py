"""Small files of every kind, good and bad."""

import io
import struct
import zlib
from typing import Any

from PIL import Image
from werkzeug.datastructures import FileStorage

TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "jpg": "image/jpeg", "png": "image/png"}


def a_pdf(objects: bytes = b"1 0 obj\n<</Type/Catalog>>\nendobj\n") -> bytes:
    return b"%PDF-1.7\n" + objects + b"xref\n0 1\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def a_picture(form: str, size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form, **more)
    return out.getvalue()


def a_jpeg_taken_at(lat: float, lon: float) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Telepon Pelapor"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N" if lat >= 0 else "S", 2: _dms(lat), 3: "E" if lon >= 0 else "W", 4: _dms(lon)})
    return a_picture("JPEG", exif=exif)


def _dms(value: float) -> tuple[float, float, float]:
    value = abs(value)
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    return float(degrees), float(minutes), round(((value - degrees) * 60 - minutes) * 60, 4)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def a_png_bomb() -> bytes:
    """A few bytes that would become 40 gigapixels."""
    header = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def a_png_without_pixels() -> bytes:
    """Every chunk with its checksum, but what should be pixels is not."""
    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"no pixels") + chunk(b"IEND", b"")


def an_object_stream(plain: bytes, head: bytes = b"/Filter/FlateDecode") -> bytes:
    packed = zlib.compress(plain, 9)
    return b"2 0 obj\n<</Type/ObjStm/N 1/First 4%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (head, len(packed), packed)


def upload(content: bytes, filename: str, declared: str | None = None) -> FileStorage:
    declared = declared or TYPES.get(filename.rpartition(".")[2].lower(), "application/octet-stream")
    return FileStorage(io.BytesIO(content), filename=filename, content_type=declared)
