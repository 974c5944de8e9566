"""A family card and a child card are asked for in the filing, and told to whoever makes them when the certificate is issued."""

from typing import Any


def test_cards_asked_for_in_the_filing_are_told_once_the_certificate_is_issued(desk: Any, told: Any) -> None:
    ident = desk.brought_to("registration", bundle=["family_card", "child_card"])
    assert desk.show(ident)["bundle"] == ["child_card", "family_card"]
    assert told("civil-registry.bundle.requested.v1") == []
    assert desk.step(ident, "signature").status_code == 200
    (event,) = told("civil-registry.bundle.requested.v1")
    data = dict(event["data"])
    assert data.pop("at")
    assert data == {"registration_id": ident, "kelurahan_code": "12.71.01.1001", "cards": ["child_card", "family_card"]}
    number = desk.show(ident)["record_no"]
    assert desk.sign_act(number, desk.copy(number).json["id"]).status_code == 200
    assert len(told("civil-registry.bundle.requested.v1")) == 1


def test_nothing_is_told_of_cards_nobody_asked_for(desk: Any, told: Any) -> None:
    ident = desk.filed(bundle=["family_card"])
    assert desk.change(ident, {"kelurahan_code": "12.71.01.1002"}).json["bundle"] == ["family_card"]
    assert desk.change(ident, {"bundle": []}).json["bundle"] == []
    for step in ("submission", "verification", "registration", "signature"):
        assert desk.step(ident, step).status_code == 200
    assert told("civil-registry.bundle.requested.v1") == []


def test_a_card_that_is_none_is_refused(desk: Any, birth: Any) -> None:
    answer = desk.post(birth(bundle=["driving_licence"]))
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"bundle"})
