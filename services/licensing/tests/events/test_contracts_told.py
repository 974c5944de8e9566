"""Every event that licensing tells has a contract, an example, and nothing personal where it must not be."""

from typing import Any

import pytest

from licensing.events import HEARS, TELLS
from licensing.model import facts
from smartcity.events import catalogue

OURS = {name: terms for name, terms in catalogue.all_contracts().items() if terms.service == "licensing"}
PERSONAL = ("name", "address", "nik", "phone", "email", "sub", "owner_sub", "reason", "minutes")


@pytest.mark.parametrize("terms", OURS.values(), ids=OURS)
def test_the_example_fits_its_contract(terms: Any) -> None:
    terms.check(terms.example)


@pytest.mark.parametrize("terms", OURS.values(), ids=OURS)
def test_every_property_is_described_and_nothing_else_may_come(terms: Any) -> None:
    assert terms.schema["additionalProperties"] is False
    assert all(row.get("description") for row in terms.schema["properties"].values())


@pytest.mark.parametrize("terms", [terms for terms in OURS.values() if terms.audience == "public"], ids=lambda terms: terms.name)
def test_a_public_event_has_nothing_personal(terms: Any) -> None:
    assert terms.personal == ()
    assert not set(terms.schema["properties"]) & set(PERSONAL)


def test_every_noted_fact_is_told() -> None:
    noted = {kind for kind in vars(facts).values() if isinstance(kind, type) and kind.__module__ == facts.__name__}
    assert set(TELLS) == noted - {facts.Debt}


def test_what_is_heard_names_us() -> None:
    assert all("licensing" in catalogue.contract(name).heard_by for name in HEARS)
