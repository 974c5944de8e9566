"""Pictures leave quarantine re-encoded: no EXIF, no trailer, nothing of the sender's bytes. Runs in `work` only."""

import hashlib
import io
import warnings
from datetime import datetime
from typing import Any
from uuid import UUID

from PIL import ExifTags, Image, ImageOps
from sqlalchemy.orm import Session

from smartcity import due
from smartcity.files.entity import FileStatus, StoredFile
from smartcity.files.pictures import MOST_PIXELS
from smartcity.files.store import store

LONGEST_SIDE = 4096
THUMBNAIL_SIDE = 320
_FORMATS = {"jpeg": "JPEG", "png": "PNG"}
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)


def reencode(session: Session, subject: str, now: datetime) -> None:
    """Make the quarantined picture `subject` (a file's id) ready, or refuse it; then its original is forgotten.

    Done twice it is harmless: only a quarantined picture is touched.
    """
    stored = session.get(StoredFile, UUID(subject), with_for_update=True)
    if stored is None or stored.status is not FileStatus.QUARANTINED:
        return
    with store().get(stored.key) as stream:
        original = stream.read()
    try:
        clean, small, facts = _remade(original, _FORMATS[stored.kind])
    except _BROKEN:
        stored.status, stored.detail = FileStatus.REFUSED, {**stored.detail, "reason": "file-damaged"}
    else:
        _keep(stored, original, clean, small, facts)
    due.schedule(session, "files.forget", f"uploads/{stored.id.hex[-2:]}/{stored.id}", now)


def _keep(stored: StoredFile, original: bytes, clean: bytes, small: bytes, facts: dict[str, Any]) -> None:
    key = f"pictures/{stored.id.hex[-2:]}/{stored.id}"
    store().put(key, io.BytesIO(clean))
    store().put(f"{key}.thumbnail", io.BytesIO(small))
    stored.detail = {**facts, "thumbnail": f"{key}.thumbnail", "original_sha256": hashlib.sha256(original).hexdigest()}
    stored.key, stored.size, stored.sha256 = key, len(clean), hashlib.sha256(clean).digest()
    stored.status = FileStatus.READY


def _remade(original: bytes, form: str) -> tuple[bytes, bytes, dict[str, Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(original), formats=(form,)) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            opened.load()  # before EXIF is asked: reading it loads a PNG too, and swallows what is wrong with the pixels
            where = position(opened)
            upright = ImageOps.exif_transpose(opened)
            plain = upright.convert("RGBA" if form == "PNG" and upright.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    facts: dict[str, Any] = {"width": plain.width, "height": plain.height, **({"position": where} if where else {})}
    small = plain.convert("RGB")
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return _written(plain, form), _written(small, "JPEG"), facts


def _written(picture: Image.Image, form: str) -> bytes:
    """A new file of the pixels alone."""
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    out = io.BytesIO()
    bare.save(out, form, **({"quality": 85, "optimize": True} if form == "JPEG" else {"compress_level": 6}))
    return out.getvalue()


def position(picture: Image.Image) -> dict[str, float] | None:
    """Where EXIF says the picture was taken, WGS 84 degrees to five decimals (a metre); `None` without a whole, possible position."""
    try:
        gps = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef] == "S")
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef] == "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, SyntaxError, OSError):
        return None
    return {"lat": lat, "lon": lon} if abs(lat) <= 90 and abs(lon) <= 180 and (lat, lon) != (0.0, 0.0) else None


def _degrees(parts: Any, negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = round(degrees + minutes / 60 + seconds / 3600, 5)
    return -value if negative else value
