import base64
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_that_prints import Office, printed

from smartcity import documents
from smartcity.documents import NotGenuine, verify_offline
from smartcity.documents.seal import BLANK, PATTERN, sealed
from smartcity.documents.statement import LONGEST_PAYLOAD, MARK, key_id, public_of, sign
from smartcity.storage.transaction import Database

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
KEYS = {key_id(public_of(SEED)): public_of(SEED)}
CODE = "L7Q2-K9MD-3XZP-W4TN"
CLAIMS: dict[str, Any] = {"number": "001/PBG/2026", "date": date(2026, 11, 24), "total": 187_625, "name": "Siti é"}
TEXT = sign(SEED, CODE, "permit", CLAIMS)


def refused(text: str | bytes, keys: dict[str, bytes] = KEYS) -> str:
    with pytest.raises(NotGenuine) as refusal:
        verify_offline(text, keys)
    return refusal.value.code


def test_a_statement_holds_without_asking_anyone() -> None:
    checked = verify_offline(f"https://layanan.example/v1/verify/{CODE}#{TEXT}", KEYS)
    assert checked.statement.shown() == {
        "code": CODE, "kind": "permit", "number": "001/PBG/2026", "date": "2026-11-24", "total": 187_625, "name": "Siti é",
    }  # fmt: skip
    assert checked.sha256 is None


@given(st.integers(0, len(TEXT) - len(MARK) - 1), st.sampled_from("ABCabc012-_"))
def test_one_changed_character_is_noticed(at: int, other: str) -> None:
    at += len(MARK)
    if TEXT[at] != other:
        assert refused(TEXT[:at] + other + TEXT[at + 1 :]) in ("unreadable", "signature-wrong", "key-unknown")


@given(st.integers(1, 200))
def test_a_cut_or_lengthened_statement_is_noticed(n: int) -> None:
    assert refused(TEXT[:-n]) in ("unreadable", "signature-wrong", "no-statement")
    assert refused(TEXT + "A" * n) == "unreadable"


def test_a_changed_claim_under_the_old_signature_is_noticed() -> None:
    raw = base64.urlsafe_b64decode(TEXT.removeprefix(MARK) + "==")
    forged = MARK + base64.urlsafe_b64encode(raw.replace(b"187625", b"187620")).rstrip(b"=").decode()
    assert refused(forged) == "signature-wrong"


def test_a_statement_signed_with_another_key_under_our_name_is_noticed() -> None:
    forged = sign(OTHER, CODE, "permit", CLAIMS)
    assert refused(forged) == "key-unknown"
    assert refused(forged, {key_id(public_of(OTHER)): public_of(SEED)}) == "signature-wrong"


def test_an_older_key_still_proves_older_papers() -> None:
    keys = {**KEYS, key_id(public_of(OTHER)): public_of(OTHER)}
    assert verify_offline(sign(OTHER, CODE, "permit", CLAIMS), keys).statement.code == CODE
    assert verify_offline(TEXT, keys).statement.code == CODE


@given(st.text(max_size=80))
def test_any_text_is_refused_with_a_reason(text: str) -> None:
    assert refused(text) in ("no-statement", "unreadable", "several-statements")
    assert refused(MARK + text) in ("no-statement", "unreadable", "several-statements")


@given(st.binary(min_size=64, max_size=200))
def test_any_bytes_behind_the_mark_are_refused(raw: bytes) -> None:
    assert refused(MARK + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()) == "unreadable"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"number": "1"},
        {"date": "2026-01-01"},
        {**CLAIMS, "total": 1.5},
        {**CLAIMS, "x": None},
        {**CLAIMS, "x": {"deep": 1}},
        {**CLAIMS, "x": "a" * LONGEST_PAYLOAD},
    ],
)
def test_claims_that_are_incomplete_or_too_much_are_not_signed(claims: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"number and a date|short"):
        sign(SEED, CODE, "permit", claims)


def test_a_pdf_carries_its_statement_and_its_hash_is_told(database: Database, office: Office) -> None:
    paper = printed(database, office)
    checked = verify_offline(paper.pdf, dict([documents.public_key()]))
    assert checked.statement.code == paper.code
    assert checked.statement.claims["total"] == 187_625
    assert checked.sha256 == paper.sha256


def test_a_pdf_with_a_statement_put_into_it_is_noticed(database: Database, office: Office) -> None:
    paper = printed(database, office)
    keys = dict([documents.public_key()])
    start = paper.pdf.index(MARK.encode()) + 20
    other = b"B" if paper.pdf[start : start + 1] == b"A" else b"A"
    assert refused(paper.pdf[:start] + other + paper.pdf[start + 1 :], keys) == "several-statements"
    assert refused(paper.pdf + sign(SEED, CODE, "permit", CLAIMS).encode(), keys) == "several-statements"
    assert refused(paper.pdf.replace(MARK.encode(), b"XX1."), keys) == "no-statement"


def test_a_pdf_of_which_one_byte_was_changed_is_noticed_without_asking_anyone(database: Database, office: Office) -> None:
    paper = printed(database, office)
    keys = dict([documents.public_key()])
    for at in range(0, len(paper.pdf), 97):
        changed = paper.pdf[:at] + bytes([paper.pdf[at] ^ 1]) + paper.pdf[at + 1 :]
        assert refused(changed, keys) in ("file-changed", "file-not-sealed", "several-statements", "unreadable", "no-statement")
    assert refused(paper.pdf + b" ", keys) == "file-changed"
    assert refused(paper.pdf.replace(b"%PDF-1.7", b"%PDF-1.6"), keys) == "file-changed"


def test_a_pdf_whose_seal_was_taken_off_or_put_on_by_somebody_else_is_noticed(database: Database, office: Office) -> None:
    paper = printed(database, office)
    keys = dict([documents.public_key()])
    assert PATTERN.findall(paper.pdf) and BLANK.encode() not in paper.pdf
    assert refused(paper.pdf.replace(b"SCF1.", b"XXF1."), keys) == "file-not-sealed"
    assert refused(sealed(OTHER, PATTERN.sub(BLANK.encode(), paper.pdf)), keys) == "file-changed"
    assert refused(paper.pdf + BLANK.encode(), keys) == "file-changed"


def test_a_layout_without_a_place_for_the_seal_does_not_print() -> None:
    with pytest.raises(ValueError, match="no place for the seal"):
        sealed(SEED, b"%PDF-1.7")
