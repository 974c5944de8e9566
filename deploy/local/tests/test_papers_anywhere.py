"""A paper is checked with the offices' public keys alone: no network, no suite, no clone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smartcity.documents.electronic import Signatory
from smartcity.documents.seal import BLANK, sealed
from smartcity.documents.statement import key_id, public_of, sign
from smartcity.documents.trial_signer import TrialSigner
from smartcity_local.cli import checking
from smartcity_local.document_keys import pem, written
from smartcity_local.errors import CannotGoOn

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
TEXT = sign(
    SEED, "L7Q2-K9MD-3XZP-W4TN", "permit", {"number": "PBG/DPMPTSP/2026/000017", "date": "2026-11-24", "kelurahan": "12.71.01.1001"}
)
QR = f"https://layanan.example/v1/verify/L7Q2-K9MD-3XZP-W4TN#{TEXT}"
PDF = sealed(SEED, f"%PDF-1.7\n<</Keywords({TEXT}, {BLANK})>>\nUntuk: rumah tinggal\n%%EOF\n".encode())


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    public = public_of(SEED)
    file = tmp_path / "kunci.json"
    file.write_text(json.dumps({"keys": written({key_id(public): public})}))
    return file


def check(paper: str, keys: Path) -> str:
    done = CliRunner().invoke(checking.app, ["verify-document", paper, "--keys", str(keys), "--no-online"])
    if done.exception:
        raise done.exception
    return done.stdout


def test_the_text_of_a_qr_code_and_a_file_are_genuine_by_the_key_alone(keys: Path, tmp_path: Path) -> None:
    file = tmp_path / "izin.pdf"
    file.write_bytes(PDF)
    for paper in (QR, str(file)):
        shown = check(paper, keys)
        assert "PBG/DPMPTSP/2026/000017" in shown and "signed by an office of this city" in shown


@pytest.mark.parametrize(
    ("paper", "why"),
    [
        (PDF.replace(b"rumah tinggal", b"hotel bintang"), "file-changed"),
        (PDF.replace(b"SCF1.", b"XXXX."), "file-not-sealed"),
        (b"x" + PDF, "file-changed"),
        (b"hello", "no-statement"),
    ],
)  # fmt: skip
def test_a_file_that_was_changed_is_refused(keys: Path, tmp_path: Path, paper: bytes, why: str) -> None:
    file = tmp_path / "izin.pdf"
    file.write_bytes(paper)
    with pytest.raises(CannotGoOn, match=why):
        check(str(file), keys)


@pytest.mark.parametrize(("paper", "why"), [(QR.replace("SC1.", "SC1.A"), "unreadable"), ("https://layanan.example/", "no-statement")])
def test_a_qr_text_that_was_changed_is_refused(keys: Path, paper: str, why: str) -> None:
    with pytest.raises(CannotGoOn, match=why):
        check(paper, keys)


def test_a_paper_of_another_city_is_refused(keys: Path) -> None:
    with pytest.raises(CannotGoOn, match="key-unknown"):
        check(sign(OTHER, "L7Q2-K9MD-3XZP-W4TN", "permit", {"number": "1", "date": "2026-11-24"}), keys)


def test_a_paper_whose_key_was_withdrawn_sends_its_reader_to_the_office(keys: Path) -> None:
    lines = json.loads(keys.read_text())["keys"]
    keys.write_text(json.dumps({"keys": [{**lines[0], "withdrawn_at": "2026-11-25T00:00:00Z"}]}))
    with pytest.raises(CannotGoOn, match="key-withdrawn"):
        check(QR, keys)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"keys": []}', '{"keys": {"a": "AAAA"}}', '{"keys": [{"key_id": "a", "public_key": "AAAA"}]}', '{"keys": [1]}', "{"],
)
def test_a_file_that_holds_no_keys_says_so(tmp_path: Path, content: str) -> None:
    file = tmp_path / "kunci.json"
    file.write_text(content)
    with pytest.raises(CannotGoOn, match="document-keys"):
        check(QR, file)


def signed_paper(tmp_path: Path) -> Path:
    """The smallest PDF that a person can sign, sealed before."""
    parts, at = [b"%PDF-1.7\n"], []
    for number, body in enumerate(
        ("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
         f"<</Keywords({TEXT}, {BLANK})>>"), 1,
    ):  # fmt: skip
        at.append(sum(map(len, parts)))
        parts.append(f"{number} 0 obj\n{body}\nendobj\n".encode())
    table = "".join(f"{place:010} 00000 n \n" for place in at)
    tail = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<</Size 5/Root 1 0 R/Info 4 0 R>>\nstartxref\n{sum(map(len, parts))}\n%%EOF"
    whole = TrialSigner(SEED).sign(sealed(SEED, b"".join(parts) + tail.encode()), Signatory("s", "Rahmawati Siregar", "Kepala", "Kutipan"))
    file = tmp_path / "akta.pdf"
    file.write_bytes(whole)
    return file


def test_a_paper_that_a_person_signed_is_checked_with_the_roots_one_was_given(keys: Path, tmp_path: Path) -> None:
    file, roots = signed_paper(tmp_path), tmp_path / "akar.pem"
    roots.write_text(pem([*TrialSigner(OTHER).roots(), *TrialSigner(SEED).roots()]))
    done = CliRunner().invoke(checking.app, ["verify-document", str(file), "--keys", str(keys), "--roots", str(roots), "--no-online"])
    assert "signed electronically by Rahmawati Siregar (sertifikat uji" in " ".join(done.stdout.split())
    roots.write_text(pem(list(TrialSigner(OTHER).roots())))
    with pytest.raises(CannotGoOn, match="signature-not-trusted"):
        CliRunner().invoke(
            checking.app, ["verify-document", str(file), "--keys", str(keys), "--roots", str(roots), "--no-online"], catch_exceptions=False
        )


@pytest.mark.parametrize("content", ["", "-----BEGIN CERTIFICATE-----\nnot\n-----END CERTIFICATE-----", "{}"])
def test_a_file_that_holds_no_roots_says_so(keys: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "akar.pem"
    file.write_text(content)
    with pytest.raises(CannotGoOn, match="holds no certificates"):
        CliRunner().invoke(checking.app, ["verify-document", QR, "--keys", str(keys), "--roots", str(file)], catch_exceptions=False)
