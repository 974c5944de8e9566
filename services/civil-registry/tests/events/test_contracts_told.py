"""Every event the registry tells has a contract, an example, and nobody in it."""

from typing import Any

import pytest

from civil_registry.events import TELLS
from civil_registry.model import facts
from smartcity.events import catalogue

OURS = {name: terms for name, terms in catalogue.all_contracts().items() if terms.service == "civil-registry"}
PERSONAL = ("name", "nik", "kk", "address", "phone", "email", "sub", "owner_sub", "born_on", "reasons", "family_card_no", "child", "mother")


def test_the_contracts_of_the_first_day_are_there() -> None:
    assert {"civil-registry.birth.registered.v1", "civil-registry.certificate.issued.v1"} <= set(OURS)


@pytest.mark.parametrize("terms", OURS.values(), ids=OURS)
def test_the_example_fits_its_contract_and_every_property_is_described(terms: Any) -> None:
    terms.check(terms.example)
    assert terms.schema["additionalProperties"] is False
    assert all(row.get("description") for row in terms.schema["properties"].values())


@pytest.mark.parametrize("terms", OURS.values(), ids=OURS)
def test_a_public_event_names_nobody(terms: Any) -> None:
    assert (terms.audience, terms.classification, terms.personal) == ("public", "public", ())
    assert not set(terms.schema["properties"]) & set(PERSONAL)


def test_every_noted_fact_is_told() -> None:
    noted = {kind for kind in vars(facts).values() if isinstance(kind, type) and kind.__module__ == facts.__name__}
    assert set(TELLS) == noted


def test_facts_of_one_birth_come_in_the_order_they_happened(desk: Any, told: Any) -> None:
    ident = desk.brought_to("verification", child={"born_on": "2025-06-01"})
    for step in ("late-decision", "registration", "signature"):
        desk.step(ident, step)
    about = [event for event in told() if event["subject"] == ident]
    assert [event["type"].rpartition("civil-registry.birth.")[2] for event in about] == ["submitted.v1", "late_decided.v1", "registered.v1"]
    assert [event["sequence"] for event in about] == ["1", "2", "3"]
    (issued,) = told("civil-registry.certificate.issued.v1")
    assert issued["subject"] == issued["data"]["certificate_id"] == desk.show(ident)["certificate_id"]
    assert issued["data"]["certificate_no"] == desk.show(ident)["record_no"]
