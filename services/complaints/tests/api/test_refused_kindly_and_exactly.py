"""The nine things that are refused, each kindly and exactly: where it is wrong, why, and what to do instead; in both languages, and nothing is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

CONCLUDED = datetime(2026, 2, 9, 2, 0, tzinfo=UTC)
Refused = Callable[[Any, Any, dict[str, str]], Any]


def filed(street: Any, said_in: dict[str, str], **other: Any) -> Any:
    return street.filing({**street.citizen(), **said_in}, **other)


def a_point_outside_the_city(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    return filed(street, said_in, latitude=2.66, longitude=98.87)


def a_photo_that_is_not_one(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    return street.photo(street.file()["id"], {**street.citizen(), **said_in}, b"MZ a program that says it is a photo")


def a_body_of_thirty_megabytes(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    return filed(street, said_in, text="x" * 30 * 1024 * 1024)


def a_title_of_ten_thousand_characters(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    return filed(street, said_in, title="x" * 10_000)


def html_in_the_text(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    return filed(street, said_in, text="Lubang <img src=x onerror=alert(1)> besar")


def a_token_guessed(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    street.file({})
    return street.client.get(f"/v1/complaints/track/{'A' * 24}", headers=said_in)


def anothers_complaint(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    ident = street.brought_to("answer")
    return street.client.post(street.path(ident, "acceptance"), json={}, headers={**street.citizen("budi"), **said_in})


def closing_without_proof(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    ident = street.brought_to("follow-up")
    headers = {**street.staff("answer"), **street.etag(ident), **said_in}
    return street.client.post(street.path(ident, "answer"), json={"text": "Lubang telah ditutup."}, headers=headers)


def reopening_on_day_31(street: Any, clock: Any, said_in: dict[str, str]) -> Any:
    clock.set(CONCLUDED)
    ident = street.brought_to("answer")
    street.act(ident, "acceptance", {})
    clock.advance(days=31)
    return street.client.post(street.path(ident, "reopening"), json={"note": "Berlubang lagi."}, headers={**street.citizen(), **said_in})


FIELDS = {"id": ("Isian tidak benar", "Perbaiki isian yang disebut di errors, lalu kirim lagi."),
          "en": ("Fields are wrong", "Mend the fields named in errors and send again.")}  # fmt: skip
LARGE = {"id": ("Terlalu besar", "Sekali kirim paling banyak 25 MB, satu berkas atau foto paling besar 10 MB."),
         "en": ("Too large", "At most 25 MB at a time, and 10 MB for a file or photo.")}  # fmt: skip
NONE = {"id": ("Tidak ditemukan", "Tidak ada, atau bukan milik Anda."), "en": ("Not found", "There is none, or it is not yours.")}
PROOF = {"id": ("Bukti belum ada", "Unggah foto hasil perbaikan, lalu jawab lagi."),
         "en": ("Proof is missing", "Upload a photo of what was done, then answer again.")}  # fmt: skip
LATE = {"id": ("Terlambat dibuka kembali", "Dapat dibuka kembali sampai 2026-03-11; buatlah pengaduan baru."),
        "en": ("Too late to reopen", "It could be reopened until 2026-03-11; file a new complaint.")}  # fmt: skip
OUTSIDE = {"id": {"latitude": ["Titik di luar Kota Medan."]}, "en": {"latitude": ["The point is outside Medan."]}}
NO_PHOTO = {"id": {"file": ["Kirim foto JPEG atau PNG."]}, "en": {"file": ["Send a photo as JPEG or PNG."]}}
LONG = {"id": {"title": ["Panjangnya antara 5 dan 120."]}, "en": {"title": ["Its length is between 5 and 120."]}}
HTML = {"id": {"text": ["Teks tanpa kode HTML, ya."]}, "en": {"text": ["Text without HTML, please."]}}
NINE: dict[Refused, tuple[int, str, dict[str, tuple[str, str]], dict[str, Any]]] = {
    a_point_outside_the_city: (422, "fields-wrong", FIELDS, OUTSIDE), a_photo_that_is_not_one: (422, "fields-wrong", FIELDS, NO_PHOTO),
    a_body_of_thirty_megabytes: (413, "too-large", LARGE, {}), a_title_of_ten_thousand_characters: (422, "fields-wrong", FIELDS, LONG),
    html_in_the_text: (422, "fields-wrong", FIELDS, HTML), a_token_guessed: (404, "not-found", NONE, {}), anothers_complaint: (404, "not-found", NONE, {}),
    closing_without_proof: (409, "proof-missing", PROOF, {}), reopening_on_day_31: (409, "reopening-too-late", LATE, {}),
}  # fmt: skip
KEPT = ("complaint", "complaint_history", "complaint_photo", "stored_file", "idempotency", "event_log")


def kept(session: Session) -> list[Any]:
    return [session.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1")).all() for table in KEPT]


@pytest.mark.parametrize("spoken", ["id", "en"])
@pytest.mark.parametrize("refused", NINE, ids=lambda one: one.__name__)
def test_it_is_refused_kindly_and_exactly_and_nothing_is_kept(
    street: Any, clock: Any, session: Session, client: Any, refused: Refused, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, send = list[Any](), client.open

    def remembering(*sent: Any, **more: Any) -> Any:
        session.rollback()
        before[:] = kept(session)
        return send(*sent, **more)

    monkeypatch.setattr(client, "open", remembering)
    answer = refused(street, clock, {"Accept-Language": spoken})
    status, code, words, errors = NINE[refused]
    title, detail = words[spoken]
    expected = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}
    assert answer.json == (expected | {"errors": errors[spoken]} if errors else expected)
    assert (answer.mimetype, answer.headers["Content-Language"]) == ("application/problem+json", spoken)
    session.rollback()
    assert kept(session) == before
