"""People who do not give up: whatever fails is asked again, the same request with the same key, until the city has said yes."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx

from tests.integration.city import HOUSE, OFFICE_STEPS, PARTICULARS, PDF, City

PATIENCE = 90.0
WAYS_ON = ("draft", "submitted", "complete", "in_examination", "approved", "awaiting_payment", "issued")


def insist(one: Callable[[], Any]) -> Any:
    """Until `one` answers something; a refusal of the network or a door that is shut is no answer."""
    end = time.monotonic() + PATIENCE
    while True:
        with suppress(httpx.HTTPError):
            if found := one():
                return found
        assert time.monotonic() < end, "the city said nothing for too long"
        time.sleep(0.1)


class Applicant:
    """One application from the first form to the bank's callback."""

    def __init__(self, city: City) -> None:
        self.city, self.path = city, ""
        self.bill: dict[str, Any] = {}

    @property
    def ident(self) -> str:
        return self.path.rpartition("/")[2]

    def go(self) -> None:
        """All the way until the bank has been told that its payment was credited."""
        self.path = f"/v1/permit-applications/{self._said('/v1/permit-applications', 'budi', PARTICULARS)['id']}"
        for kind in ("land_title", "design_drawings"):
            insist(lambda kind=kind: self._upload(kind))
        self._until("submitted", "budi", "submission", None)
        for (step, account, body), after in zip(OFFICE_STEPS, ("complete", "in_examination", "approved"), strict=True):
            self._until(after, account, step, body)
        self._until("awaiting_payment", "petugas-dpmptsp", "assessment", {"inputs": HOUSE})
        self.bill = insist(lambda: self._bill())
        callback = insist(lambda: self.city.callback(self.bill))
        insist(lambda: self.city.send(*callback).status_code == 200)

    def _said(self, path: str, account: str, body: Any) -> dict[str, Any]:
        key = {"Idempotency-Key": uuid4().hex}

        def ask() -> dict[str, Any] | None:
            answer = self.city.call("POST", path, account, json=body, headers=key)
            return dict(answer.json()) if answer.status_code < 300 else None

        return dict(insist(ask))

    def _upload(self, kind: str) -> bool:
        files = {"file": ("berkas.pdf", PDF, "application/pdf")}
        return self.city.call("POST", f"{self.path}/documents", "budi", data={"kind": kind}, files=files).status_code == 201

    def _until(self, status: str, account: str, step: str, body: Any) -> None:
        """An officer looks whether it was done already (the answer may have been lost), and does it otherwise."""
        key = {"Idempotency-Key": uuid4().hex}

        def done() -> bool:
            seen = self.city.call("GET", self.path, account)
            if seen.status_code != 200:
                return False
            if WAYS_ON.index(seen.json()["status"]) >= WAYS_ON.index(status):
                return True
            headers = {**key, **({"If-Match": seen.headers["ETag"]} if account != "budi" else {})}
            self.city.call("POST", f"{self.path}/{step}", account, headers=headers, **({"json": body} if body is not None else {}))
            return False

        insist(done)

    def _bill(self) -> dict[str, Any] | None:
        answer = self.city.call("GET", "/v1/bills?limit=200", "budi")
        bills = answer.json()["items"] if answer.status_code == 200 else []
        return next((bill for bill in bills if bill["reference"]["id"] == self.ident), None)
