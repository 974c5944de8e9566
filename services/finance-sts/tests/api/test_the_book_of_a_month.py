"""Buku Penerimaan dan Penyetoran and the monthly report: right to the rupiah, in every form, signed by the 10th."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from finance_sts.use_cases import monthly_reports
from smartcity import due

BOOK = "/v1/reports/finance-sts/receipts-and-deposits"
REPORTS = "/v1/reports/finance-sts/accountability"
PBG, HEALTH = "4.1.02.03.01.0001", "4.1.02.01.01.0001"


class Month:
    """February at the counter, and the first of March."""

    def __init__(self, treasury: Any, clock: Any, session: Session, run_due: Any) -> None:
        self.treasury, self.client, self.clock, self.session, self.run_due = treasury, treasury.client, clock, session, run_due

    def on(self, day: date) -> None:
        self.clock.set(datetime(day.year, day.month, day.day, 3, tzinfo=UTC))

    def receive(self, *amounts: int) -> None:
        for amount in amounts:
            heads = [(PBG, amount - amount // 4), (HEALTH, amount // 4)]
            application = self.treasury.assess(amount, heads=[head for head in heads if head[1]])
            assert self.treasury.counter(self.treasury.bills(application)[0]).status_code == 201

    def deposit(self, day: date) -> dict[str, Any]:
        who = {**self.treasury.treasurer(), **self.treasury.key()}
        slip = self.client.post("/v1/deposit-slips", json={"day": day.isoformat()}, headers=who).json
        done = self.treasury.act(f"/v1/deposit-slips/{slip['id']}/deposit", self.treasury.treasurer(), {"bank_reference": "SETOR"})
        return dict(done.json)

    def close(self, day: date) -> None:
        who = {**self.treasury.as_("ppk", "cashbook-closer", office="DPMPTSP"), **self.treasury.key()}
        assert self.client.post(f"/v1/days/{day}/closing", headers=who).status_code == 200
        assert "failed" not in self.run_due()

    def book(self, month: str = "2026-02", form: str = "", **query: Any) -> Any:
        return self.client.get(f"{BOOK}{form}", query_string={"month": month, **query}, headers=self.treasury.treasurer())

    def report(self) -> dict[str, Any]:
        """Due work of the first of March; January's, which nobody made in its night, is signed at once."""
        self.clock.set(datetime(2026, 2, 28, 18, 5, tzinfo=UTC))
        due.schedule(self.session, monthly_reports.MAKE, "all", datetime(2026, 2, 28, 18, tzinfo=UTC))
        self.session.commit()
        assert "failed" not in self.run_due()
        found, before = self.client.get(REPORTS, headers=self.treasury.treasurer()).json["items"]
        assert (found["month"], self.sign(before).json["status"]) == ("2026-02-01", "signed")
        return dict(found)

    def sign(self, report: dict[str, Any], who: dict[str, str] | None = None) -> Any:
        who = who or self.treasury.treasurer()
        path = f"{REPORTS}/{report['id']}"
        etag = self.client.get(path, headers=who).headers.get("ETag", "")
        return self.client.post(f"{path}/signature", headers={**who, "If-Match": etag})


JANUARY, FIRST, SECOND = date(2026, 1, 31), date(2026, 2, 12), date(2026, 2, 13)


@pytest.fixture
def month(treasury: Any, clock: Any, session: Session, run_due: Any) -> Month:
    """January leaves 40 in hand; February receives 100 and 200, deposits January's and the first day's."""
    made = Month(treasury, clock, session, run_due)
    made.on(JANUARY)
    made.receive(40)
    made.on(FIRST)
    made.deposit(JANUARY)
    made.receive(100)
    made.deposit(FIRST)
    made.close(JANUARY)
    made.close(FIRST)
    made.on(SECOND)
    made.receive(200)
    return made


def test_every_receipt_and_deposit_stands_in_its_order_with_what_is_in_hand(month: Month) -> None:
    rows = month.book().json["items"]
    assert [(row["received"], row["deposited"], row["balance"]) for row in rows] == [(0, 40, 0), (100, 0, 100), (0, 100, 0), (200, 0, 200)]
    assert [row["way"] for row in rows] == ["deposit", "counter_cash", "deposit", "counter_cash"]
    assert rows[0]["evidence_no"] == "STS/DPMPTSP/2026/000001" and rows[1]["evidence_no"].startswith("SSRD/DPMPTSP/2026/")
    assert [(line["account_code"], line["amount"]) for line in rows[1]["lines"]] == [(PBG, 75), (HEALTH, 25)]
    assert month.book("2026-01").json["items"][0]["balance"] == 40
    assert month.book("2026-03").json["items"] == []


def test_a_page_goes_on_with_what_was_in_hand(month: Month) -> None:
    balances, cursor = [], {}
    while cursor is not None:
        found = month.book(limit=1, **cursor).json
        balances += [row["balance"] for row in found["items"]]
        cursor = {"cursor": found["next"]} if found["next"] else None
    assert balances == [0, 100, 0, 200]


def test_csv_and_xlsx_hold_the_same_with_opening_and_sums(month: Month) -> None:
    with month.book(form=".csv") as answer:
        assert answer.content_type == "text/csv; charset=utf-8" and "bpp-DPMPTSP-2026-02.csv" in answer.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert (rows[0]["description"], rows[0]["balance"]) == ("Saldo awal", "40")
    assert (rows[-1]["received"], rows[-1]["deposited"], rows[-1]["balance"]) == ("300", "140", "200")
    assert sum(int(row["received"] or 0) for row in rows[1:-1]) == 300
    with month.book(form=".xlsx") as answer:
        page = load_workbook(io.BytesIO(answer.get_data())).active
    cells = list(page.values)
    assert cells[0][-1] == "Sisa" and cells[-1][-3:] == (300, 140, 200) and len(cells) == len(rows) + 1


def test_a_month_that_was_missed_while_nothing_ran_is_made_too(month: Month, run_due: Any) -> None:
    due.schedule(month.session, monthly_reports.MAKE, "all", datetime(2026, 2, 28, 18, tzinfo=UTC))
    month.session.commit()
    month.clock.set(datetime(2026, 5, 3, 3, tzinfo=UTC))
    assert "done" in run_due()
    found = month.client.get(REPORTS, headers=month.treasury.treasurer()).json["items"]
    assert [one["month"] for one in found] == ["2026-02-01", "2026-01-01"]
    run_due()
    assert len(month.client.get(REPORTS, headers=month.treasury.treasurer()).json["items"]) == 2


def test_the_report_is_made_in_the_first_night_and_signed_by_the_treasurer(month: Month) -> None:
    report = month.report()
    figures = [report[name] for name in ("opening", "received", "deposited", "closing")]
    assert (figures, report["due_on"], report["status"]) == ([40, 300, 140, 200], "2026-03-10", "draft")
    for paper in ("document", "book"):
        assert month.client.get(f"{REPORTS}/{report['id']}/{paper}", headers=month.treasury.treasurer()).status_code == 404
    assert month.sign(report, month.treasury.as_("ppk", "cashbook-closer", office="DPMPTSP")).status_code == 403
    signed = month.sign(report)
    assert (signed.status_code, signed.json["status"], signed.json["late"]) == (200, "signed", False)
    assert month.sign(report).json["type"] == "/problems/report-signed"
    told = month.treasury.told("finance-sts.monthly_report.signed.v1")[-1]
    assert (told["data"]["month"], told["data"]["late"]) == ("2026-02-01", False)


def test_report_and_book_are_stored_once_and_can_be_verified(month: Month) -> None:
    report = month.report()
    code = month.sign(report).json["verify_code"]
    for path in (f"{REPORTS}/{report['id']}/document", f"{REPORTS}/{report['id']}/book"):
        first, again = (month.client.get(path, headers=month.treasury.treasurer()).get_data() for _ in range(2))
        assert first.startswith(b"%PDF") and first == again, path
    said = month.client.get(f"/v1/verify/{code}").json
    assert (said["standing"], said["statement"]["received"], said["statement"]["deposited"]) == ("valid", 300, 140)
    with month.client.get(f"{REPORTS}/{report['id']}.xlsx", headers=month.treasury.treasurer()) as answer:
        cells = load_workbook(io.BytesIO(answer.get_data())).active.values
    assert list(cells)[1:3] == [(HEALTH, "Retribusi Pelayanan Kesehatan di Puskesmas", 75), (PBG, ANY, 225)]


def test_a_report_signed_after_the_tenth_is_late_and_rings_until_it_is(month: Month) -> None:
    report = month.report()
    tenth = datetime(2026, 3, 10, 16, tzinfo=UTC)
    assert monthly_reports.unsigned_late(month.session, tenth) == 0
    assert monthly_reports.unsigned_late(month.session, tenth + timedelta(days=1)) == 1
    month.clock.set(tenth + timedelta(days=1))
    assert month.sign(report).json["late"] is True
    month.session.rollback()
    assert monthly_reports.unsigned_late(month.session, tenth + timedelta(days=1)) == 0


def test_another_office_has_neither_the_book_nor_the_report(month: Month) -> None:
    report = month.report()
    stranger = month.treasury.as_("x", "treasurer", office="DISHUB")
    assert month.client.get(BOOK, query_string={"month": "2026-02", "office": "DPMPTSP"}, headers=stranger).status_code == 403
    assert month.client.get(BOOK, query_string={"month": "2026-02"}, headers=stranger).json["items"] == []
    assert month.client.get(REPORTS, headers=stranger).json["items"] == []
    assert month.client.get(f"{REPORTS}/{report['id']}", headers=stranger).status_code == 404
    assert month.client.get(BOOK, query_string={"month": "2026-02"}, headers=month.treasury.as_("budi", "citizen")).status_code == 403
    for query in ({"month": "2026-13"}, {"month": "x"}, {}, {"month": "2026-02", "format": "xlsx"}):
        assert month.client.get(BOOK, query_string=query, headers=month.treasury.treasurer()).status_code == 422, query
    assert month.book(form=".docx").status_code == 404
