"""The city's bank accounts and how each bank's CSV is read: `data/bank_accounts.yaml`, `data/bank_csv_mappings.yaml`."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from finance_sts.rules.dated import Dated
from finance_sts.rules.statement import StatementWrong


@dataclass(frozen=True)
class BankAccount(Dated):
    """An account of the city. `holds`: `city` (the RKUD) or `receipts` (of `office`, through `bank`)."""

    number: str
    bank: str
    name: str
    holds: str
    office: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class CsvMapping:
    """How one bank's CSV is read: the names of its columns, its marks and its dates."""

    code: str
    bank: str
    encoding: str
    delimiter: str
    thousands: str
    decimal: str
    dates: str
    account: str
    currency: str
    value_date: str
    booking_date: str
    credit: str
    debit: str
    balance: str
    references: list[str]
    narrative: str
    kind: str

    @property
    def columns(self) -> set[str]:
        """Every column that must be there."""
        one_each = {self.account, self.currency, self.value_date, self.booking_date, self.credit, self.debit, self.balance}
        return one_each | {*self.references, self.narrative, self.kind}


@cache
def _read(name: str, rows: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((files("finance_sts") / "data" / f"{name}.yaml").read_text())[rows]
    return found


def accounts_on(day: date) -> list[BankAccount]:
    """The city's accounts on `day`."""
    return [one for one in (BankAccount(**row) for row in _read("bank_accounts", "accounts")) if one.holds_on(day)]


def account_numbered(number: str, day: date) -> BankAccount:
    """The city's account of that number; raises `StatementWrong("statement-account-unknown")` for anybody else's."""
    found = next((one for one in accounts_on(day) if one.number == number), None)
    if found is None:
        raise StatementWrong("statement-account-unknown")
    return found


def accounts_of(office: str, day: date) -> list[str]:
    """Numbers of the accounts on which money of `office` may stand on `day`: its own, and the RKUD."""
    return [one.number for one in accounts_on(day) if one.holds == "city" or one.office == office]


def receives_at(office: str, bank: str, day: date) -> bool:
    """Has `office` a receiving account at `bank` on `day`?"""
    return any((one.office, one.bank, one.holds) == (office, bank, "receipts") for one in accounts_on(day))


def csv_mapping(code: str) -> CsvMapping:
    """A declared mapping; raises `StatementWrong("statement-mapping-unknown")`."""
    found = next((row for row in _read("bank_csv_mappings", "mappings") if row["code"] == code), None)
    if found is None:
        raise StatementWrong("statement-mapping-unknown")
    return CsvMapping(**found)
