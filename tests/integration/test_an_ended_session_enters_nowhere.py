"""Whoever ends a session of theirs ends the token that was stolen with it, not only the next one."""

import httpx

from smartcity_local.sign_in import token
from tests.integration.city import City, until

HONOURED_WITHIN = 5.0


def _who(city: City, bearer: str) -> httpx.Response:
    return httpx.get(f"{city.base}/v1/permits?mine=true", headers={"Authorization": f"Bearer {bearer}"}, timeout=20)


def test_the_token_of_an_ended_session_is_refused_within_five_seconds(city: City) -> None:
    stolen, kept = token(city.suite.place, "siti"), token(city.suite.place, "siti")
    assert [_who(city, one).status_code for one in (stolen, kept)] == [200, 200]
    newest_first = httpx.get(f"{city.base}/v1/sessions", headers={"Authorization": f"Bearer {kept}"}, timeout=20).json()["items"]
    ended = httpx.post(
        f"{city.base}/v1/sessions/{newest_first[1]['id']}/revocation", headers={"Authorization": f"Bearer {kept}"}, timeout=20
    )
    assert ended.status_code == 200, ended.text
    until(lambda: _who(city, stolen).status_code == 401, HONOURED_WITHIN)
    assert _who(city, kept).status_code == 200
