import hashlib
import io
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session
from upload_samples import a_jpeg_taken_at, a_pdf, a_picture, a_png_without_pixels, upload

from smartcity import due, files
from smartcity.errors import InputWrong, NotFound, RuleBroken, TooLarge
from smartcity.files import FileStatus, StoredFile
from smartcity.files.reencoding import reencode
from smartcity.storage.entity import uuid7
from smartcity.storage.transaction import Database


def kept(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def run_due(database: Database, now: datetime) -> list[str]:
    outcomes = []
    while (outcome := due.run_next(database.session, files.RUNS, now)) is not None:
        outcomes.append(outcome)
    return outcomes


def received(database: Database, content: bytes, name: str) -> StoredFile:
    with database.transaction() as session:
        return files.receive(session, upload(content, name), owner="budi")


def again(database: Database, stored: StoredFile) -> StoredFile:
    with database.session() as session:
        return session.get_one(StoredFile, stored.id)


def test_a_pdf_is_ready_at_once_and_served_so_that_no_browser_runs_it(database: Database, session: Session, folder: Path) -> None:
    stored = received(database, a_pdf(), "surat kuasa.pdf")
    assert (stored.status, stored.owner_sub, stored.size) == (FileStatus.READY, "budi", len(a_pdf()))
    served = files.serve(session, stored.id)
    assert served.body == a_pdf()
    assert hashlib.sha256(served.body).digest() == stored.sha256
    assert served.headers == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f'attachment; filename="{stored.id}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def test_nothing_the_sender_called_it_reaches_the_store(database: Database, folder: Path) -> None:
    stored = received(database, a_pdf(), "nik 1271014502900001.pdf")
    assert kept(folder) == [f"uploads/{stored.id.hex[-2:]}/{stored.id}"]


def test_a_picture_is_not_shown_before_it_is_reencoded(database: Database, session: Session, folder: Path) -> None:
    stored = received(database, a_picture("JPEG"), "jalan.jpg")
    assert stored.status is FileStatus.QUARANTINED
    with pytest.raises(RuleBroken) as refusal:
        files.serve(session, stored.id)
    assert (refusal.value.code, refusal.value.facts) == ("file-not-ready", {"status": "quarantined"})


def test_work_strips_a_picture_of_everything_but_its_pixels_and_keeps_its_position(
    database: Database, session: Session, folder: Path, moment: datetime
) -> None:
    original = a_jpeg_taken_at(3.58969, 98.67387) + b"PK\x03\x04trailer of a phone"
    stored = received(database, original, "jalan.jpg")
    assert run_due(database, stored.created_at) == ["done", "done"]
    ready = again(database, stored)
    assert ready.status is FileStatus.READY
    assert ready.detail["position"] == {"lat": 3.58969, "lon": 98.67387}
    assert ready.detail["original_sha256"] == hashlib.sha256(original).hexdigest()
    served, small = files.serve(session, stored.id), files.serve(session, stored.id, thumbnail=True)
    assert (len(served.body), hashlib.sha256(served.body).digest()) == (ready.size, ready.sha256)
    for body in (served.body, small.body):
        assert b"Exif" not in body
        assert b"Telepon" not in body
        assert b"trailer" not in body
        with Image.open(io.BytesIO(body)) as picture:
            assert not picture.getexif()
    key = f"pictures/{stored.id.hex[-2:]}/{stored.id}"
    assert kept(folder) == [key, f"{key}.thumbnail"]


def test_reencoding_twice_does_it_once(database: Database, folder: Path, moment: datetime) -> None:
    stored = received(database, a_picture("PNG"), "denah.png")
    run_due(database, stored.created_at)
    first = again(database, stored)
    with database.transaction() as session:
        reencode(session, str(stored.id), moment)
    assert again(database, stored).sha256 == first.sha256
    assert (first.kind, first.detail["width"], first.detail["height"]) == ("png", 64, 48)


def test_a_large_picture_is_made_smaller_and_turned_upright(database: Database, session: Session, folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = received(database, a_picture("JPEG", (5000, 100), exif=exif), "lebar.jpg")
    run_due(database, stored.created_at)
    detail = again(database, stored).detail
    assert max(detail["width"], detail["height"]) <= 4096
    assert detail["height"] > detail["width"]
    with Image.open(io.BytesIO(files.serve(session, stored.id, thumbnail=True).body)) as small:
        assert max(small.size) == 320


def test_a_picture_whose_pixels_are_not_there_is_refused_and_forgotten(database: Database, session: Session, folder: Path) -> None:
    whole = a_picture("JPEG", (640, 480))
    scan = whole.index(b"\xff\xda")
    stored = received(database, whole[: scan + 4] + b"\xff\xd9", "rusak.jpg")
    assert run_due(database, stored.created_at) == ["done", "done"]
    refused = again(database, stored)
    assert (refused.status, refused.detail["reason"]) == (FileStatus.REFUSED, "file-damaged")
    assert kept(folder) == []
    with pytest.raises(RuleBroken) as refusal:
        files.serve(session, stored.id)
    assert refusal.value.facts == {"status": "refused"}


def test_a_png_that_is_whole_by_its_chunks_but_has_no_pixels_is_refused_too(database: Database, folder: Path) -> None:
    stored = received(database, a_png_without_pixels(), "kk.png")
    assert stored.status is FileStatus.QUARANTINED
    run_due(database, stored.created_at)
    assert again(database, stored).status is FileStatus.REFUSED


@pytest.mark.parametrize("where", [(91.0, 98.67), (0.0, 0.0), None])
def test_a_position_that_cannot_be_is_not_kept(database: Database, folder: Path, where: tuple[float, float] | None) -> None:
    stored = received(database, a_jpeg_taken_at(*where) if where else a_picture("JPEG"), "jalan.jpg")
    run_due(database, stored.created_at)
    ready = again(database, stored)
    assert ready.status is FileStatus.READY
    assert "position" not in ready.detail


def test_a_request_that_is_refused_afterwards_leaves_no_bytes(database: Database, folder: Path) -> None:
    with database.session() as session:
        files.receive(session, upload(a_pdf(), "a.pdf"), owner="budi")
        files.receive(session, upload(a_picture("PNG"), "b.png"), owner="budi")
        assert len(kept(folder)) == 2
    assert kept(folder) == []
    with database.session() as session:
        files.receive(session, upload(a_pdf(), "a.pdf"), owner="budi")
        session.rollback()
        assert kept(folder) == []
        stored = files.receive(session, upload(a_pdf(), "a.pdf"), owner="budi")
        session.commit()
    assert len(kept(folder)) == 1
    with database.session() as session:
        assert session.scalars(sa.select(StoredFile.id)).all() == [stored.id]


def test_a_savepoint_within_does_not_decide_for_the_whole(database: Database, folder: Path) -> None:
    with database.session() as session:
        files.receive(session, upload(a_pdf(), "a.pdf"), owner="budi")
        with session.begin_nested():
            session.execute(sa.text("SELECT 1"))
        assert len(kept(folder)) == 1
    assert kept(folder) == []


def test_a_file_larger_than_allowed_is_refused_with_the_limit(database: Database, folder: Path) -> None:
    with database.session() as session, pytest.raises(TooLarge) as refusal:
        files.receive(session, upload(a_pdf(), "a.pdf"), owner="budi", max_bytes=20)
    assert refusal.value.facts == {"limit": 20}
    assert kept(folder) == []


@pytest.mark.parametrize(
    ("content", "name", "declared", "code"),
    [
        (a_pdf(), "a.png", "image/png", "file-types-disagree"),
        (b"<svg/>", "a.svg", "image/svg+xml", "file-type-not-allowed"),
        (a_picture("JPEG"), "../a.jpg", "image/jpeg", "file-types-disagree"),
        (a_pdf(), "", "application/pdf", "file-missing"),
    ],
)
def test_a_refused_upload_names_its_field_and_leaves_nothing(
    database: Database, folder: Path, content: bytes, name: str, declared: str, code: str
) -> None:
    with database.session() as session, pytest.raises(InputWrong) as refusal:
        files.receive(session, upload(content, name, declared), owner="budi")
    assert refusal.value.errors == {"file": [code]}
    assert kept(folder) == []


def test_a_missing_upload_is_refused(session: Session, folder: Path) -> None:
    with pytest.raises(InputWrong):
        files.receive(session, None, owner="budi")


def test_an_unknown_file_and_a_pdfs_thumbnail_are_not_found(database: Database, session: Session, folder: Path) -> None:
    with pytest.raises(NotFound):
        files.serve(session, uuid7())
    stored = received(database, a_pdf(), "a.pdf")
    with pytest.raises(NotFound):
        files.serve(session, stored.id, thumbnail=True)
