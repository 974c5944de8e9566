"""Page by page everything of mine at every office: nothing twice, nothing lost, also from whoever was away for a while."""

import json
from typing import Any

import pytest

KEYS = {"/v1/me/cases": "cases", "/v1/me/data-access": "items", "/v1/me/data-requests": "items"}
SEVERAL = ("licensing", "finance-sts")


def pager(name: str, pages: int) -> Any:
    """So many pages of one line each, as the kernel pages."""

    def script(handler: Any) -> None:
        path, _, query = handler.path.partition("?")
        n = int(query.partition("cursor=page-")[2] or "0")
        said = {KEYS[path]: [{"at": "2027-01-01", "id": f"{name}-{n}"}], "next": f"page-{n + 1}" if n + 1 < pages else None}
        handler.say(200, json.dumps(said).encode())

    return script


@pytest.fixture
def offices(upstreams: Any) -> Any:
    """Two of them have three pages of mine, the others one."""
    for name, upstream in upstreams.items():
        upstream.scripts["/v1/me/"] = pager(name, 3 if name in SEVERAL else 1)
    return upstreams


@pytest.fixture
def ask(door: Any, issuer: Any) -> Any:
    """`ask(path, cursor)`: that page, with one line of each office."""
    headers = {"Authorization": f"Bearer {issuer.token('budi', 'citizen')}"}
    return lambda path="/v1/me/cases", cursor=None: door.ask(f"{path}?limit=1" + (f"&cursor={cursor}" if cursor else ""), **headers)


def ids(said: Any) -> list[str]:
    return [line["id"] for key in ("cases", "items") for line in said.get(key, ())]


def all_of_it(offices: Any) -> list[str]:
    return sorted(f"{name}-{n}" for name in offices for n in range(3 if name in SEVERAL else 1))


@pytest.mark.parametrize("path", KEYS)
def test_whoever_has_more_of_me_is_asked_for_it_until_all_was_shown(ask: Any, offices: Any, path: str) -> None:
    said = ask(path).json
    seen = ids(said)
    assert len(seen) == len(offices)
    while said["next"]:
        said = ask(path, said["next"]).json
        assert said["missing"] == [] and {line["service"] for line in said[KEYS[path]]} == set(SEVERAL)
        seen += ids(said)
    assert sorted(seen) == all_of_it(offices)
    assert [one.target.partition("?")[2] for one in offices["licensing"].heard] == [
        "limit=1", "limit=1&cursor=page-1", "limit=1&cursor=page-2",
    ]  # fmt: skip
    assert len(offices["complaints"].heard) == 1, "who has no more is left alone"


@pytest.mark.parametrize("away", ["licensing", "complaints"])
@pytest.mark.parametrize("on_page", [0, 1])
def test_who_was_missing_on_a_page_is_named_and_owes_it_on_the_next(ask: Any, offices: Any, away: str, on_page: int) -> None:
    seen, said, page = list[str](), {"next": None}, 0
    while page == 0 or said["next"]:
        answers = offices[away].scripts["/v1/me/"]
        if page == on_page:
            offices[away].scripts["/v1/me/"] = lambda handler: handler.say(500, b"{}")
        said = ask(cursor=said["next"]).json
        offices[away].scripts["/v1/me/"] = answers
        assert said["missing"] == ([away] if page == on_page and (away in SEVERAL or page == 0) else [])
        seen, page = seen + ids(said), page + 1
    assert sorted(seen) == all_of_it(offices)


def test_where_nobody_answers_any_more_the_pages_end_and_the_last_can_be_asked_for_again(ask: Any, offices: Any) -> None:
    for name in SEVERAL:
        offices[name].scripts["/v1/me/"], before = (lambda handler: handler.say(500, b"{}")), offices[name].scripts["/v1/me/"]
        if name == "licensing":
            licensing = before
    first = ask().json
    assert first["missing"] == sorted(SEVERAL) and first["next"]
    last = ask(cursor=first["next"]).json
    assert (last["cases"], last["next"], last["missing"]) == ([], None, sorted(SEVERAL))
    offices["licensing"].scripts["/v1/me/"] = licensing
    again = ask(cursor=first["next"]).json
    assert (ids(again), again["missing"]) == (["licensing-0"], ["finance-sts"]) and again["next"]


@pytest.mark.parametrize("cursor", ["licensing", "nobody.abc", "licensing.abc.complaints", "."])
def test_a_cursor_that_we_never_gave_is_refused(ask: Any, offices: Any, cursor: str) -> None:
    said = ask("/v1/me/data-access", cursor)
    assert (said.status, said.json["type"]) == (422, "/problems/fields-wrong")
    assert not any(office.heard for office in offices.values())


def test_what_every_office_refuses_is_refused_as_they_refuse_it(ask: Any, offices: Any) -> None:
    refusal = json.dumps({"type": "/problems/fields-wrong", "errors": {"limit": ["x"]}, "status": 422}).encode()
    for office in offices.values():
        office.scripts["/v1/me/"] = lambda handler: handler.say(422, refusal)
    said = ask()
    assert (said.status, said.json["errors"]) == (422, {"limit": ["x"]})
    assert said.headers["Content-Type"] == "application/problem+json"


def test_lines_stand_newest_first_by_when_they_moved_were_asked_for_or_happened(ask: Any, offices: Any) -> None:
    for moment, path in (("updated_at", "/v1/me/cases"), ("asked_at", "/v1/me/data-requests"), ("at", "/v1/me/data-access")):
        for day, office in enumerate(offices.values(), 1):
            body = json.dumps({KEYS[path]: [{moment: f"2027-01-{day:02}"}], "next": None}).encode()
            office.scripts["/v1/me/"] = lambda handler, body=body: handler.say(200, body)
        assert [line["service"] for line in ask(path).json[KEYS[path]]] == list(reversed(offices))
