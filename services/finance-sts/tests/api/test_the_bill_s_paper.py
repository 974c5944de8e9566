"""The paper of a bill (SKRD): every field of the form, on one page for a bill of a few lines."""

import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

from finance_sts.model.collection_step import CollectionStep, steps_of
from finance_sts.use_cases import bill_paper, papers, tables
from smartcity import documents
from smartcity.testing.printed import scanned

START = datetime(2026, 2, 12, 3, tzinfo=UTC)


@pytest.fixture
def printed(hand: Any, session: Any, clock: Any) -> Any:
    clock.set(START)

    def content(bill: dict[str, Any]) -> dict[str, Any]:
        session.expire_all()
        return dict(bill_paper.bill_content(session, UUID(bill["id"])))

    return content


def test_it_has_every_field_of_the_form(hand: Any, printed: Any) -> None:
    bill = hand.a_bill()
    said = printed(bill)
    assert {name: said[name] for name in ("payer_name", "payer_address", "payer_no", "period", "year", "due_on", "issued_on")} == {
        "payer_name": "Budi Santoso", "payer_address": "Jl. Sei Deli 1", "payer_no": "P.1.0012",
        "period": "1 Januari 2026 – 31 Januari 2026", "year": "2026", "due_on": "14 Maret 2026", "issued_on": "12 Februari 2026",
    }  # fmt: skip
    assert said["lines"] == [
        ["4.1.02.01.02.0001", "Retribusi Pelayanan Persampahan/Kebersihan", "Rp60.000"],
        ["4.1.02.02.01.0002", "Retribusi Penyewaan Tanah", "Rp40.000"],
    ]
    assert (said["total"], said["interest"], said["increase"], said["to_pay"]) == ("Rp100.000", "Rp0", "Rp0", "Rp100.000")
    assert (said["number"], said["words"], said["replaces"], said["carried"]) == (bill["number"], "seratus ribu rupiah", None, None)
    assert re.fullmatch(r"12710 2026( \d{4}){3}", said["virtual_account_no"])
    assert "STRD" in said["notes"][0] and "3 bulan" in said["notes"][1] and said["qris"].startswith("<svg")


def test_a_bill_that_replaces_another_says_which_and_asks_only_for_what_is_left(hand: Any, treasury: Any, printed: Any) -> None:
    old = hand.a_bill()
    treasury.counter(old, amount=30_000)
    said = printed(hand.a_bill(replaces=old["id"], reason_code="wrong-period"))
    assert (said["replaces"], said["carried"], said["to_pay"]) == (old["number"], "-Rp30.000", "Rp70.000")
    assert said["words"] == "tujuh puluh ribu rupiah"


def test_a_bill_of_a_service_prints_without_period_or_payer_number(treasury: Any, printed: Any) -> None:
    said = printed(treasury.a_bill())
    assert (said["period"], said["payer_no"], said["year"]) == (None, None, "2026")


def test_the_head_who_answers_for_the_office_signs(hand: Any, printed: Any) -> None:
    assert printed(hand.a_bill())["signer"] == vars(tables.signatories("DPMPTSP", START.date()).budget_user)


def test_a_surat_teguran_and_an_strd_are_signed_as_their_bill(hand: Any, printed: Any, clock: Any, run_due: Any, session: Any) -> None:
    bill = hand.a_bill()
    for days in (23, 8, 7, 7):
        clock.advance(days=days)
        run_due()
    steps = session.scalars(steps_of(UUID(bill["id"])).order_by(CollectionStep.id)).all()
    signer = printed(bill)["signer"]
    letter, demand = papers.warning_letter_content(session, steps[2].id), papers.demand_content(session, steps[3].demand_id)
    assert letter["signer"] == demand["signer"] == signer and set(signer) == {"name", "nip"}


def test_no_form_names_its_signer_itself() -> None:
    forms = [form.read_text() for form in (files("finance_sts") / "documents").iterdir() if form.name.endswith(".typ")]
    signed = [line for form in forms for line in form.splitlines() if "#signed(" in line and "name:" in line]
    assert len(signed) >= 8 and all("name: data." in line and 'identity: "NIP " + data.' in line for line in signed)


def test_whoever_scans_it_pays_by_one_code_and_checks_it_by_the_other_without_asking_anyone(treasury: Any) -> None:
    bill, budi = treasury.a_bill(), treasury.as_("budi", "citizen")
    codes = scanned(treasury.client.get(f"/v1/bills/{bill['id']}/document", headers=budi).data)
    payload = treasury.client.get(f"/v1/qris/{bill['id']}", headers=budi).json["payload"]
    assert len(codes) == 2 and payload in codes
    (said,) = (code for code in codes if code != payload)
    assert documents.verify_offline(said, dict([documents.public_key()])).statement.code == bill["verify_code"]
    assert f"/v1/verify/{bill['verify_code']}#" in said


def test_a_few_lines_fit_on_one_page_and_more_go_on_to_the_next(hand: Any) -> None:
    long = {"name": "Perseroan " * 19, "address": "Jalan Panjang " * 30}
    many = [{"account_code": "4.1.02.01.11.0001", "amount": 1_000_000_000}] * 20
    for other, pages in (({}, 1), ({"payer": long, "heads": many}, 3)):
        paper = hand.client.get(f"/v1/bills/{hand.a_bill(**other)['id']}/document", headers=hand.officer()).data
        assert paper.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", paper)) == pages
