"""Events told twice and in any order, to an office that never opened, or to one that fails: the effect is the same, once."""

import random

import sqlalchemy as sa

from tests.integration.city import City, until

TOTAL, SMALLER = 346680, {"luas_lantai_m2": "36"}
SEED = 20261124


def test_every_event_delivered_twice_and_shuffled_has_its_effect_once(city: City) -> None:
    chance = random.Random(SEED)
    cases = [city.approved_application() for _ in range(3)]
    for name in ("finance-sts-work", "licensing-work"):
        city.stop(name)
    totals = {ident: city.assess(ident) for ident in cases}
    totals[cases[0]] = city.assess(cases[0], **SMALLER)
    assert totals[cases[0]] < TOTAL
    assert city.deliver_twice_and_shuffled("licensing", "finance-sts", cases, chance) == 2 * (len(cases) + 1)
    city.start("finance-sts-work")
    bills = [until(lambda i=ident: billed(city, i, totals[i])) for ident in cases]  # type: ignore[misc]
    for bill in bills:
        assert city.pay(bill).json()["responseCode"] == "2002500"
    until(lambda: city.unsent("finance-sts") == 0)
    assert city.deliver_twice_and_shuffled("finance-sts", "licensing", cases, chance) >= 4 * len(cases)
    city.start("licensing-work")
    for ident in cases:
        city.issued_once(ident, totals[ident])
    assert until(lambda: city.kept("waiting", "licensing") == [])
    assert city.kept("parked", "licensing") == city.kept("parked", "finance-sts") == []


def billed(city: City, ident: str, total: int) -> dict[str, object] | None:
    """The bill in force, once it carries the retribution in force."""
    bill = city.bill_of(ident)
    return bill if bill and bill["total"] == total else None


def test_an_office_that_was_never_open_before_finds_everything(city_before_the_treasury_opens: City) -> None:
    city = city_before_the_treasury_opens
    ident = city.approved_application()
    assert city.assess(ident) == TOTAL
    until(lambda: city.unsent("licensing") == 0)
    assert city.application(ident)["status"] == "awaiting_payment"
    assert city.call("GET", "/v1/bills", "budi").status_code == 503
    city.start("finance-sts")
    city.all_up()
    city.pay(until(lambda: city.bill_of(ident)))
    city.issued_once(ident, TOTAL)


def test_a_failing_handler_waits_is_retried_parks_is_shown_and_succeeds_when_a_person_asks(city: City) -> None:
    ident, bill = city.assessed_bill()
    with city.database("licensing") as session:
        session.execute(sa.text("REVOKE INSERT ON permit FROM CURRENT_USER"))
    assert city.pay(bill).json()["responseCode"] == "2002500"
    (waiting,) = until(lambda: city.kept("waiting", "licensing"))
    assert (waiting["type"], waiting["reason"]) == ("finance-sts.bill.paid.v1", "ProgrammingError")
    for _ in range(6):
        city.suite.command("clock", "+2m")
    (parked,) = until(lambda: city.kept("parked", "licensing") or (city.suite.command("clock", "+2m") and None))
    assert (parked["id"], parked["attempts"]) == (waiting["id"], 8)
    assert city.application(ident)["status"] == "awaiting_payment"
    assert parked["subject"] in city.suite.command("inbox", "show", parked["id"]).stdout
    with city.database("licensing") as session:
        session.execute(sa.text("GRANT INSERT ON permit TO CURRENT_USER"))
    assert city.suite.command("inbox", "retry", parked["id"]).returncode == 0
    city.issued_once(ident, TOTAL)
    assert city.kept("parked", "licensing") == []
