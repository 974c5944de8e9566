"""The civil registry in figures, with 1,000,000 registered births loaded: reports handed in and registered by twenty people at once, the register
searched, twins of a name looked for, and what an account has seen.

Each of the twenty goes from the parent's draft to the register entry, over HTTP to the two `web` processes, with a moment's thought before every
step; everything is checked, decided and committed durably. Then one after the other: searches, looks for the same child, the scope of a breach.
"""

import io
import random
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import sqlalchemy as sa

from benchmarks.figures import Figure, at_most
from benchmarks.loaders.civil_registry import CLERK, GIVEN, LAST, SEED, load, names, nik_of
from benchmarks.places import Measured, server
from benchmarks.webs import webs
from smartcity.storage import migrate
from smartcity.testing import postgres
from smartcity.testing.tokens import Issuer

ROWS, USERS, LIVES, ASKED, THOUGHT = 1_000_000, 20, 4, 300, 1.0
OFFICE, BIRTHS = "DISDUKCAPIL", "/v1/birth-registrations"
PAPERS = ("birth_letter", "marriage_certificate", "family_card", "identity_cards")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


class Person:
    """One of the twenty: parent and officials of one birth after the other, and how long each step's request took."""

    def __init__(self, ports: list[int], issuer: Issuer, number: int) -> None:
        self.chance, self.number = random.Random(number), number
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{ports[number % len(ports)]}", timeout=60)
        self.tokens = {
            "parent": issuer.token(f"parent-{number}", "citizen"),
            **{role: issuer.token(f"{role}-bench", role, office=OFFICE) for role in ("officer", "registrar")},
        }
        self.took: dict[str, list[float]] = defaultdict(list)

    def ask(self, step: str, method: str, path: str, role: str, **more: Any) -> httpx.Response:
        """A request that must succeed, timed under the name of its step."""
        time.sleep(self.chance.uniform(0, 2 * THOUGHT))
        headers = {"Authorization": f"Bearer {self.tokens[role]}", "Idempotency-Key": str(uuid4()), **more.pop("headers", {})}
        began = time.perf_counter()
        answer = self.http.request(method, path, headers=headers, **more)
        self.took[step].append(1000 * (time.perf_counter() - began))
        if answer.status_code >= 300:
            raise RuntimeError(f"{step}: {answer.status_code} {answer.text}")
        return answer

    def lives(self) -> None:
        for turn in range(LIVES):
            self.life(turn)

    def life(self, turn: int) -> None:
        """A birth of a name nobody else has just now, until it stands in the register."""
        path = f"{BIRTHS}/{self.ask('draft', 'POST', BIRTHS, 'parent', json=self._birth(turn)).json()['id']}"
        for kind in PAPERS:
            file = {"file": ("surat.pdf", io.BytesIO(PDF), "application/pdf")}
            self.ask("paper", "POST", f"{path}/documents", "parent", data={"kind": kind}, files=file)
        self.ask("submission", "POST", f"{path}/submission", "parent")
        for step, role in (("verification", "officer"), ("registration", "registrar")):
            seen = self.ask("show", "GET", f"{path}?purpose={step}", role)
            for row in self.ask("duplicates", "GET", f"{path}/duplicates?purpose=verification", role).json()["items"]:
                body = {"verdict": "different", "why": "Orang tua lain."}
                self.ask("verdict", "POST", f"{path}/duplicates/{row['registration_id']}/decision", role, json=body, headers=_etag(seen))
                seen = self.ask("show", "GET", f"{path}?purpose={step}", role)
            body = {"result": "conforms"} if step == "verification" else None
            self.ask(step, "POST", f"{path}/{step}", role, json=body, headers=_etag(seen))

    def _birth(self, turn: int) -> Mapping[str, Any]:
        number = self.number * 100 + turn + 1
        child, day = (
            " ".join((*self.chance.sample(GIVEN, 2), self.chance.choice(LAST))),
            date.today() - timedelta(days=self.chance.randrange(5, 40)),
        )
        father = {"name": f"Budi {LAST[number % len(LAST)]}", "nik": f"12710105038{number:05}"}
        return {
            "path": "married_parents", "kelurahan_code": "12.71.01.1001", "family_card_no": "1271011203150007",
            "child": {
                "name": child, "sex": "female", "born_on": day.isoformat(), "born_at": "04:10", "birth_place_kind": "hospital",
                "birth_place_name": "RSUD Dr. Pirngadi", "birth_city": "Medan", "order": 2, "weight_g": 3100, "length_cm": 49, "helper": "midwife",
            },
            "mother": {"name": f"Siti {LAST[number % 7]}", "nik": f"12710145029{number:05}", "born_on": "1990-02-05"},
            "father": {**father, "born_on": "1988-03-05"}, "reporter": {**father, "relation": "father"},
            "witnesses": [{"name": "Rina Tarigan", "nik": "1271014101800003"}, {"name": "Hendra Sitompul", "nik": "3174010107790004"}],
        }  # fmt: skip


def _etag(seen: httpx.Response) -> dict[str, str]:
    return {"If-Match": seen.headers["ETag"]}


def p95(took: list[float]) -> float:
    """Milliseconds that 19 of 20 do not exceed."""
    return statistics.quantiles(took, n=20)[-1]


def at_once(ports: list[int], issuer: Issuer) -> Measured:
    """Twenty people at their births."""
    people, failed = [Person(ports, issuer, number) for number in range(USERS)], list[BaseException]()

    def begin(person: Person) -> None:
        try:
            person.lives()
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=begin, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    for step in ("submission", "registration"):
        yield at_most(f"{step}: p95 of {USERS * LIVES} by {USERS} people at once", p95(_all(people, step)), 300)
    for step in ("draft", "paper", "verification", "duplicates"):
        yield Figure(f"{step}: p95 beside them", p95(_all(people, step)), "ms")


def _all(people: list[Person], step: str) -> list[float]:
    return [took for person in people for took in person.took[step]]


def one_by_one(person: Person, database_url: str) -> Measured:
    """Searches by NIK and by name, and looks for the same child, each of another."""
    chance, pool = random.Random(SEED), [*names(random.Random(SEED))]
    with psycopg.connect(database_url) as db:
        days = [row[0].isoformat() for row in db.execute("SELECT born_on FROM birth_registration ORDER BY id LIMIT %s", (ASKED,))]
        waiting = db.execute("SELECT id FROM birth_registration WHERE owner_sub LIKE 'parent-%%' LIMIT %s", (ASKED,)).fetchall()
    search = partial(person.ask, method="POST", path="/v1/civil-records/searches", role="officer")
    for number, day in enumerate(days):
        search("by NIK", json={"nik": nik_of(number + 1), "purpose": "counter_service"})
        search("by name", json={"name": chance.choice(pool), "born_on": day, "purpose": "counter_service"})
    for (ident,) in waiting:
        person.ask("same child", "GET", f"{BIRTHS}/{ident}/duplicates?purpose=verification", "officer")
    yield at_most("the register searched by NIK: p95", p95(person.took["by NIK"]), 150)
    yield at_most("the register searched by name and day: p95", p95(person.took["by name"]), 150)
    yield at_most("looked whether it is the same child: p95", p95(person.took["same child"]), 100)


def scope(http: httpx.Client, issuer: Issuer) -> Figure:
    """What one account saw in 25 years, of a million looks."""
    auditor = {"Authorization": f"Bearer {issuer.token('rina', 'auditor')}"}
    span = {"account": CLERK, "since": "2001-01-01T00:00:00Z", "until": "2026-11-01T00:00:00Z", "purpose": "supervision"}
    began = time.perf_counter()
    answer = http.get("/v1/reports/civil-registry/accesses/scope", params=span, headers=auditor)
    took = time.perf_counter() - began
    if answer.status_code != 200 or answer.json()["looks"] != ROWS // 50:
        raise RuntimeError(f"no scope: {answer.status_code} {answer.text}")
    return at_most(f"the scope of a breach: {ROWS // 50:,} of {ROWS:,} looks", took, 10, "s")


def figures() -> Measured:
    """The million, then what it costs."""
    with server("shared_buffers=512MB") as server_url:
        url = postgres.create(server_url, "a_million_births")
        migrate.upgrade("civil_registry", url)
        began = time.perf_counter()
        load(url, ROWS)
        yield Figure("a million births and what hangs on them loaded", time.perf_counter() - began, "s")
        with sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text("CHECKPOINT"))
        with tempfile.TemporaryDirectory() as files, webs("civil_registry", url, files) as (ports, issuer):
            yield from at_once(ports, issuer)
            alone = Person(ports, issuer, 1000)
            alone.chance = _Unhesitating()
            yield from one_by_one(alone, url)
            yield scope(alone.http, issuer)


class _Unhesitating(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return a
