"""The holder says when the works begin; asked twice and never told, the permit lapses (PP 16/2021 Pasal 263)."""

from datetime import UTC, datetime
from typing import Any

import pytest

PAID = "finance-sts.bill.paid.v1"
ASKED, EXPIRED = "licensing.permit.works_asked.v1", "licensing.permit.expired.v1"


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 3, tzinfo=UTC)


@pytest.fixture
def house(desk: Any, hear: Any, paid: Any, clock: Any) -> dict[str, Any]:
    """A building permit of budi's, issued on 24 November 2026."""
    clock.set(at(2026, 11, 24))
    ident = desk.brought_to("assessment")
    hear(PAID, paid(ident))
    return permit(desk, desk.show(ident)["permit_id"])


def permit(desk: Any, ident: str, who: str = "budi") -> dict[str, Any]:
    return dict(desk.client.get(f"/v1/permits/{ident}", headers=desk.citizen(who)).json)


def notice(desk: Any, house: dict[str, Any], starts_on: str, who: str = "budi") -> Any:
    path = f"/v1/permits/{house['id']}"
    etag = desk.client.get(path, headers=desk.citizen()).headers["ETag"]
    return desk.client.post(f"{path}/works-notice", json={"starts_on": starts_on}, headers={**desk.citizen(who), "If-Match": etag})


def test_asked_twice_and_never_told_the_permit_lapses(desk: Any, house: dict[str, Any], clock: Any, run_due: Any, told: Any) -> None:
    assert (house["works"]["lapses_on"], house["works"]["asked"], house["valid_until"]) == ("2027-05-24", 0, None)
    for month, day, asked in ((2, 24, 0), (2, 25, 1), (4, 24, 1), (4, 25, 2), (5, 24, 2)):
        clock.set(at(2027, month, day))
        run_due()
        assert permit(desk, house["id"])["works"]["asked"] == asked
    assert [event["data"]["turn"] for event in told(ASKED)] == [1, 2]
    assert permit(desk, house["id"])["status"] == "active"
    clock.set(at(2027, 5, 25))
    run_due()
    lapsed = permit(desk, house["id"])
    assert (lapsed["status"], lapsed["valid_until"]) == ("expired", "2027-05-24")
    assert desk.client.get(f"/v1/verify/{house['verify_code']}").json["standing"] == "expired"
    assert len(told(EXPIRED)) == 1
    assert notice(desk, house, "2027-06-01").json["type"] == "/problems/permit-not-in-force"


def test_told_in_time_nobody_is_asked_and_the_permit_stands(desk: Any, house: dict[str, Any], clock: Any, run_due: Any, told: Any) -> None:
    clock.set(at(2027, 1, 5))
    assert notice(desk, house, "2027-01-11").json["works"]["starts_on"] == "2027-01-11"
    assert notice(desk, house, "2027-01-18").json["works"]["starts_on"] == "2027-01-18"
    clock.set(at(2028, 1, 5))
    run_due()
    assert told(ASKED) == [] and permit(desk, house["id"])["status"] == "active"
    begun = notice(desk, house, "2028-02-01")
    assert (begun.status_code, begun.json["type"]) == (409, "/problems/works-begun-already")


def test_the_works_begin_with_the_day_in_medan(desk: Any, house: dict[str, Any], clock: Any) -> None:
    assert notice(desk, house, "2027-01-11").status_code == 200
    clock.set(datetime(2027, 1, 10, 18, tzinfo=UTC))  # one in the morning of the 11th, in Medan
    assert notice(desk, house, "2027-02-01").json["type"] == "/problems/works-begun-already"


def test_only_the_holder_tells_and_no_day_before_the_issue(desk: Any, house: dict[str, Any]) -> None:
    assert notice(desk, house, "2027-01-11", who="siti").status_code == 404
    early = notice(desk, house, "2026-11-23")
    assert (early.status_code, set(early.json["errors"])) == (422, {"starts_on"})


def test_a_permit_of_another_kind_asks_for_no_notice(desk: Any, a_shop: Any) -> None:
    shop = a_shop()
    assert shop["works"] is None
    assert notice(desk, shop, "2027-01-11").json["type"] == "/problems/works-not-watched"
