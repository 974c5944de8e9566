"""The dated tables of `data/`: accounts, due rules, collecting offices, partners, merchant, reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from finance_sts.rules.asking_again import QuestionRule
from finance_sts.rules.collection import CollectionRule
from finance_sts.rules.dated import Dated
from finance_sts.rules.deposit_dates import EVERY_OFFICE, DepositRule
from finance_sts.rules.due_dates import DueRule
from finance_sts.rules.interest import InterestRule
from finance_sts.rules.limitation import LimitationRule
from finance_sts.rules.objections import ObjectionRule
from finance_sts.rules.qris import Merchant
from finance_sts.rules.refunds import RefundRule
from finance_sts.rules.requests import RequestRule
from finance_sts.rules.virtual_account import CUSTOMER_DIGITS
from smartcity.errors import InputWrong

Row = TypeVar("Row", bound=Dated)


@dataclass(frozen=True)
class Account:
    """A revenue, asset or liability account. `role` names the few the service itself posts on."""

    code: str
    name: str
    kind: str
    source: str
    role: str | None = None
    valid_to: date | None = None

    def takes_revenue_on(self, day: date) -> bool:
        """May a bill of `day` name it?"""
        return self.kind == "revenue" and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Age:
    """A class of arrears: at most `to` days after the due date, `None` without end."""

    code: str
    to: int | None


@dataclass(frozen=True)
class Partner(Dated):
    """A bank that calls by SNAP. `secret_setting` and `key_setting` name the settings with its client secrets and public keys.

    The settings by which it is asked in its turn begin with `asked_by`; `None` where it cannot be asked.
    """

    id: str
    bank: str
    name: str
    partner_service_id: str
    secret_setting: str
    key_setting: str
    asked_by: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Signatory:
    """A capacity's holder."""

    name: str
    nip: str


@dataclass(frozen=True)
class Signatories:
    """Of an office: Bendahara Penerimaan and Pengguna Anggaran."""

    treasurer: Signatory
    budget_user: Signatory


@dataclass(frozen=True)
class CityAccount:
    """The general account of the city (RKUD)."""

    bank: str
    number: str


@cache
def _read(name: str) -> Any:
    return yaml.safe_load((files("finance_sts") / "data" / f"{name}.yaml").read_text())


def _in_force(rows: Iterable[Row], day: date, what: str) -> Row:
    """The first of them that holds on `day`; raises `LookupError` where none does."""
    found = next((row for row in rows if row.holds_on(day)), None)
    if found is None:
        raise LookupError(f"no {what} holds on {day}")
    return found


def _percent(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"percent_per_month": Decimal(str(row["percent_per_month"]))}


def _valid(name: str, day: date, what: str) -> Any:
    """A table with one pair of dates for all of it; raises `LookupError` where it does not hold on `day`."""
    table = _read(name)
    if not (table["valid_from"] <= day and (table["valid_to"] is None or day <= table["valid_to"])):
        raise LookupError(f"no {what} holds on {day}")
    return table


@cache
def accounts() -> dict[str, Account]:
    """The chart, by code."""
    return {row["code"]: Account(**row) for row in _read("account_codes")["accounts"]}


def account(code: str) -> Account:
    """One account; raises `LookupError` for a code that is not in the chart."""
    try:
        return accounts()[code]
    except KeyError:
        raise LookupError(f"account {code} is not in the chart") from None


def account_of(role: str) -> str:
    """The code of the account with a role: `treasurer_cash`, `treasury_cash`, `refunds_owed`, `interest`, `interest_paid`."""
    return next(one.code for one in accounts().values() if one.role == role)


@cache
def revenue_accounts() -> tuple[str, ...]:
    """The codes of the accounts that are revenue."""
    return tuple(one.code for one in accounts().values() if one.kind == "revenue")


def target(year: int, wanted: dict[str, Any]) -> int | None:
    """What is to be collected in `year` over the rows that fit `wanted` (account_code, office), whole rupiah; `None` where none is fixed."""
    found = [row["amount"] for row in _read("revenue_targets")["targets"] if row["year"] == year and wanted.items() <= row.items()]
    return sum(found) if found else None


def arrears_ages(day: date) -> tuple[Age, ...]:
    """The classes of arrears in force on `day`, the youngest first."""
    table = _valid("arrears_ages", day, "table of ages")
    return tuple(Age(row["code"], row["to"]) for row in table["ages"])


def due_rule(code: str, day: date) -> DueRule:
    """The rule in force on `day`; raises `LookupError` where there is none."""
    found = _due_rule(code, day)
    if found is None:
        raise LookupError(f"no due rule {code} holds on {day}")
    return found


def has_due_rule(code: str, day: date) -> bool:
    """Is there such a rule on `day`?"""
    return _due_rule(code, day) is not None


def _due_rule(code: str, day: date) -> DueRule | None:
    rules = (DueRule(**row) for row in _read("due_rules")["rules"])
    return next((rule for rule in rules if rule.code == code and rule.holds_on(day)), None)


def interest_rule(due_on: date) -> InterestRule:
    """The rule for what was due on `due_on` and is late; raises `LookupError` where there is none."""
    return _in_force((InterestRule(**_percent(row)) for row in _read("interest_rules")["rules"]), due_on, "interest rule")


def collection_rule(due_on: date) -> CollectionRule:
    """How a bill due on `due_on` is collected; raises `LookupError` where no rule holds."""
    return _in_force((CollectionRule(**row) for row in _read("collection_rules")["rules"]), due_on, "collection rule")


def deposit_rule(office: str, day: date) -> DepositRule:
    """Until when what `office` received on `day` is deposited: its own rule or that of every office. Raises `LookupError`."""
    found = [rule for rule in (DepositRule(**row) for row in _read("deposit_rules")["rules"]) if rule.holds_for(office, day)]
    if not found:
        raise LookupError(f"no deposit rule holds for {office} on {day}")
    return min(found, key=lambda rule: rule.office == EVERY_OFFICE)


def signatories(office: str, day: date) -> Signatories:
    """Who answers for the office's money on its papers."""
    table = _valid("signatories", day, "table of signatories")
    rows = {row["office"]: row for row in table["offices"]}
    row = rows.get(office, rows[EVERY_OFFICE])
    return Signatories(Signatory(**row["treasurer"]), Signatory(**row["budget_user"]))


def city_account_on(day: date) -> CityAccount:
    """The city's general account (RKUD)."""
    table = _valid("city_account", day, "account of the city")
    return CityAccount(**table["account"])


def limitation_rule(arose_on: date) -> LimitationRule:
    """The rule in force when a debt arose; raises `LookupError` where there is none."""
    return _in_force((LimitationRule(**row) for row in _read("limitation_rules")["rules"]), arose_on, "limitation rule")


def objection_rule(issued_on: date) -> ObjectionRule:
    """The rule for objections against a bill of `issued_on`; raises `LookupError` where there is none."""
    return _in_force((ObjectionRule(**_percent(row)) for row in _read("objection_rules")["rules"]), issued_on, "objection rule")


def refund_rule(asked_on: date) -> RefundRule:
    """The terms of a refund asked for on that day; raises `LookupError` where no rule holds."""
    return _in_force((RefundRule(**_percent(row)) for row in _read("refund_rules")["rules"]), asked_on, "refund rule")


def request_rule(asked_on: date) -> RequestRule:
    """Until when a request of a payer of that day is answered; raises `LookupError` where no rule holds."""
    return _in_force((RequestRule(**row) for row in _read("request_rules")["rules"]), asked_on, "request rule")


def collecting_office(service: str, kind: str, day: date) -> str:
    """The office whose treasurer collects what `service` charges for; raises `LookupError` where nobody does."""
    table = _valid("collecting_offices", day, "table of collecting offices")
    for row in table["offices"]:
        if (row["service"], row["kind"]) == (service, kind):
            return str(row["office"])
    raise LookupError(f"no office collects {kind} of {service}")


def collects(office: str, day: date) -> bool:
    """Does the office collect retribution that it charges itself?"""
    table = _valid("collecting_offices", day, "table of collecting offices")
    return office in table["own_retribution"]


def bill_notes(day: date) -> list[str]:
    """What a bill of `day` says below its amounts."""
    table = _valid("bill_notes", day, "notes of a bill")
    return list(table["notes"])


@cache
def partners() -> tuple[Partner, ...]:
    """Every bank of the table."""
    return tuple(Partner(**row) for row in _read("partners")["partners"])


def partner_called(name: str, day: date) -> Partner | None:
    """The bank of that partner id (its client key too), if its agreement is in force on `day`."""
    return next((one for one in partners() if one.id == name and one.holds_on(day)), None)


def partner_on(day: date) -> Partner:
    """The bank that carries new virtual accounts on `day`: the first in force."""
    return _in_force(partners(), day, "agreement with a bank")


def carries(partner: str, account: str) -> bool:
    """Is a virtual account of this bank's, by the partner number it begins with? Also one it gave out under an agreement that has ended."""
    return any(one.id == partner and one.partner_service_id == account[:-CUSTOMER_DIGITS] for one in partners())


def acquirer() -> str:
    """The partner that tells of the city's QRIS codes."""
    return str(_read("merchant")["acquirer"])


def merchant_on(day: date) -> Merchant:
    """The city as a QRIS merchant; raises `LookupError` outside the registration's dates."""
    return Merchant(**_valid("merchant", day, "QRIS merchant")["merchant"])


def qris_minutes(day: date) -> int:
    """How long a dynamic code may be shown, in minutes."""
    return int(_valid("merchant", day, "QRIS merchant")["shown_minutes"])


def question_rule(day: date) -> QuestionRule:
    """How a bank is asked about a payment on `day`; raises `LookupError` where no rule holds."""
    return _in_force((QuestionRule(**row) for row in _read("question_rules")["rules"]), day, "question rule")


def reasons(what: str) -> list[str]:
    """The codes that are a reason for `what`."""
    return list(_read("reasons")[what])


def must_be_reason(what: str, code: str) -> str:
    """The code, if it is a reason for `what`; raises `InputWrong`."""
    if code not in reasons(what):
        raise InputWrong({"reason_code": ["reason-unknown"]})
    return code
