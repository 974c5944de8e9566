"""Every event that finance-sts tells has a contract and an example, and nothing personal in it."""

from typing import Any

import pytest

from finance_sts.events import HEARS, TELLS
from finance_sts.model import facts
from smartcity.events import catalogue

OURS = {name: terms for name, terms in catalogue.all_contracts().items() if terms.service == "finance-sts"}
PERSONAL = ("payer", "name", "address", "nik", "phone", "email", "sub", "owner_sub")


@pytest.mark.parametrize("terms", OURS.values(), ids=OURS)
def test_the_example_fits_its_contract(terms: Any) -> None:
    terms.check(terms.example)


@pytest.mark.parametrize("terms", OURS.values(), ids=OURS)
def test_every_property_is_described_nothing_else_may_come_and_nothing_is_personal(terms: Any) -> None:
    assert terms.schema["additionalProperties"] is False
    assert all(row.get("description") for row in terms.schema["properties"].values())
    assert terms.personal == () and not set(terms.schema["properties"]) & set(PERSONAL)


def test_every_noted_fact_is_told_and_every_contract_has_its_fact() -> None:
    noted = {kind for kind in vars(facts).values() if isinstance(kind, type) and kind.__module__ == facts.__name__}
    assert set(TELLS) == noted - {facts.Reference, facts.Receipt, facts.Basis}
    assert len(TELLS) == len(OURS)


def test_what_is_heard_names_us() -> None:
    assert all("finance-sts" in catalogue.contract(name).heard_by for name in HEARS)
