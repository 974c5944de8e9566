"""The permit's paper and its annex: what they say, and that anybody can tell them from others."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from licensing.use_cases import permit_document
from smartcity import documents
from smartcity.documents import NotGenuine, verify_offline
from smartcity.money import format_rupiah
from smartcity.testing.printed import scanned

PAID = "finance-sts.bill.paid.v1"


@pytest.fixture
def a_house_permit(desk: Any, hear: Any, paid: Any) -> dict[str, Any]:
    ident = desk.brought_to("assessment")
    hear(PAID, paid(ident))
    return dict(desk.client.get(f"/v1/permits/{desk.show(ident)['permit_id']}", headers=desk.citizen()).json)


def paper(desk: Any, permit: dict[str, Any]) -> bytes:
    answer = desk.client.get(f"/v1/permits/{permit['id']}/document", headers=desk.citizen())
    assert answer.status_code == 200, answer.json
    return bytes(answer.data)


def test_the_annex_has_every_step_of_the_retribution(desk: Any, a_house_permit: dict[str, Any], session: Session) -> None:
    printed = permit_document.content(session, UUID(a_house_permit["id"]))["annex"]
    steps = desk.show(a_house_permit["application_id"])["assessment"]["calculation"]["steps"]
    names = [step["symbol"] for step in printed["steps"]]
    assert len(names) == len(steps) and {"If", "Ip kompleksitas", "nilai bangunan", "total (Rp)"} <= set(names)
    assert printed["steps"][-1]["value"] == printed["total"] == format_rupiah(346_680)
    assert {"0,18", "0,005"} <= {step["value"] for step in printed["steps"]}
    assert not [step["expression"] for step in printed["steps"] if {".", "_"} & set(step["expression"])]
    assert (
        printed["free"]
        and printed["conditions"]
        and ["Dokumen permohonan", "Bukti hak atas tanah; Gambar rencana arsitektur"] in printed["technical"]
    )


def test_what_costs_nothing_says_why(a_shop: Any, session: Session) -> None:
    printed = permit_document.content(session, UUID(a_shop()["id"]))
    assert printed["retribution"] is None and printed["annex"]["steps"] == []
    assert printed["annex"]["free"] == "Tidak dikenakan retribusi (UU 1/2022 Pasal 88(4): izin usaha bukan objek retribusi)."
    assert (printed["valid_from"], printed["valid_until"]) == ("24 November 2026", "24 November 2031")


def test_the_paper_names_the_one_before_it(a_shop: Any, head: Any, session: Session) -> None:
    old = a_shop()
    body = {"reason_code": "written-wrongly", "text": "Salah tulis.", "changes": {"holder_name": "Budi Siregar, S.T."}}
    new = head.act(old, "correction", body).json
    assert old["number"] in permit_document.content(session, UUID(new["id"]))["before"]
    assert permit_document.content(session, UUID(old["id"]))["before"] is None


def test_the_longest_names_and_addresses_fit_on_their_pages(a_shop: Any, desk: Any) -> None:
    longest = {"applicant_name": "Parlindungan " * 9, "applicant_address": "Jalan Jamin Ginting " * 15, "site_address": "x" * 300}
    permit = a_shop(**{name: value.strip() for name, value in longest.items()})
    pdf = paper(desk, permit)
    assert b"/Type/Pages/Count 3" in pdf  # the permit on two pages at most, its annex on one


def test_the_paper_is_pdf_a_and_holds_without_asking_anyone(desk: Any, a_house_permit: dict[str, Any]) -> None:
    pdf, keys = paper(desk, a_house_permit), dict([documents.public_key()])
    assert b"pdfaid:part>2<" in pdf and b"pdfaid:conformance>B<" in pdf and b"/GTS_PDFA1" in pdf
    said = verify_offline(pdf, keys).statement
    assert (said.code, said.claims["number"]) == (a_house_permit["verify_code"], a_house_permit["number"])
    assert "Budi" not in str(said.claims) and {verify_offline(code, keys).statement.code for code in scanned(pdf)} == {said.code}
    for changed, code in ((pdf.replace(b"%PDF-1.7", b"%PDF-1.4"), "file-changed"), (pdf[:-200] + pdf[-199:], "file-changed")):
        with pytest.raises(NotGenuine) as refusal:
            verify_offline(changed, keys)
        assert refusal.value.code == code
    with pytest.raises(NotGenuine, match="key-unknown"):
        verify_offline(pdf, {})


def test_the_statement_of_a_permit_that_ends_says_when(a_shop: Any, desk: Any) -> None:
    permit = a_shop()
    pdf = paper(desk, permit)
    assert verify_offline(pdf, dict([documents.public_key()])).statement.claims["until"] == "2031-11-24"
