"""A statement is loaded once, whole, by the treasury."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from finance_sts.use_cases.bank_statements import load
from smartcity import clock as city_clock
from smartcity.http import Actor

DAY = date(2026, 2, 12)
FILES = Path(__file__).parents[1] / "unit" / "data" / "statements"
FORMS = {"camt.053": ("february.xml", {}), "mt940": ("february.sta", {}), "csv": ("february.csv", {"mapping": "bank-demo-1"})}


@pytest.fixture(autouse=True)
def the_next_morning(clock: Any) -> None:
    clock.set(datetime(2026, 2, 13, 1, 0, tzinfo=UTC))


def test_a_statement_is_kept_with_its_balances_and_lines(bank: Any) -> None:
    kept = bank.send(bank.file(DAY, [(500, "VA 127102026000000018"), (-20, "Biaya")])).json
    assert (kept["account"], kept["statement_id"], kept["format"], kept["line_count"]) == ("1270100000002", "S1 1/1", "mt940", 2)
    assert (kept["opening"], kept["closing"], kept["opened_on"], kept["closed_on"]) == (1_000_000, 1_000_480, "2026-02-12", "2026-02-12")
    assert bank.get("bank-statements").json["items"] == [kept]
    assert bank.get(f"bank-statements/{kept['id']}").json == kept
    first, second = bank.get(f"bank-statements/{kept['id']}/lines").json["items"]
    assert (first["line"], first["amount"], first["value_date"], first["references"]) == (1, 500, "2026-02-12", ["127102026000000018"])
    assert (second["amount"], second["narrative"]) == (-20, "Biaya")


def test_a_long_statement_is_read_in_pages(bank: Any) -> None:
    kept = bank.send(bank.file(DAY, [(n, f"number {n}") for n in range(1, 8)])).json
    page = bank.get(f"bank-statements/{kept['id']}/lines?limit=5").json
    rest = bank.get(f"bank-statements/{kept['id']}/lines?limit=5&cursor={page['next']}").json
    assert [line["line"] for line in page["items"] + rest["items"]] == [1, 2, 3, 4, 5, 6, 7]


def test_the_same_statement_is_loaded_once_and_the_same_request_answered_again(bank: Any, treasury: Any) -> None:
    content = bank.file(DAY, [(500, "x")])
    assert bank.send(content).status_code == 201
    again = bank.send(content)
    assert (again.status_code, again.json["type"]) == (409, "/problems/statement-known")
    assert len(bank.get("bank-statements").json["items"]) == 1


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_of_any_form_is_loaded_and_the_same_in_another_form_is_known(bank: Any, form: str) -> None:
    def sent(name: str, more: dict[str, str]) -> Any:
        return bank.send((FILES / name).read_bytes(), name=name, **more)

    kept = sent(*FORMS[form])
    assert (kept.status_code, kept.json["format"], kept.json["line_count"]) == (201, form, 2)
    for other in FORMS.values():
        assert sent(*other).json["type"] == "/problems/statement-known", other
    assert bank.get("bank-statements").json["items"] == [kept.json]


def test_of_two_forms_that_are_loaded_at_once_one_is_kept(bank: Any, session: Any, waits: Any) -> None:
    load(session, Actor("bendahara-umum", frozenset({"treasurer"}), "BKAD"), (FILES / "february.xml").read_bytes(), None, city_clock.now())
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(bank.send, (FILES / "february.sta").read_bytes())
        try:
            waits(session, other)
        finally:
            session.commit()
        assert other.result(30).json["type"] == "/problems/statement-known"


def test_a_day_may_have_many_statements_also_of_the_same_balances(bank: Any) -> None:
    """An account that is swept begins anew at the same balance, two payers may owe the same, and one may pay twice."""
    one, other = "VA 127102026000000018", "VA 127102026000000026"
    for lines in ([(500, one)], [(-500, "sweep")], [(500, other)], [(500, one)], [], []):
        assert bank.send(bank.file(DAY, lines)).status_code == 201
    assert len(bank.get("bank-statements").json["items"]) == 6


@pytest.mark.parametrize("wrong, code", [
    (lambda text: text.replace(b":62F:C260212IDR", b":62F:C260212IDR9"), "statement-balance-broken"),
    (lambda text: text.replace(b":25:1270100000002", b":25:5550100000002"), "statement-account-unknown"),
    (lambda text: text.replace(b"IDR", b"USD"), "statement-currency-unknown"),
    (lambda text: text.replace(b"260212", b"260214"), "statement-dates-wrong"),
    (lambda text: text + text, "statement-not-one"),
    (lambda text: b'<!DOCTYPE d [<!ENTITY a "aa">]><Document>&a;</Document>', "statement-has-entities"),
    (lambda text: b"\x89PNG", "statement-unreadable"),
])  # fmt: skip
def test_a_wrong_file_is_refused_by_name_and_nothing_of_it_is_kept(bank: Any, wrong: Any, code: str) -> None:
    refused = bank.send(wrong(bank.file(DAY, [(500, "x")])))
    assert (refused.status_code, refused.json["type"]) == (409, f"/problems/{code}")
    assert bank.get("bank-statements").json["items"] == []


def test_a_file_that_is_missing_empty_or_too_large_is_refused(bank: Any, treasury: Any, app: Any) -> None:
    missing = treasury.client.post("/v1/bank-statements", data={"mapping": "bank-demo-1"}, headers={**bank.clerk(), **treasury.key()})
    assert missing.status_code in (415, 422)
    assert bank.send(b"").json["type"] == "/problems/statement-unreadable"
    app.config["MAX_CONTENT_LENGTH"] = 1000
    large = bank.send(b"x" * 2000)
    assert (large.status_code, large.json["type"]) == (413, "/problems/too-large")


def test_a_csv_is_read_by_the_mapping_that_is_named(bank: Any) -> None:
    rows = "1270100000002;IDR;12/02/2026;12/02/2026;VA;B-1;;VA 127102026000000018;0,00;500,00;500,00"
    head = "Nomor Rekening;Mata Uang;Tanggal Buku;Tanggal Valuta;Jenis;Referensi;Referensi Nasabah;Keterangan;Debit;Kredit;Saldo"
    content = f"{head}\n{rows}\n".encode()
    assert bank.send(content, name="a.csv", mapping="nobody-s").json["type"] == "/problems/statement-mapping-unknown"
    assert bank.send(content, name="a.csv", mapping="bank-demo-1").json["format"] == "csv"


def test_only_the_treasury_loads_and_reads_statements(bank: Any, treasury: Any) -> None:
    content = bank.file(DAY, [(500, "x")])
    for stranger in (treasury.treasurer(), treasury.as_("budi", "citizen"), treasury.as_("e", "auditor"), treasury.as_("b", "bank")):
        assert bank.send(content, stranger).status_code == 403
    assert bank.send(content, treasury.head()).status_code == 201
    assert treasury.client.get("/v1/bank-statements", headers=treasury.treasurer()).status_code == 403
    assert len(treasury.client.get("/v1/bank-statements", headers=treasury.as_("e", "auditor")).json["items"]) == 1


def test_who_is_named_in_a_narrative_is_not_readable_in_the_database(bank: Any, session: Any) -> None:
    bank.send(bank.file(DAY, [(500, "dari SITI AMINAH")]))
    assert "SITI" not in str(session.connection().exec_driver_sql("SELECT row_to_json(l)::text FROM bank_line l").scalar_one())
