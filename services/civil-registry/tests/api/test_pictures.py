"""A photographed paper: shown only after it was re-encoded, and not counted when it turns out broken."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def a_broken_photo() -> bytes:
    """Whole by its chunks, but its pixels are none."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"no pixels") + chunk(b"IEND", b"")


def photographed(desk: Any, ident: str, content: bytes) -> Any:
    form = {"kind": "family_card", "file": (io.BytesIO(content), "kk.png", "image/png")}
    return desk.client.post(f"/v1/birth-registrations/{ident}/documents", data=form, headers=desk.citizen())


def a_draft_but_for_the_family_card(desk: Any) -> str:
    ident: str = desk.open()
    for kind in ("birth_letter", "marriage_certificate", "identity_cards"):
        desk.upload(ident, kind)
    return ident


def test_a_photo_is_shown_to_the_officer_only_after_it_was_re_encoded(desk: Any, run_due: Callable[..., list[str]]) -> None:
    ident = a_draft_but_for_the_family_card(desk)
    made = photographed(desk, ident, a_photo())
    assert made.status_code == 201
    assert desk.step(ident, "submission").status_code == 200
    path = f"/v1/birth-registrations/{ident}/documents/{made.json['id']}?purpose=verification"
    assert desk.client.get(path, headers=desk.staff("verification")).json["type"] == "/problems/file-not-ready"
    assert set(run_due()) == {"done"}
    shown = desk.client.get(path, headers=desk.staff("verification"))
    assert (shown.status_code, shown.mimetype) == (200, "image/png")


def test_a_photo_that_turned_out_broken_does_not_count(desk: Any, run_due: Callable[..., list[str]]) -> None:
    ident = a_draft_but_for_the_family_card(desk)
    assert photographed(desk, ident, a_broken_photo()).status_code == 201
    assert desk.show(ident)["missing"] == []
    assert set(run_due()) == {"done"}
    assert desk.show(ident)["missing"] == ["family_card"]
    assert desk.step(ident, "submission").json["type"] == "/problems/documents-missing"
