import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from upload_samples import a_jpeg_taken_at, a_pdf, a_picture, a_png_bomb, an_object_stream, chunk

from smartcity.files.content import Unacceptable, identify

ALL = ("pdf", "jpeg", "png")
PNG, JPEG, PDF = a_picture("PNG"), a_picture("JPEG"), a_pdf()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def code_of(content: bytes, filename: str, declared: str, allowed: tuple[str, ...] = ALL) -> str:
    with pytest.raises(Unacceptable) as refusal:
        identify(content, filename, declared, allowed)
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "filename", "declared", "kind"),
    [
        (PDF, "surat.pdf", "application/pdf", "pdf"),
        (PDF, "Surat Kuasa v1.2.PDF", "application/pdf", "pdf"),
        (JPEG, "jalan rusak.jpg", "image/jpeg", "jpeg"),
        (JPEG, "jalan.JPEG", "image/jpeg", "jpeg"),
        (PNG, "denah.png", "image/png", "png"),
    ],
)
def test_a_file_whose_content_name_and_type_agree_is_known(content: bytes, filename: str, declared: str, kind: str) -> None:
    found, facts = identify(content, filename, declared, ALL)
    assert found.name == kind
    assert facts == ({} if kind == "pdf" else {"width": 64, "height": 48})


@pytest.mark.parametrize(
    ("content", "filename", "declared", "code"),
    [
        (b"", "surat.pdf", "application/pdf", "file-empty"),
        (SVG, "gambar.svg", "image/svg+xml", "file-type-not-allowed"),
        (SVG, "gambar.png", "image/png", "file-type-not-allowed"),
        (HTML, "surat.pdf", "application/pdf", "file-type-not-allowed"),
        (b"GIF89a" + b"\0" * 50, "g.gif", "image/gif", "file-type-not-allowed"),
        (b"PK\x03\x04" + PDF, "surat.pdf", "application/pdf", "file-type-not-allowed"),
        (b"\n" + PDF, "surat.pdf", "application/pdf", "file-type-not-allowed"),
        (JPEG, "gambar.png", "image/png", "file-types-disagree"),
        (JPEG, "gambar.jpg", "image/png", "file-types-disagree"),
        (JPEG, "gambar.jpg", "", "file-types-disagree"),
        (JPEG, "gambar.png", "image/jpeg", "file-types-disagree"),
        (JPEG, "gambar.php.jpg", "image/jpeg", "file-types-disagree"),
        (JPEG, "gambar.jpg.exe", "image/jpeg", "file-types-disagree"),
        (JPEG, "gambar.html.JPG", "image/jpeg", "file-types-disagree"),
        (JPEG, "../../etc/gambar.jpg", "image/jpeg", "file-types-disagree"),
        (JPEG, "..\\gambar.jpg", "image/jpeg", "file-types-disagree"),
        (JPEG, "foto/gambar.jpg", "image/jpeg", "file-types-disagree"),
        (JPEG, ".jpg", "image/jpeg", "file-types-disagree"),
        (JPEG, "gambar", "image/jpeg", "file-types-disagree"),
        (JPEG, "gambar.jpg\0.png", "image/jpeg", "file-types-disagree"),
        (JPEG, "gambar\u202egpj.jpg", "image/jpeg", "file-types-disagree"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(content: bytes, filename: str, declared: str, code: str) -> None:
    assert code_of(content, filename, declared) == code


def test_a_good_file_of_a_kind_not_asked_for_is_refused() -> None:
    assert code_of(PDF, "surat.pdf", "application/pdf", ("jpeg", "png")) == "file-type-not-allowed"


@pytest.mark.parametrize(
    "content",
    [
        PNG[:-1], PNG[:-12], PNG[:40], PNG[:8], PNG + b"PK\x03\x04", PNG + HTML, PNG[:60] + b"!" + PNG[61:],
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
    ],
)  # fmt: skip
def test_a_png_that_is_cut_changed_or_carries_something_behind_it_is_refused(content: bytes) -> None:
    assert code_of(content, "g.png", "image/png") == "file-damaged"


@pytest.mark.parametrize("content", [JPEG[:-2], JPEG[:200], JPEG[:20], JPEG[:3], b"\xff\xd8\xff" + HTML])
def test_a_jpeg_that_is_cut_or_hollow_is_refused(content: bytes) -> None:
    assert code_of(content, "g.jpg", "image/jpeg") == "file-damaged"


def test_a_picture_that_would_become_a_bomb_is_refused_unopened() -> None:
    assert code_of(a_png_bomb(), "g.png", "image/png") == "picture-too-large"
    huge = bytearray(JPEG)
    at = huge.index(b"\xff\xc0")
    huge[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    assert code_of(bytes(huge), "g.jpg", "image/jpeg") == "picture-too-large"


def test_a_picture_with_exif_is_whole() -> None:
    assert identify(a_jpeg_taken_at(3.59, 98.67), "g.jpg", "image/jpeg", ALL)[1]["width"] == 64


@pytest.mark.parametrize(
    "objects",
    [
        b"1 0 obj\n<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\nendobj\n",
        b"1 0 obj\n<</S/J#61vaScript>>\nendobj\n",
        b"1 0 obj\n<</S /Launch /F (cmd.exe)>>\nendobj\n",
        b"1 0 obj\n<</Names<</EmbeddedFiles 3 0 R>>>>\nendobj\n",
        b"1 0 obj\n<</AcroForm<</XFA [ 5 0 R ]>>>>\nendobj\n",
        b"%stream\n1 0 obj\n<</S/Launch>>\nendobj\n%endstream\n",
        an_object_stream(b"7 0 <</S/JavaScript/JS(1)>>"),
        an_object_stream(b"7 0 <</S/JavaScript/JS(1)>>", b"/Filter [ /FlateDecode ]"),
    ],
)
def test_a_pdf_that_does_something_by_itself_is_refused(objects: bytes) -> None:
    assert code_of(a_pdf(objects), "s.pdf", "application/pdf") == "file-has-active-content"


@pytest.mark.parametrize(
    "content",
    [
        PDF[:-7], PDF[:30], PDF + b"PK\x03\x04zip", PDF + HTML, b"%PDF-9.9\n", b"%PDF-1.7\n%%EOF",
        a_pdf(an_object_stream(b"x", b"/Filter/LZWDecode")),
        a_pdf(an_object_stream(b"x", b"/Filter 9 0 R")),
        a_pdf(an_object_stream(b"\0" * 40_000_000)),
        a_pdf(an_object_stream(b"x").replace(b"stream\nx", b"stream\nq")),
    ],
)  # fmt: skip
def test_a_pdf_that_is_cut_hides_its_objects_or_is_a_bomb_is_refused(content: bytes) -> None:
    assert code_of(content, "s.pdf", "application/pdf") == "file-damaged"


def test_a_locked_pdf_is_refused_with_its_reason() -> None:
    assert code_of(a_pdf().replace(b"<</Root", b"<</Encrypt 5 0 R/Root"), "s.pdf", "application/pdf") == "file-encrypted"


def test_a_pdf_with_ordinary_object_streams_is_kept() -> None:
    assert identify(a_pdf(an_object_stream(b"7 0 <</Type/Page>>")), "s.pdf", "application/pdf", ALL)[0].name == "pdf"


@given(st.sampled_from([PNG, JPEG, PDF]), st.integers(0, 400), st.binary(max_size=6))
def test_any_damage_is_answered_or_refused_and_never_raises_anything_else(content: bytes, at: int, noise: bytes) -> None:
    changed = content[:at] + noise + content[at + len(noise) :]
    for name, declared in (("a.png", "image/png"), ("a.jpg", "image/jpeg"), ("a.pdf", "application/pdf")):
        try:
            identify(changed, name, declared, ALL)
        except Unacceptable:
            continue
    assert io.BytesIO(changed).read() == changed
