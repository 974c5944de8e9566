"""The life of a complaint as three people lead it over HTTP, and the service that answers them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from benchmarks.arrivals import Doors, request
from benchmarks.loaders.complaints import THINGS, TROUBLES
from benchmarks.webs import webs
from smartcity.testing.tokens import Issuer

PARKING = {
    "category": "parkir_liar", "title": "Parkir di atas trotoar", "text": "Setiap pagi pejalan kaki harus turun ke jalan.",
    "kelurahan_code": "12.71.01.1001", "address": "Jalan Pandu 12", "latitude": 3.5796, "longitude": 98.6869,
}  # fmt: skip
"""Of a category whose answer needs no photo."""


class People:
    """Who takes part, by their tokens."""

    def __init__(self, issuer: Issuer) -> None:
        self.citizen = issuer.token("siti", "citizen")
        self.coordinator = issuer.token("citra", "coordinator", office="DISKOMINFO")
        self.officer = issuer.token("ramli", "officer", office="DISHUB")

    async def file(self, doors: Doors) -> tuple[str, str]:
        """A new complaint: ETag and path."""
        etag, filed = await doors.ask(request("POST", "/v1/complaints", self.citizen, PARKING, Idempotency_Key=str(uuid4())))
        return etag, f"/v1/complaints/{filed['id']}"

    async def life(self, doors: Doors, number: int) -> None:
        """From filing to acceptance; in between somebody searches. Raises `NotServed`."""
        etag, path = await self.file(doors)
        words = f"{THINGS[number % len(THINGS)]}+{TROUBLES[number // 3 % len(TROUBLES)]}".replace(" ", "+")
        await doors.ask(request("GET", f"/v1/complaints?q={words}", self.citizen))
        steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
            (self.coordinator, "verification", {"result": "verified"}),
            (self.coordinator, "disposition", {}),
            (self.officer, "follow-up", {"note": "Regu berangkat besok."}),
            (self.officer, "answer", {"text": "Telah ditertibkan, terima kasih."}),
        )
        for token, step, body in steps:
            etag, _ = await doors.ask(request("POST", f"{path}/{step}", token, body, If_Match=etag))
        await doors.ask(request("POST", f"{path}/acceptance", self.citizen, {"rating": 5}))


@contextmanager
def served(database_url: str, files: str) -> Iterator[tuple[Doors, People]]:
    """The service as it runs, keeping its files there, and the people it knows."""
    with webs("complaints", database_url, files) as (ports, issuer):
        yield Doors(ports), People(issuer)
