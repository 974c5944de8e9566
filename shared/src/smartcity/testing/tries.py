"""What a test has played is called once more, by somebody else: by whoever must not (`intruders`) and by whoever may (`insiders`)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from werkzeug.test import TestResponse

from smartcity.http.policy import Grant
from smartcity.testing.examples import Call, Recorder
from smartcity.testing.tokens import Issuer

NOWHERE = "NOWHERE"
"""An office that has nothing: whatever is granted to things of one's own office is nobody's there."""


@dataclass
class Tries:
    """Calls of one service once more, by somebody else."""

    recorder: Recorder

    def __post_init__(self) -> None:
        self.app = self.recorder.app
        self.client = self.app.test_client()
        self.issuer = Issuer()

    @contextmanager
    def own_tokens(self) -> Iterator[None]:
        """The service takes the tokens of `issuer`, and then the test's again; what is called meanwhile is no example."""
        usual, self.app.verifier = self.app.verifier, self.issuer.verifier()
        try:
            with self.recorder.deaf():
                yield
        finally:
            self.app.verifier = usual

    @property
    def calls(self) -> list[tuple[str, Call]]:
        """The operations at which the issuer's token decides, as they were played."""
        return [(name, call) for name, call in sorted(self.recorder.calls.items()) if not call.partner]

    def grants(self, name: str) -> list[Grant]:
        return list(self.app.policy[name])

    def as_played(self, call: Call) -> str | None:
        """A token of whoever played it."""
        actor = call.actor
        companies = [{"sub": sub, "role": "owner"} for sub in actor.companies]
        more = {"companies": companies, "acting_for": sorted(actor.acting_for)}
        return self.issuer.token(actor.sub, *actor.roles, office=actor.office, client_id=actor.client, **more) if actor.known else None

    def described(self) -> dict[str, Any]:
        """What the service documents, by path and method."""
        paths: dict[str, Any] = json.loads(self.client.get("/openapi.json").data)["paths"]
        return paths

    def try_(self, call: Call, token: str | None, body: bytes | dict[str, str] | None = None) -> TestResponse:
        """The call as `token` speaks for, with a fresh key and whatever version there is."""
        headers = {"Idempotency-Key": str(uuid4())} | ({"If-Match": "*"} if call.method != "GET" else {})
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        kind = call.content_type if call.form is None else "multipart/form-data"
        sent = {"data": call.body if body is None else body, "content_type": kind} if kind else {}
        return self.client.open(call.path, method=call.method, headers=headers, buffered=True, **sent)  # type: ignore[arg-type]
