"""What a browser shows of a paper whose QR code was scanned."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from smartcity.http import verify_page
from smartcity.http.languages import Messages

NOW = datetime(2026, 11, 27, 0, 3, tzinfo=UTC)
OWN = {
    "document.kind.receipt": "Kuitansi", "document.claim.total": "Jumlah", "document.claim.kelurahan": "Kelurahan",
    "document.claim.outcome": "Putusan", "document.claim.outcome.granted": "Dikabulkan",
}  # fmt: skip
SAID = {
    "code": "F518-RWH7-XH77-AMF5", "kind": "receipt", "number": "SSRD/<b>1</b>", "date": "2026-02-05", "total": 346_680, "outcome": "granted",
    "kelurahan": "12.71.01.1001", "machine": "x1",
}  # fmt: skip


class Words(Messages):
    """The kernel's words, and those of an office with one paper."""

    def label(self, code: str, language: str) -> str:
        return OWN.get(code) or super().label(code, language)


def found(**more: Any) -> dict[str, Any]:
    return {"code": SAID["code"], "kind": "receipt", "standing": "valid", "statement": SAID, "sha256": None, **more}


def shown(lang: str = "id", **more: Any) -> str:
    return verify_page.known(found(**more), Words(()), lang, NOW).get_data(as_text=True)


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("*/*", False),
        ("application/json", False),
        ("application/json, text/html;q=0.5", False),
        ("application/json, text/html", False),
        (None, False),
    ],
)
def test_a_browser_gets_a_page_and_a_program_gets_json(accept: str | None, page: bool) -> None:
    with Flask("stall").test_request_context(headers={"Accept": accept} if accept else {}):
        assert verify_page.is_wanted() is page


def test_the_page_says_what_the_paper_says_as_people_write_it() -> None:
    place = dict(verify_page.facts(found(), Words(()), "id"))
    assert place == {
        "Kode dokumen": "F518-RWH7-XH77-AMF5", "Nomor": "SSRD/<b>1</b>", "Tanggal": "5 Februari 2026", "Jumlah": "Rp346.680",
        "Putusan": "Dikabulkan", "Kelurahan": place["Kelurahan"],
    }  # fmt: skip
    assert place["Kelurahan"] and "12.71" not in place["Kelurahan"]
    assert dict(verify_page.facts(found(), Words(()), "en"))["Date"] == "5 February 2026"


def test_what_came_from_outside_is_text_and_never_markup() -> None:
    assert "SSRD/&lt;b&gt;1&lt;/b&gt;" in shown() and "<b>" not in shown()


@pytest.mark.parametrize(("standing", "good"), [("valid", True), ("paid", True), ("revoked", False), ("expired", False)])
def test_only_what_stands_is_shown_as_standing(standing: str, good: bool) -> None:
    assert ('class="standing good"' in shown(standing=standing)) is good
    assert f"Kuitansi: {Words(()).label(f'document.standing.{standing}', 'id')}" in shown(standing=standing)


def test_whose_signature_it_is_and_whether_the_file_is_whole_is_said() -> None:
    signature = {"by": "Rahmawati", "issuer": "BSrE", "serial": "1", "at": NOW, "intact": True}
    whole, changed = shown(signature=signature), shown(signature={**signature, "intact": False})
    assert "Rahmawati" in whole and "27 November 2026, 07.03 WIB" in whole and 'role="alert"' not in whole
    assert 'role="alert"' in changed


def test_the_page_asks_nothing_of_anybody_and_may_not_be_framed() -> None:
    answer = verify_page.known(found(), Words(()), "en", NOW)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script" not in policy
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert nonce and f'<style nonce="{nonce}">' in answer.get_data(as_text=True)
    assert answer.headers["Content-Language"] == "en" and {"accept", "accept-language"} <= set(answer.vary.as_set())


def test_an_unknown_code_is_told_with_what_to_do_next() -> None:
    answer = verify_page.unknown(Words(()), "en", NOW)
    assert answer.status_code == 404 and answer.mimetype == "text/html"
    assert "We have never issued a document with this code." in answer.get_data(as_text=True)
    assert "ask the office whose name is printed on it" in answer.get_data(as_text=True)
