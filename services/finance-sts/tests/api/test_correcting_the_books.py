"""A correction is a new entry, by two people, on an open day; the wrong entry stays."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from finance_sts.model.monthly_report import MonthlyReport
from finance_sts.use_cases import monthly_reports, report_papers

PBG, HEALTH = "4.1.02.03.01.0001", "4.1.02.01.01.0001"
CASH = "1.1.01.02.01.0001"
OFFICE = "DPMPTSP"


class Books:
    def __init__(self, treasury: Any, issuer: Any) -> None:
        self.treasury, self.client, self.issuer = treasury, treasury.client, issuer

    def who(
        self, sub: str = "bendahara", role: str = "treasurer", office: str = OFFICE, acting_for: tuple[str, ...] = ()
    ) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.issuer.token(sub, role, office=office, acting_for=list(acting_for))}"}

    def closer(self, **more: Any) -> dict[str, str]:
        return self.who("ppk", "cashbook-closer", **more)

    def entries(self) -> list[dict[str, Any]]:
        return list(self.client.get("/v1/ledger/entries", headers=self.who()).json["items"])

    def propose(self, who: dict[str, str] | None = None, **other: Any) -> Any:
        lines = [{"account_code": PBG, "debit": 100}, {"account_code": HEALTH, "credit": 100}]
        body = {"corrects": self.entries()[-1]["id"], "reason_code": "wrong-account", "lines": lines, **other}
        return self.client.post("/v1/ledger/entries", json=body, headers={**(who or self.who()), **self.treasury.key()})

    def decide(self, correction: str, action: str, who: dict[str, str]) -> Any:
        path = f"/v1/ledger/corrections/{correction}"
        etag = self.client.get(path, headers=who).headers.get("ETag", "")
        return self.client.post(f"{path}/{action}", headers={**who, "If-Match": etag})


@pytest.fixture
def books(treasury: Any, issuer: Any, clock: Any) -> Books:
    clock.set(datetime(2026, 2, 12, 3, tzinfo=UTC))
    assert treasury.pay(treasury.a_bill(100)).status_code == 200
    return Books(treasury, issuer)


def test_what_was_booked_wrongly_is_put_right_by_a_new_entry_and_stays(books: Books, clock: Any) -> None:
    (wrong,) = books.entries()
    proposed = books.propose()
    assert (proposed.status_code, proposed.json["status"]) == (201, "proposed")
    assert books.entries() == [wrong]
    clock.advance(days=1)
    done = books.decide(proposed.json["id"], "approval", books.closer())
    assert (done.status_code, done.json["status"]) == (200, "posted")
    right, still = books.entries()
    assert still == wrong
    assert (right["id"], right["corrects"], right["day"]) == (done.json["entry_id"], wrong["id"], "2026-02-13")
    balances = books.treasury.balanced()
    assert (balances.get(PBG), balances[HEALTH]) == (0, -100)
    listed = books.client.get("/v1/ledger/corrections", headers=books.who()).json["items"]
    assert [one["status"] for one in listed] == ["posted"]


def test_who_proposes_does_not_approve_nor_does_their_deputy(books: Books) -> None:
    ident = books.propose().json["id"]
    for who in (books.who(), books.closer(acting_for=("bendahara",))):
        for action in ("approval", "rejection"):
            assert books.decide(ident, action, who).json["type"] == "/problems/same-person-twice"
    assert books.decide(ident, "rejection", books.closer()).json["status"] == "rejected"
    assert books.decide(ident, "approval", books.closer()).json["type"] == "/problems/correction-decided"
    assert len(books.entries()) == 1


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"lines": [{"account_code": PBG, "debit": 100}, {"account_code": HEALTH, "credit": 99}]}, "lines"),
        ({"lines": [{"account_code": PBG, "debit": 100}, {"account_code": CASH, "credit": 100}]}, "lines"),
        ({"lines": [{"account_code": PBG, "debit": 100}, {"account_code": "9.9", "credit": 100}]}, "lines"),
        ({"lines": [{"account_code": PBG, "debit": 100, "credit": 100}, {"account_code": HEALTH}]}, "lines"),
        ({"lines": [{"account_code": PBG, "debit": 100}]}, "lines"),
        ({"reason_code": "unheard-of"}, "reason_code"),
        ({"corrects": "0197a7e2-0a11-7e60-9d44-0d5e8f7a3304"}, "corrects"),
    ],
)
def test_what_does_not_balance_or_touches_cash_or_corrects_nothing_is_refused(books: Books, other: dict[str, Any], field: str) -> None:
    answer = books.propose(**other)
    assert answer.status_code == 422 and list(answer.json["errors"]) == [field]


def test_an_entry_of_another_office_is_not_corrected_nor_seen(books: Books) -> None:
    stranger = books.who("x", office="DISHUB")
    assert books.propose(stranger).status_code == 422
    ident = books.propose().json["id"]
    assert books.client.get(f"/v1/ledger/corrections/{ident}", headers=stranger).status_code == 404
    assert books.decide(ident, "approval", books.who("x", "cashbook-closer", office="DISHUB")).status_code == 404


def test_deciding_asks_for_what_was_read_and_proposing_for_a_key(books: Books) -> None:
    ident = books.propose().json["id"]
    path = f"/v1/ledger/corrections/{ident}/approval"
    assert books.client.post(path, headers=books.closer()).status_code == 428
    assert books.client.post(path, headers={**books.closer(), "If-Match": '"99"'}).status_code == 412
    assert books.client.post("/v1/ledger/entries", json={}, headers=books.who()).status_code == 400
    assert (
        books.client.post("/v1/ledger/entries", json={}, headers={**books.who("o", "officer"), **books.treasury.key()}).status_code == 403
    )


def test_revenue_shows_a_correction_as_one_and_not_as_a_payment_or_money_given_back(books: Books, clock: Any, run_due: Any) -> None:
    books.decide(books.propose().json["id"], "approval", books.closer())
    answer = books.client.get("/v1/reports/finance-sts/revenue?by=account", headers=books.treasury.head()).json
    figures = ("payments", "received", "given_back", "corrected", "revenue")
    assert {row["key"]: [row[name] for name in figures] for row in answer["items"]} == {
        PBG: [1, 100, 0, -100, 0],
        HEALTH: [0, 0, 0, 100, 100],
    }
    public = books.client.get("/v1/open-data/finance-sts/revenue.json").json["items"]
    assert {row["account_code"]: (row["payments"], row["revenue"]) for row in public} == {PBG: (1, 0), HEALTH: (0, 100)}


def test_the_month_s_report_shows_what_was_corrected_beside_what_came_in(books: Books, clock: Any, run_due: Any, session: Any) -> None:
    books.decide(books.propose().json["id"], "approval", books.closer())
    clock.set(datetime(2026, 3, 1, 3, tzinfo=UTC))
    with books.client.application.database.transaction() as making:
        monthly_reports.make_reports(making, "all", datetime(2026, 3, 1, 3, tzinfo=UTC))
    report = session.scalars(sa.select(MonthlyReport)).one()
    assert (monthly_reports.by_account(session, report), report.received) == ([(PBG, 100)], 100)
    assert monthly_reports.corrected(session, report) == [(HEALTH, 100), (PBG, -100)]
    said = report_papers.report_content(session, report.id)
    assert [row[::2] for row in said["corrections"]] == [[HEALTH, "Rp100"], [PBG, "-Rp100"]]
    rows = list(monthly_reports.sheet(session, report).rows)
    assert [row[2] for row in rows if str(row[1]).startswith("Koreksi: ")] == [100, -100]
