"""Three formats become one shape; what is no believable statement is refused by name, and never crashes."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.banking_days import window
from finance_sts.rules.statement import MOST, Line, StatementWrong, must_be_past, references, rupiah
from finance_sts.use_cases.bank_accounts import account_numbered
from finance_sts.use_cases.statement_files import read

DATA = Path(__file__).parent / "data" / "statements"
CAMT, MT940, CSV = ((DATA / f"february.{kind}").read_bytes() for kind in ("xml", "sta", "csv"))
EACH = {"camt.053": (CAMT, None), "mt940": (MT940, None), "csv": (CSV, "bank-demo-1")}
DAY = date(2026, 2, 12)
KEYS = {"REQ-1", "B-77001", "127102026000000018", "SKRD/DPMPTSP/2026/000001"}
BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Document>&b;</Document>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><Document>&x;</Document>"""


def refusal(content: bytes, mapping: str | None = None) -> str:
    with pytest.raises(StatementWrong) as wrong:
        read(content, mapping)
    return wrong.value.code


@pytest.mark.parametrize("form", EACH)
def test_every_format_gives_the_same_account_balances_and_lines(form: str) -> None:
    name, found = read(*EACH[form])
    assert name == form
    assert (found.account, found.currency, found.opening, found.closing) == ("1270100000002", "IDR", 1000, 345680)
    assert (found.opened_on, found.closed_on) == (DAY, DAY)
    assert [(line.amount, line.value_date, line.booking_date) for line in found.lines] == [(346680, DAY, DAY), (-2000, DAY, DAY)]
    assert set(found.lines[0].references) >= KEYS
    assert found.lines[0].references[0] in ("REQ-1", "B-77001")
    assert "Siti Aminah" in found.lines[0].narrative and not any("SITI" in key for key in found.lines[0].references)
    assert found.lines[1].narrative == "Biaya administrasi"


def test_a_statement_s_own_name_is_the_bank_s_and_a_csv_s_is_its_days() -> None:
    assert [read(*EACH[form])[1].id for form in EACH] == ["43/1", "STMT0212 43/1", "2026-02-12/2026-02-12"]


@pytest.mark.parametrize("version", ["02", "04", "06", "08", "13"])
def test_every_version_of_camt_053_is_read_by_local_names(version: str) -> None:
    older = CAMT.replace(b"001.08", f"001.{version}".encode())
    if version < "08":
        older = older.replace(b"<Cd>BOOK</Cd>", b"BOOK").replace(b"<Cd>PDNG</Cd>", b"PDNG")
    assert len(read(older, None)[1].lines) == 2


def a_batch(*transactions: str) -> bytes:
    """The 346,680 that came in, booked in one for several payers."""
    start, end = CAMT.index(b"<TxDtls>"), CAMT.index(b"</TxDtls>") + len(b"</TxDtls>")
    return CAMT[:start] + "".join(f"<TxDtls>{one}</TxDtls>" for one in transactions).encode() + CAMT[end:]


PAID = '<Refs><EndToEndId>REQ-{0}</EndToEndId></Refs><Amt Ccy="IDR">{1}</Amt><RmtInf><Ustrd>VA 12710202600000001{0}</Ustrd></RmtInf>'
OLDER = '<Refs><EndToEndId>REQ-{0}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="IDR">{1}</Amt></TxAmt></AmtDtls>'


@pytest.mark.parametrize("form", [PAID, OLDER])
def test_a_batch_is_a_line_for_each_of_its_transactions(form: str) -> None:
    found = read(a_batch(form.format(8, 340000), form.format(9, 6680)), None)[1]
    assert [line.amount for line in found.lines] == [340000, 6680, -2000]
    assert [line.references[0] for line in found.lines[:2]] == ["REQ-8", "REQ-9"]
    assert not set(found.lines[0].references) & set(found.lines[1].references)


def test_what_goes_back_within_a_batch_is_taken_off() -> None:
    back = PAID.format(9, 10) + "<CdtDbtInd>DBIT</CdtDbtInd>"
    assert [line.amount for line in read(a_batch(PAID.format(8, 346690), back), None)[1].lines] == [346690, -10, -2000]


def test_a_batch_of_which_the_bank_does_not_say_the_amounts_is_one_line() -> None:
    told = read(a_batch(PAID.format(8, 340000), "<Refs><EndToEndId>REQ-9</EndToEndId></Refs>"), None)[1]
    assert [line.amount for line in told.lines] == [346680, -2000] and {"REQ-8", "REQ-9"} <= set(told.lines[0].references)


@pytest.mark.parametrize("part, code", [
    ("6681", "statement-balance-broken"), ("-6680", "statement-unreadable"), ("6680.5", "statement-amount-fractional"),
])  # fmt: skip
def test_a_batch_that_does_not_add_up_to_its_entry_is_refused(part: str, code: str) -> None:
    assert refusal(a_batch(PAID.format(8, 340000), PAID.format(9, part))) == code


def test_a_csv_with_its_newest_row_first_is_the_same_statement() -> None:
    head, *rows = CSV.splitlines(keepends=True)
    assert read(b"".join([head, *rows[::-1]]), "bank-demo-1") == read(CSV, "bank-demo-1")


@pytest.mark.parametrize("letters, amount", [("C", 5), ("RD", 5), ("D", -5), ("RC", -5)])
def test_a_reversal_in_mt940_goes_the_other_way(letters: str, amount: int) -> None:
    text = f":20:S\n:25:1270100000002\n:28C:1/1\n:60F:C260212IDR100,\n:61:260212{letters}5,NTRFX\n:62F:C260212IDR{100 + amount},\n-\n"
    assert [line.amount for line in read(text.encode(), None)[1].lines] == [amount]


def test_an_overdrawn_account_has_a_balance_below_zero() -> None:
    text = b":20:S\n:25:1270100000002\n:28C:1/1\n:60F:D260212IDR100,\n:61:260212C5,NTRFX\n:62F:D260212IDR95,\n-\n"
    assert read(text, None)[1].opening == -100


@pytest.mark.parametrize("bomb", [BOMB, OUTSIDE, BOMB.replace(b"<!ENTITY", b"<!ELEMENT x ANY><!ENTITY")])
def test_xml_with_a_dtd_or_entities_is_not_read(bomb: bytes) -> None:
    assert refusal(bomb) == "statement-has-entities"


@pytest.mark.parametrize("content, mapping, code", [
    (CAMT.replace(b">345680.00", b">345681.00"), None, "statement-balance-broken"),
    (MT940.replace(b"IDR345680", b"IDR345681"), None, "statement-balance-broken"),
    (CSV.replace(b"345.680,00", b"345.681,00"), "bank-demo-1", "statement-balance-broken"),
    (CAMT.replace(b'Ccy="IDR"', b'Ccy="USD"'), None, "statement-currency-unknown"),
    (MT940.replace(b"IDR", b"USD"), None, "statement-currency-unknown"),
    (CSV.replace(b"IDR", b"USD"), "bank-demo-1", "statement-currency-unknown"),
    (CAMT.replace(b'<Amt Ccy="IDR">2000.00', b'<Amt Ccy="EUR">2000.00'), None, "statement-currency-unknown"),
    (CAMT.replace(b">2000.00", b">2000.50"), None, "statement-amount-fractional"),
    (MT940.replace(b"D2000,00", b"D2000,50"), None, "statement-amount-fractional"),
    (CSV.replace(b"2.000,00", b"2.000,50"), "bank-demo-1", "statement-amount-fractional"),
    (CAMT.replace(b">2000.00", b">-2000.00"), None, "statement-unreadable"),
    (CAMT.replace(b">2000.00", b">NaN"), None, "statement-unreadable"),
    (CAMT.replace(b">2000.00", b">1e30"), None, "statement-unreadable"),
    (CAMT.replace(b"DBIT", b"SIDE"), None, "statement-unreadable"),
    (CAMT.replace(b"CLBD", b"CLAV"), None, "statement-unreadable"),
    (CAMT[:-40], None, "statement-unreadable"),
    (CAMT.replace(b"BkToCstmrStmt", b"BkToCstmrAcctRpt"), None, "statement-unreadable"),
    (CAMT.replace(b"    </Stmt>", b"    </Stmt><Stmt><Id>44</Id></Stmt>"), None, "statement-not-one"),
    (MT940 + MT940, None, "statement-not-one"),
    (CSV.replace(b"1270100000002;IDR;12/02/2026;12/02/2026;ADM", b"1270100000001;IDR;12/02/2026;12/02/2026;ADM"), "bank-demo-1", "statement-not-one"),
    (CSV, "bank-nowhere", "statement-mapping-unknown"),
    (CSV, None, "statement-unreadable"),
    (CSV.splitlines()[0], "bank-demo-1", "statement-unreadable"),
    (CSV.replace(b"Saldo", b"Sisa"), "bank-demo-1", "statement-unreadable"),
    (CAMT.replace(b"<ValDt><Dt>2026-02-12", b"<ValDt><Dt>2026-04-12"), None, "statement-dates-wrong"),
    (CAMT.replace(b"2026-02-12", b"1026-02-12"), None, "statement-dates-wrong"),
    (b"", None, "statement-unreadable"),
    (b"%PDF-1.7", None, "statement-unreadable"),
    (b"<html><body>Internet banking</body></html>", None, "statement-unreadable"),
    (b":20:", None, "statement-unreadable"),
])  # fmt: skip
def test_what_is_no_believable_statement_is_refused_by_name(content: bytes, mapping: str | None, code: str) -> None:
    assert refusal(content, mapping) == code


@pytest.mark.parametrize("form", EACH)
@given(st.data())
def test_no_file_however_broken_is_more_than_a_refusal(form: str, data: st.DataObject) -> None:
    content, mapping = EACH[form]
    start, cut = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 200))
    junk = data.draw(
        st.binary(max_size=20) | st.sampled_from([b"\0", b"\xff\xfe", b":61:", b"<Ntry>", b"&lt;", b";;", b'"', b"999999999999999999"])
    )
    try:
        _, found = read(content[:start] + junk + content[start + cut :], mapping)
    except StatementWrong:
        return
    assert found.opening + sum(line.amount for line in found.lines) == found.closing
    assert all(key.isprintable() for line in found.lines for key in (*line.references, line.narrative, line.kind))


@given(st.integers(-MOST + 1, MOST - 1))
def test_whole_rupiah_are_whole_with_or_without_decimals(amount: int) -> None:
    assert rupiah(f"{amount}") == rupiah(f"{amount}.") == rupiah(f"{amount}.00") == amount


@given(st.lists(st.text(max_size=100), max_size=60), st.text(max_size=300))
def test_references_are_few_short_and_each_once(named: list[str], narrative: str) -> None:
    found = references(named, narrative)
    assert len(found) == len(set(found)) <= 40
    assert all(0 < len(one) <= 160 and one.isprintable() and " " not in one for one in found)


def test_an_account_of_somebody_else_and_days_to_come_are_refused() -> None:
    with pytest.raises(StatementWrong, match="statement-account-unknown"):
        account_numbered("9999999999999", DAY)
    with pytest.raises(StatementWrong, match="statement-account-unknown"):
        account_numbered("1270100000002", date(2019, 12, 31))
    with pytest.raises(StatementWrong, match="statement-dates-wrong"):
        must_be_past(read(CAMT, None)[1], date(2026, 2, 11))


@pytest.mark.parametrize("day, first, last", [
    (date(2026, 2, 12), date(2026, 2, 11), date(2026, 2, 13)),  # Thursday
    (date(2026, 2, 13), date(2026, 2, 12), date(2026, 2, 18)),  # Friday before joint leave and Chinese New Year
    (date(2026, 2, 14), date(2026, 2, 13), date(2026, 2, 18)),  # Saturday
    (date(2026, 2, 18), date(2026, 2, 13), date(2026, 2, 19)),
])  # fmt: skip
def test_a_value_date_may_be_one_banking_day_off(day: date, first: date, last: date) -> None:
    assert window(day) == (first, last)


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_refusal_has_its_words(language: str) -> None:
    said = yaml.safe_load((files("finance_sts") / "messages" / f"{language}.yaml").read_text())["problems"]
    source = "\n".join(file.read_text() for file in Path(str(files("finance_sts"))).rglob("*.py"))
    codes = {part.split('"')[0] for part in source.split('StatementWrong("')[1:]}
    assert len(codes) >= 9 and codes <= set(said)


def test_a_line_is_what_it_says() -> None:
    assert read(CSV, "bank-demo-1")[1].lines[1] == Line(DAY, DAY, -2000, ("B-77002",), "Biaya administrasi", "ADM")
