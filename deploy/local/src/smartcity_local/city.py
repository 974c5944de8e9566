"""The people of the demonstration, acting over HTTP through the gateway, each with a token of a real sign-in."""

import time
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx

from smartcity_local import sign_in
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place

SEED = UUID("0f6c2a0e-5d0b-4f0e-9a51-6e1d2c3b4a59")
PATIENCE = 30.0
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


class City:
    """Everybody at their desks. `seed` makes every key from a name, so that doing it again changes nothing."""

    def __init__(self, place: Place, seed: bool = False) -> None:
        self.place, self._seed = place, seed
        self.http = httpx.Client(base_url=place.public_url, timeout=30)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self.http.close()

    def who(self, account: str) -> dict[str, str]:
        """The headers of somebody; signed in at first use."""
        if account not in self._tokens:
            self._tokens[account] = sign_in.token(self.place, account)
        return {"Authorization": f"Bearer {self._tokens[account]}", "Accept-Language": "id"}

    def get(self, account: str, path: str) -> dict[str, Any]:
        """Look at something."""
        return _well(self.http.get(path, headers=self.who(account))).json()  # type: ignore[no-any-return]

    def paper(self, account: str, path: str) -> bytes:
        """Fetch a document."""
        return _well(self.http.get(path, headers=self.who(account))).content

    def post(self, account: str, path: str, body: dict[str, Any] | None = None, name: str = "") -> dict[str, Any]:
        """File something new; `name` makes the key of a seed."""
        key = str(uuid5(SEED, f"{account} {path} {name}")) if self._seed else str(uuid4())
        return _well(self.http.post(path, json=body, headers={**self.who(account), "Idempotency-Key": key})).json()  # type: ignore[no-any-return]

    def act(self, account: str, thing: str, step: str, body: dict[str, Any] | None = None, query: str = "") -> dict[str, Any]:
        """Take a step with something as it is now (If-Match)."""
        seen = _well(self.http.get(f"{thing}{query}", headers=self.who(account)))
        headers = {**self.who(account), "If-Match": seen.headers.get("ETag", ""), "Idempotency-Key": str(uuid4())}
        return _well(self.http.post(f"{thing}/{step}", json=body, headers=headers)).json()  # type: ignore[no-any-return]

    def upload(self, account: str, path: str, kind: str) -> dict[str, Any]:
        """Attach a paper."""
        files = {"file": (f"{kind}.pdf", PAPER, "application/pdf")}
        headers = {**self.who(account), "Idempotency-Key": str(uuid4())}
        return _well(self.http.post(path, data={"kind": kind}, files=files, headers=headers)).json()  # type: ignore[no-any-return]

    def until(self, what: str, look: Callable[[], Any]) -> Any:
        """Wait, with a limit, until `look` finds something."""
        end = time.monotonic() + PATIENCE
        while not (found := look()):
            if time.monotonic() > end:
                raise CannotGoOn(
                    f"{what} did not happen within {PATIENCE:.0f} s: `smartcity inbox waiting` and `smartcity status` say more."
                )
            time.sleep(0.05)
        return found


def _well(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    request = answer.request
    raise CannotGoOn(f"{request.method} {request.url.path} answered {answer.status_code}: {answer.text[:400]}")
