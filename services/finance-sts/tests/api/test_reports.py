"""Reports say what the books say: by account, office, channel, kecamatan, month and day; in three forms; to whom they concern."""

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from openpyxl import load_workbook

PARKING = "4.1.02.01.04.0001"
PBG = "4.1.02.03.01.0001"
REVENUE = "/v1/reports/finance-sts/revenue"
ARREARS = "/v1/reports/finance-sts/arrears"
POSITION = "/v1/reports/finance-sts/daily-position"


@pytest.fixture
def year(treasury: Any, clock: Any) -> Any:
    """On the 20th of May three bills are paid by two channels, one of them is partly given back, and one is not paid."""
    clock.set(datetime(2026, 5, 20, 3, tzinfo=UTC))
    treasury.pay(treasury.a_bill(346680))
    two = treasury.bills(treasury.assess(150000, heads=[(PBG, 100000), (PARKING, 50000)]))[0]
    treasury.counter(two)
    application = treasury.assess(70000)
    bill = treasury.bills(application)[0]
    treasury.pay(bill)
    treasury.assess(20000, application=application, sequence=2)
    treasury.assess(90000)
    return treasury


def items(treasury: Any, by: str) -> dict[str, int]:
    answer = treasury.client.get(f"{REVENUE}?by={by}", headers=treasury.head())
    assert answer.status_code == 200, answer.json
    assert answer.json["total"] == sum(item["revenue"] for item in answer.json["items"])
    return {item["key"]: item["revenue"] for item in answer.json["items"]}


def test_every_report_of_revenue_sums_to_the_credit_of_the_revenue_accounts(year: Any) -> None:
    books = -sum(amount for code, amount in year.balanced().items() if code.startswith("4."))
    assert books == 346680 + 150000 + 20000
    for by in ("account", "office", "channel", "kecamatan", "month", "day"):
        assert sum(items(year, by).values()) == books, by


def test_revenue_stands_by_account_channel_and_kecamatan_and_what_was_given_back_is_off(year: Any) -> None:
    assert items(year, "account") == {PARKING: 50000, PBG: 346680 + 100000 + 20000}
    assert items(year, "channel") == {"counter_cash": 150000, "virtual_account": 346680 + 20000}
    assert items(year, "kecamatan") == {"12.71.07": 346680 + 150000 + 20000}
    (by_channel,) = (
        item for item in year.client.get(f"{REVENUE}?by=channel", headers=year.head()).json["items"] if item["key"] == "virtual_account"
    )
    assert (by_channel["received"], by_channel["given_back"], by_channel["payments"]) == (416680, 50000, 2)


def test_revenue_stands_against_the_target_of_the_year(year: Any) -> None:
    year.pay(year.a_bill(600_000_000))
    told = year.client.get(f"{REVENUE}?by=account", headers=year.head()).json["items"]
    targets = {item["key"]: (item["target"], item["percent_of_target"]) for item in told}
    assert targets == {PBG: (30_000_000_000, "2.00"), PARKING: (None, None)}
    (office,) = year.client.get(f"{REVENUE}?by=office", headers=year.head()).json["items"]
    assert office["target"] == 30_000_000_000
    over_two = year.client.get(f"{REVENUE}?since=2025-12-01&until=2026-05-31", headers=year.head()).json["items"]
    assert {item["target"] for item in over_two} == {None}


def test_what_is_owed_is_told_by_its_age_to_the_last_day_of_each_class(year: Any, clock: Any) -> None:
    due = datetime(2026, 6, 19, 3, tzinfo=UTC)
    last = {"not_due": 0, "to_30_days": 30, "to_90_days": 90, "to_1_year": 365, "to_2_years": 730, "to_3_years": 1095}
    names = [*last, "over_3_years"]
    for age, older in pairwise(names):
        for days, name in ((last[age], age), (last[age] + 1, older)):
            clock.set(due + timedelta(days=days))
            assert ages(year) == {name: 90000}, days


def ages(treasury: Any) -> dict[str, int]:
    answer = treasury.client.get(ARREARS, headers=treasury.head()).json
    return {item["age"]: item["outstanding"] for item in answer["items"]}


def test_the_position_of_a_day_shows_what_is_still_in_hand(year: Any, clock: Any) -> None:
    clock.advance(days=1)
    (office,) = year.client.get(POSITION, headers=year.head()).json["items"]
    assert (office["office"], office["bills_issued"], office["received"], office["in_hand"]) == ("DPMPTSP", 0, 0, 566680)
    assert office["in_hand_since"] == "2026-05-20"
    slip = year.client.post("/v1/deposit-slips", json={"day": office["in_hand_since"]}, headers={**year.treasurer(), **year.key()}).json
    year.act(f"/v1/deposit-slips/{slip['id']}/deposit", year.treasurer(), {"bank_reference": "STS-1"})
    (after,) = year.client.get(f"{POSITION}?day=2026-05-20", headers=year.head()).json["items"]
    assert (after["bills_issued"], after["received"]) == (4, 566680)
    assert (after["deposited"], after["validated"], after["in_hand"], after["in_hand_since"]) == (566680, 0, 0, None)


@pytest.mark.parametrize(("path", "amount"), [(REVENUE, "revenue"), (ARREARS, "outstanding"), (POSITION, "in_hand")])
def test_the_same_figures_come_as_csv_and_as_a_spreadsheet(year: Any, path: str, amount: str) -> None:
    told = year.client.get(path, headers=year.head()).json["items"]
    with year.client.get(f"{path}.csv", headers=year.head()) as as_csv:
        assert as_csv.mimetype == "text/csv" and as_csv.headers["Content-Disposition"].endswith('-2026-05-20.csv"')
        assert [int(row[amount]) for row in csv.DictReader(io.StringIO(as_csv.text))] == [item[amount] for item in told]
    with year.client.get(f"{path}.xlsx", headers=year.head()) as as_xlsx:
        page = load_workbook(io.BytesIO(as_xlsx.data)).active
    (at,) = (cell.column for cell in page[1] if cell.value in {"Pendapatan (Rp)", "Belum dibayar (Rp)", "Masih di tangan (Rp)"})
    assert [page.cell(number, at).value for number in range(2, page.max_row + 1)] == [item[amount] for item in told]


@pytest.mark.parametrize("path", [REVENUE, ARREARS, POSITION])
def test_the_head_of_an_office_reads_its_figures_and_no_other_s(year: Any, hand: Any, path: str) -> None:
    other = hand.issue(hand.prepare(hand.officer("DLH")).json, hand.head(office="DLH")).json
    taken = {"bill_id": other["id"], "amount": 30_000, "channel": "counter_cash", "bank_reference": "DLH-1"}
    who = {**year.as_("bendahara-dlh", "treasurer", office="DLH"), **year.key()}
    assert year.client.post("/v1/payments", json=taken, headers=who).status_code == 201
    amounts = {REVENUE: ("revenue", 516_680, 30_000), ARREARS: ("outstanding", 90_000, 70_000), POSITION: ("in_hand", 566_680, 30_000)}
    name, here, there = amounts[path]
    for office, amount in (("DPMPTSP", here), ("DLH", there)):
        rows = year.client.get(path, headers=hand.head(office=office)).json["items"]
        assert sum(row[name] for row in rows) == amount
        assert {row["office"] for row in rows if "office" in row} <= {office}


def test_an_office_sees_its_own_figures_and_nobody_else_s(year: Any) -> None:
    elsewhere = year.as_("other", "treasurer", office="DISHUB")
    assert year.client.get(REVENUE, headers=elsewhere).json["items"] == []
    assert year.client.get(f"{REVENUE}?office=DPMPTSP", headers=elsewhere).status_code == 403
    assert year.client.get(REVENUE, headers=year.treasurer()).json["total"] == 516680
    assert year.client.get(REVENUE, headers=year.as_("budi", "citizen")).status_code == 403
    assert year.client.get(REVENUE).status_code == 401


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-05-01&until=2026-04-01", "until"),
        ("since=2024-01-01&until=2026-01-01", "until"),
        ("by=payer", "by"),
        ("since=x", "since"),
    ],
)
def test_a_period_out_of_order_or_too_long_is_refused_by_its_field(treasury: Any, query: str, field: str) -> None:
    answer = treasury.client.get(f"{REVENUE}?{query}", headers=treasury.head())
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_totals_are_open_to_everybody_without_a_payer(year: Any) -> None:
    answer = year.client.get("/v1/open-data/finance-sts/revenue.json")
    assert sum(item["revenue"] for item in answer.json["items"]) == 516680
    assert {item["account_code"] for item in answer.json["items"]} == {PBG, PARKING}
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    as_csv = year.client.get("/v1/open-data/finance-sts/revenue.csv")
    assert [int(row["revenue"]) for row in csv.DictReader(io.StringIO(as_csv.text))] == [item["revenue"] for item in answer.json["items"]]
    for said in (answer.text, as_csv.text):
        assert "budi" not in said.lower()


def test_every_published_column_is_described_in_the_standard_of_satu_data(year: Any) -> None:
    (known,) = year.client.get("/v1/open-data/finance-sts").json["items"]
    described = year.client.get(f"/v1/open-data/finance-sts/{known['code']}/metadata").json
    for distribution in described["distributions"]:
        assert year.client.get(distribution["path"]).mimetype == distribution["media_type"]
    published = year.client.get("/v1/open-data/finance-sts/revenue.json").json["items"][0]
    assert {column["name"] for column in described["columns"]} == set(published)
    assert year.client.get("/v1/open-data/finance-sts/nothing/metadata").status_code == 404
