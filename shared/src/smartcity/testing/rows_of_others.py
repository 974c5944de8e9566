"""A list shows nobody else's rows (OWASP API1): whoever has nothing asks for every list that was played with something in it."""

from collections.abc import Iterator
from typing import Any

from smartcity.testing.tries import NOWHERE, Tries

STRANGER = "00000000-0000-7000-8000-000000000001"
"""Has nothing, and does nothing but ask."""
PERSONS = frozenset({"citizen", "signed-in"})
"""Whose lists are always of their own."""


def rows_of_others(tries: Tries) -> Iterator[str]:
    """Rows that a stranger sees, and lists that were played empty, so that nothing could be seen; what is for anyone is left out."""
    has_cases = bool(tries.app.extensions["smartcity.service"].cases)
    bound = _bound(tries)
    for name, call in tries.calls:
        played = _rows(tries.recorder.heard.get(name, {}).get("answer"))
        if call.method != "GET" or played is None or any(grant.role == "anyone" for grant in tries.grants(name)):
            continue
        if not played and (has_cases or name != "show_my_cases"):
            yield f"{name}: what was played lists nothing"
        for role in sorted({grant.role for grant in tries.grants(name) if not isinstance(grant.office, str)} & bound):
            token = tries.issuer.token(STRANGER, "visitor" if role == "signed-in" else role, office=NOWHERE)
            said = tries.try_(call, token)
            if found := _rows(said.json if said.is_json else said.text):
                yield f"{name}: {role} of {NOWHERE} sees {found} rows of others"


def _bound(tries: Tries) -> frozenset[str]:
    """Persons, and the roles that some line of the policy binds to their own or their office's things; the others see the whole city's."""
    grants = [grant for lines in tries.app.policy.values() for grant in lines]
    return PERSONS | {grant.role for grant in grants if grant.own or grant.office is not None}


def _rows(answer: Any) -> int | None:
    """How many rows an answer lists; `None` where it is no list."""
    if isinstance(answer, str) and answer.startswith("BEGIN:VCALENDAR"):
        return answer.count("BEGIN:VEVENT")
    listed = answer.get("items", answer.get("cases")) if isinstance(answer, dict) else None
    return len(listed) if isinstance(listed, list) else None
