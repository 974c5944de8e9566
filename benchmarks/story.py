"""The story's own handlers: `bill.paid` unlocks a permit, one commit each, beside the same use case called in a loop without the bus;
and end to end: the treasury records payments flat out while its relay and licensing's consumer run, beside the payments alone.

Real services, real migrations, real events. What is prepared beforehand (applications awaiting payment, bills) is not measured.
"""

import statistics
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

import psycopg
import sqlalchemy as sa

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.places import Measured, apart, config, hearing, on_both_brokers, processes, purge, relaying, server, until
from finance_sts.model.bill import Bill
from finance_sts.model.facts import Reference
from finance_sts.model.payment import Channel
from finance_sts.service import SERVICE as TREASURY
from finance_sts.use_cases import billing
from finance_sts.use_cases.payments import Incoming, record_payment
from licensing.events import BILL_PAID_V1
from licensing.model.assessment import Assessment
from licensing.model.bill_notice import Payment
from licensing.model.examination import Result, Round
from licensing.model.facts import Debt
from licensing.model.permit_application import PermitApplication
from licensing.service import SERVICE as LICENSING
from licensing.use_cases.payments import unlock_permit
from smartcity import clock
from smartcity.context import Context
from smartcity.events import Event
from smartcity.events.broker import Outgoing, open_broker
from smartcity.events.catalogue import contract
from smartcity.events.envelope import PREFIX, seal
from smartcity.events.topology import queue_of, topology_for
from smartcity.service import Service, begin
from smartcity.storage import migrate, uuid7
from smartcity.storage.transaction import Database
from smartcity.testing import postgres
from smartcity.work import Work

ROUNDS, PERMITS, PAYMENTS = 3, 100, 300
WRITERS, WARM_UP, LONGEST = 2, 5.0, 5.0
FORGET = "TRUNCATE event_unsent"
TOTAL = 346_680
ACCOUNT = str(contract("licensing.retribution.assessed.v1").example["charge"]["heads"][0]["account_code"])  # type: ignore[index]
DUE_RULE = str(contract("licensing.retribution.assessed.v1").example["charge"]["due_rule"])  # type: ignore[index]
SECRETS = {"SNAP_CLIENT_SECRET": "bench", "SNAP_PUBLIC_KEY": "none"}


def office(service: Service, server_url: str, broker_url: str) -> tuple[str, Database]:
    """A migrated database of its own, and the service that works on it."""
    url = postgres.create(server_url, f"{service.package}_{uuid7().hex}")
    migrate.upgrade(service.package, url)
    return url, begin(service, config(service, url, broker_url, **(SECRETS if service is TREASURY else {})))


def awaiting_payment(database: Database, count: int) -> list[UUID]:
    """Applications that went the whole way to the assessment."""
    now, made = clock.now(), list[UUID]()
    inputs = {"inputs": {"fungsi": "hunian_kecil"}, "steps": []}
    with database.transaction() as session:
        for number in range(count):
            one = PermitApplication(
                office="DPMPTSP", owner_sub="budi", permit_type="PBG", applicant_name="Budi Siregar", applicant_address="Jalan Sei Deli 12",
                site_address="Jalan Sisingamangaraja 40", kelurahan_code="12.71.01.1001", answers={}, created_at=now, updated_at=now,
                status_since=now,
            )  # fmt: skip
            session.add(one)
            one.submit(f"PBG/{number}/{(made and made[0]) or one.id}", now)
            one.find_complete("sri", now)
            one.examine("eko", Round(Result.CONFORMS, "Gambar sesuai standar."), now)
            one.approve("ani", now)
            fixed = Assessment(
                rule_set="pp-16-2021", total=TOTAL, calculation=inputs, assessed_on=now.date(), assessed_at=now, assessor_sub="sri"
            )
            one.assess(fixed, Debt("budi", "Budi Siregar", "Jalan Sei Deli 12", ACCOUNT, DUE_RULE, "12.71.07"), now)
            made.append(one.id)
    return made


def billed(database: Database, applications: Sequence[UUID]) -> list[UUID]:
    """Their bills."""
    payer = billing.Payer("budi", "Budi Siregar", "Jalan Sei Deli 12")
    with database.transaction() as session:
        for one in applications:
            reference = Reference("licensing", "permit_application", one)
            billing.charge_assessed(session, billing.Assessed(reference, payer, [(ACCOUNT, TOTAL)], TOTAL, DUE_RULE, 1), clock.now())
        session.flush()
        return list(session.scalars(sa.select(Bill.id)))


def bill_paid(application: UUID, now: datetime) -> bytes:
    """The event as the treasury tells it."""
    data = dict(contract(BILL_PAID_V1).example or {})
    sums = {"total": TOTAL, "paid_total": TOTAL, "reference_paid_total": TOTAL}
    reference = {"service": "licensing", "kind": "permit_application", "id": str(application)}
    told = {**data, **sums, "bill_id": str(uuid7()), "reference": reference}
    return seal(Event(BILL_PAID_V1, told["bill_id"], told), 1, Context(), now).body


def in_a_loop(database: Database, applications: Sequence[UUID]) -> float:
    """Permits a second, the use case called directly, one commit each."""
    begun = time.perf_counter()
    for one in applications:
        now = clock.now()
        with database.transaction() as session:
            unlock_permit(session, one, Payment(uuid7(), "SKRD/1", TOTAL, TOTAL, TOTAL, now, "SSRD/1", now), now)
    return len(applications) / (time.perf_counter() - begun)


def by_events(database: Database, url: str, broker_url: str, applications: Sequence[UUID]) -> float:
    """Permits a second, from a queue that holds the events."""
    queue, publisher = queue_of("licensing"), open_broker(broker_url).publisher()
    publisher.send([Outgoing("", queue, str(one), PREFIX + BILL_PAID_V1, bill_paid(one, clock.now())) for one in applications])
    publisher.close()
    work, left = Work(LICENSING, config(LICENSING, url, broker_url), database), len(applications)
    receive = work.consumer.receive_many

    def counted(bodies: Sequence[bytes]) -> list[str]:
        nonlocal left
        outcomes = receive(bodies)
        left -= outcomes.count("applied")
        if left == 0:
            work.stop.set()
        return outcomes

    work.consumer.receive_many = counted  # type: ignore[method-assign]
    limit = threading.Timer(30, work.stop.set)
    limit.start()
    begun = time.perf_counter()
    work.consume()
    limit.cancel()
    assert left == 0, f"{left} permits are missing"
    return len(applications) / (time.perf_counter() - begun)


def handlers(server_url: str, broker_url: str) -> tuple[float, float]:
    """Permits a second in a loop and by events, in turns on one database; medians."""
    open_broker(broker_url).declare(topology_for("licensing", LICENSING.hears))
    url, database = office(LICENSING, server_url, broker_url)
    loop, events = list[float](), list[float]()
    for _ in range(ROUNDS):
        ready = awaiting_payment(database, 2 * PERMITS)
        loop.append(in_a_loop(database, ready[:PERMITS]))
        events.append(by_events(database, url, broker_url, ready[PERMITS:]))
    return statistics.median(loop), statistics.median(events)


def prepared_licensing(server_url: str, broker_url: str, count: int) -> tuple[str, list[UUID]]:
    """Address and applications."""
    url, database = office(LICENSING, server_url, broker_url)
    return url, awaiting_payment(database, count)


def prepared_treasury(server_url: str, broker_url: str, applications: Sequence[UUID]) -> tuple[str, list[UUID]]:
    """Address and bills."""
    url, database = office(TREASURY, server_url, broker_url)
    return url, billed(database, applications)


def writing(url: str, broker_url: str, bills: Sequence[UUID], start: float) -> tuple[int, float, float]:
    """A job: record a payment for each bill, flat out, from `start` on, for a few seconds; answers how many, when it began and ended."""
    database = begin(TREASURY, config(TREASURY, url, broker_url, **SECRETS))
    with database.session() as session:
        session.execute(sa.text("SELECT 1"))
    time.sleep(max(0.0, start - time.time()))
    begun, count = time.time(), 0
    for one in bills:
        with database.transaction() as session:
            bill = session.get_one(Bill, one)
            record_payment(session, bill, Incoming("BANK", one.hex, TOTAL, Channel.VIRTUAL_ACCOUNT, "bank"), clock.now())
        count += 1
        if time.time() > begun + LONGEST:
            break
    return count, begun, time.time()


def load(url: str, broker_url: str, bills: Sequence[UUID]) -> tuple[int, float, float]:
    """All writers at once: how many payments, when the first began and the last ended."""
    start = time.time() + WARM_UP
    jobs = [partial(writing, url, broker_url, bills[turn::WRITERS], start) for turn in range(WRITERS)]
    counts, begun, ended = zip(*apart(*jobs), strict=True)
    return sum(counts), min(begun), max(ended)


def end_to_end(server_url: str, broker_url: str) -> tuple[float, float, float]:
    """Payments a second alone; permits a second from the first payment to the last permit; and that time over the load's own.

    Alone is measured before and after, so that a machine that grows busy in between favours nobody.
    """
    ((licensing, applications),) = apart(partial(prepared_licensing, server_url, broker_url, 3 * PAYMENTS))
    ((treasury, bills),) = apart(partial(prepared_treasury, server_url, broker_url, applications))
    for service in (LICENSING, TREASURY):
        open_broker(broker_url).declare(topology_for(service.name, service.hears))
        purge(broker_url, queue_of(service.name))
    with psycopg.connect(treasury, autocommit=True) as told, psycopg.connect(licensing, autocommit=True) as db:
        before = load(treasury, broker_url, bills[:PAYMENTS])
        told.execute(FORGET)
        with processes(partial(relaying, treasury, broker_url), partial(hearing, "licensing.service:SERVICE", licensing, broker_url)):
            count, begun, ended = load(treasury, broker_url, bills[PAYMENTS : 2 * PAYMENTS])
            until(lambda: db.execute("SELECT count(*) FROM permit").fetchone() == (count,))
            last = time.time()
        after = load(treasury, broker_url, bills[2 * PAYMENTS :])
    alone = (before[0] + after[0]) / (before[2] - before[1] + after[2] - after[1])
    return alone, count / (last - begun), (last - begun) / (ended - begun)


def figures() -> Measured:
    """On both brokers."""
    with server() as server_url:

        def measure(name: str, broker_url: str) -> Measured:
            ((loop, events),) = apart(partial(handlers, server_url, broker_url))
            yield Figure(f"{name}: permits by the use case in a loop", loop, "/s")
            yield Figure(f"{name}: permits by events", events, "/s")
            yield at_least(f"{name}: permits by events / in a loop", events / loop, 0.6)
            alone, through, times = end_to_end(server_url, broker_url)
            yield Figure(f"{name}: payments alone, {WRITERS} writers flat out", alone, "/s")
            yield Figure(f"{name}: payment to permit, same writers", through, "/s")
            yield at_least(f"{name}: payment to permit / payments alone", through / alone, 0.3)
            yield at_most(f"{name}: time until no backlog / the load's time", times, 2.0, "x")

        yield from on_both_brokers(measure)
