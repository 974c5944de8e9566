"""The scope of a breach: what did this account see between two moments?"""

from typing import Any

import pytest

PLACE = "/v1/reports/civil-registry/accesses"
DAY = {"since": "2026-02-12T00:00:00Z", "until": "2026-02-13T00:00:00Z"}


def asked(desk: Any, place: str = PLACE, role: str = "auditor", **other: str) -> Any:
    query = {"account": "dewi", "purpose": "supervision", **DAY, **other}
    return desk.client.get(place, query_string=query, headers=desk.as_("rina", role))


def test_whose_data_an_account_saw_in_a_span(desk: Any, clock: Any) -> None:
    first = desk.brought_to("submission")
    desk.look(first, desk.staff("verification"))
    desk.look(first, desk.staff("verification"))
    desk.look(first, desk.staff("registration"), "registration")
    clock.advance(days=1)
    desk.look(first, desk.staff("verification"))
    looks = asked(desk).json["items"]
    assert [(look["person"], look["record_kind"], look["record_id"]) for look in looks] == [("budi", "birth_registration", first)] * 2
    scope = asked(desk, f"{PLACE}/scope", role="admin").json
    assert (scope["looks"], scope["people"]) == (2, 1)
    assert [(kind["record_kind"], kind["looks"], kind["records"]) for kind in scope["by_kind"]] == [("birth_registration", 2, 1)]
    assert asked(desk, f"{PLACE}/scope", account="nobody").json["looks"] == 0
    assert asked(desk, f"{PLACE}/scope", since=DAY["until"], until="2026-02-14T00:00:00Z").json["looks"] == 1


def test_the_account_sees_that_it_was_asked_about(desk: Any) -> None:
    assert asked(desk).status_code == 200
    (row,) = desk.client.get("/v1/me/data-access", headers=desk.staff("verification")).json["items"]
    assert (row["record_kind"], row["purpose"]) == ("access_log", "supervision")


def test_who_asks_says_why_and_within_which_span(desk: Any) -> None:
    assert set(asked(desk, purpose="curiosity").json["errors"]) == {"purpose"}
    assert set(asked(desk, until=DAY["since"]).json["errors"]) == {"until"}
    assert set(asked(desk, since="yesterday").json["errors"]) == {"since"}


@pytest.mark.parametrize("role", ["officer", "registrar", "signer", "head", "citizen", "agency"])
def test_nobody_else_asks(desk: Any, role: str) -> None:
    assert asked(desk, role=role).status_code == 403
