"""`smartcity demo`: the story of a paid retribution, told while it happens, with real HTTP through the gateway."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from smartcity import clock
from smartcity.events.event_log import LoggedEvent
from smartcity.money import format_rupiah
from smartcity_local import permit_story as story
from smartcity_local.city import City
from smartcity_local.inside import session_of, with_database
from smartcity_local.place import Place

Say = Callable[[str, str], None]
"""Told who acts (empty for a machine), and what came of it."""


def play(place: Place, say: Say) -> list[Path]:
    """Play the whole story; answers the papers that were got. Raises `CannotGoOn` where a step does not come about."""
    clock.configure(place.clock_file)
    began, city = clock.now(), City(place)
    try:
        ident = _until_the_bill(city, say)
        bill = story.bill_of(city, "budi", ident)
        say("", f"E-STS has heard it: bill {bill['number']}, due {bill['due_on']}, virtual account {bill['virtual_account_no']}")
        codes = [answer["responseCode"] for answer in story.pay_at_the_bank(city, bill, repeat=2)]
        say("bank", f"paid {format_rupiah(bill['total'])}, told twice as banks do: {', '.join(codes)}; credited once")
        application = story.issued(city, "budi", ident)
        permit = city.get("budi", f"/v1/permits/{application['permit_id']}")
        say("", f"licensing has heard it: permit {permit['number']} is issued; nobody typed anything")
        papers = _papers(city, bill, permit, say)
        _evening(city, say)
        return papers
    finally:
        city.close()
        for row in events_since(place, began):
            say("event", f"{row['time']:%H:%M:%S.%f}"[:-3] + f"  {row['type']}  {row['subject']}")


def _until_the_bill(city: City, say: Say) -> str:
    estimate = city.http.post("/v1/retribution-estimates", json={"rule_set": "pp-16-2021", "inputs": story.HOUSE}).json()
    say("anyone", f"asked what a house of 72 m² would cost: {format_rupiah(estimate['total_rp'])}")
    ident = story.file(city, "budi")
    number = city.get("budi", f"{story.APPLICATIONS}/{ident}")["number"]
    say("budi", f"filed {number} with two documents")
    story.examine(city, ident)
    say("DPMPTSP", "found it complete, examined it, approved it: three people")
    assessed = story.assess(city, ident)
    say("petugas-dpmptsp", f"fixed the retribution: {format_rupiah(assessed['retribution'])}; the application is {assessed['status']}")
    return ident


def _papers(city: City, bill: dict[str, Any], permit: dict[str, Any], say: Say) -> list[Path]:
    """Bill, receipt and permit as PDF, and what the permit's QR code says."""
    folder = city.place.run / "demo"
    folder.mkdir(mode=0o700, exist_ok=True)
    receipts = city.get("budi", "/v1/payments")["items"]
    receipt = next(one for one in receipts if one["bill_id"] == bill["id"])
    wanted = {
        "bill": f"/v1/bills/{bill['id']}/document",
        "receipt": f"/v1/receipts/{receipt['id']}/document",
        "permit": f"/v1/permits/{permit['id']}/document",
    }
    got = []
    for kind, path in wanted.items():
        got.append(folder / f"{kind}-{permit['number'].replace('/', '-')}.pdf")
        got[-1].write_bytes(city.paper("budi", path))
        say("budi", f"got the {kind}: {got[-1]}")
    checked = city.http.get(f"/v1/verify/{permit['verify_code']}").json()
    say("anyone", f"scanned its QR code: {checked.get('standing', checked)}")
    return got


def _evening(city: City, say: Say) -> None:
    """The treasurer gathers the day, deposits it; the head of the treasury matches it with the bank's note."""
    day = clock.today().isoformat()
    slip = city.post("bendahara", "/v1/deposit-slips", {"day": day})
    thing = f"/v1/deposit-slips/{slip['id']}"
    slip = city.act("bendahara", thing, "deposit", {"bank_reference": f"SETOR-{slip['id'][-12:]}"})
    say("bendahara", f"gathered the day into {slip['number']}: {format_rupiah(slip['total'])}, deposited")
    slip = city.act("kuasa-bud", thing, "validation", {"credit_note": f"NK-{slip['id'][-12:]}", "amount": slip["total"]})
    position = city.get("bendahara", f"/v1/days/{day}")
    say("kuasa-bud", f"matched it with the bank: {slip['status']}; in hand {format_rupiah(position['balance'])}")


def events_since(place: Place, since: datetime) -> list[dict[str, Any]]:
    """What all services have told since then, in the order of time."""
    rows = []
    for member in with_database(place):
        with session_of(place, member) as session:
            query = sa.select(LoggedEvent.time, LoggedEvent.type, LoggedEvent.subject).where(LoggedEvent.time >= since)
            rows += [dict(row._mapping) for row in session.execute(query)]
    return sorted(rows, key=lambda row: row["time"])
