"""Whoever may, gets in: every operation a test has played is called again by everybody the policy lets in, as the policy words it.

The other half of the matrix of `intruders`: role × ownership × office, with the owner of the very thing that was played, and with the office of that
thing. What the trade then says (409, 422, a stale version) is another matter; a refusal for who asks is wrong.
"""

from collections.abc import Iterable, Iterator, Mapping

from smartcity.http.policy import Grant
from smartcity.testing.bad_tokens import INTRUDER
from smartcity.testing.examples import Call, Recorder
from smartcity.testing.tries import Tries

SAFE_FIRST = ("GET", "POST", "PATCH", "PUT", "DELETE")
SOMEWHERE = "SOMEWHERE"


class Insiders(Tries):
    """Everybody whom the policy lets in at one service, after a test has played its operations."""

    def __init__(self, recorder: Recorder, besides: Iterable[str] = (), people: Mapping[str, str] | None = None) -> None:
        """`besides`: cells (`operation: role`) where a rule of the trade refuses by who asks, as their own tests show.

        `people`: by role the `sub` of who has it, where a service knows its people.
        """
        super().__init__(recorder)
        self.besides, self.people = frozenset(besides), people or {}

    def wrong(self) -> list[str]:
        """Each cell that is refused, and each of `besides` that is not; named."""
        with self.own_tokens():
            refused = dict(self._refused())
        found = {cell: line for cell, line in refused.items() if cell not in self.besides}
        return sorted([*found.values(), *(f"{cell} is let in and excepted" for cell in self.besides - set(refused))])

    def cells(self) -> Iterator[tuple[str, Call, Grant]]:
        """Every way in that the policy grants to operations that were played; what changes nothing comes first."""
        for name, call in sorted(self.calls, key=lambda one: SAFE_FIRST.index(one[1].method)):
            for grant in self.grants(name):
                yield name, call, grant

    def _refused(self) -> Iterator[tuple[str, str]]:
        for name, call, grant in self.cells():
            cell = f"{name}: {grant.role}"
            answer = self.try_(call, self._token(call, grant))
            kind = (answer.json or {}).get("type") if answer.mimetype == "application/problem+json" else None
            if answer.status_code in (401, 404) or answer.status_code >= 500 or kind == "/problems/not-allowed":
                yield cell, f"{cell}{' with their own' if grant.own else ''} of {self._office(call, grant)} is {answer.status_code}"

    def _office(self, call: Call, grant: Grant) -> str:
        office = call.office if grant.office is True else grant.office
        return office if isinstance(office, str) else SOMEWHERE

    def _token(self, call: Call, grant: Grant) -> str | None:
        if grant.role == "anyone":
            return None
        role = "visitor" if grant.role == "signed-in" else grant.role
        return self.issuer.token(self._sub(call, grant), role, office=self._office(call, grant))

    def _sub(self, call: Call, grant: Grant) -> str:
        """The owner of what is one's own; else who has played it with that role, or is known to have it; else somebody new."""
        if grant.own:
            return call.owner or INTRUDER
        return call.actor.sub if grant.admits(call.actor) and call.actor.known else self.people.get(grant.role, INTRUDER)
