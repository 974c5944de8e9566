"""What the gateway answers itself: everybody's part merged, the documentation, and a page that loads nothing from outside."""

import json
import re
import threading
import time
from html.parser import HTMLParser
from typing import Any

import pytest

from gateway.upstream import MOST_IN_FLIGHT


def bearer(issuer: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token('budi', 'citizen')}"}


def case(service: str, updated_at: str) -> dict[str, str]:
    return {"service": service, "kind": "a_case", "id": service, "updated_at": updated_at, "path": f"/v1/{service}/1"}


@pytest.fixture
def with_cases(upstreams: Any) -> Any:
    """Every service has one case of everybody."""
    for day, (name, upstream) in enumerate(upstreams.items(), 1):
        body = json.dumps(
            {"service": name, "cases": [case(name, f"2027-01-{day:02}T00:00:00Z")], "items": [{"at": f"2027-01-{day:02}"}]}
        ).encode()
        upstream.scripts["/v1/me/"] = lambda handler, body=body: handler.say(200, body)
    return upstreams


def test_my_cases_are_everybodys_newest_first(door: Any, with_cases: Any, issuer: Any) -> None:
    said = door.ask("/v1/me/cases", **bearer(issuer))
    assert said.status == 200 and said.json["missing"] == []
    assert [line["service"] for line in said.json["cases"]] == list(reversed(with_cases))
    assert said.headers["Cache-Control"] == "no-store"
    for upstream in with_cases.values():
        (heard,) = [one for one in upstream.heard if one.target == "/v1/me/cases"]
        assert heard.one("x-deadline-seconds") == "0.5", "what comes later nobody waits for"
        assert heard.one("authorization") == bearer(issuer)["Authorization"] and heard.one("x-request-id") == said.headers["X-Request-Id"]


def test_every_service_is_asked_of_me_at_the_same_time(door: Any, upstreams: Any, issuer: Any) -> None:
    """Nobody answers before everybody was asked: one after the other would never end well."""
    all_here = threading.Barrier(len(upstreams))
    for upstream in upstreams.values():
        upstream.scripts["/v1/me/"] = lambda handler: (all_here.wait(10), handler.say(200, b'{"cases": []}'))
    door.until(lambda: door.ask("/v1/me/cases", **bearer(issuer)).json["missing"] == [])


@pytest.mark.parametrize("path", ["/v1/me/data-access", "/v1/me/data-requests"])
def test_who_saw_my_data_is_merged_too(door: Any, with_cases: Any, issuer: Any, path: str) -> None:
    said = door.ask(path, **bearer(issuer))
    assert {line["service"] for line in said.json["items"]} == set(with_cases) and said.json["missing"] == []


@pytest.mark.parametrize("path", ["/v1/me/cases", "/v1/me/data-access", "/v1/me/data-requests"])
def test_head_says_of_mine_what_get_does_without_its_body(door: Any, with_cases: Any, issuer: Any, path: str) -> None:
    got, told = door.ask(path, **bearer(issuer)), door.ask(path, "HEAD", **bearer(issuer))
    assert (told.status, told.body) == (200, b"")
    assert [told.headers[name] for name in ("Content-Type", "Content-Length")] == ["application/json", str(len(got.body))]
    assert {one.method for upstream in with_cases.values() for one in upstream.heard if one.target == path} == {"GET"}


def test_without_a_token_there_is_no_me(door: Any, with_cases: Any) -> None:
    assert door.ask("/v1/me/cases").status == 401 and not any(
        one.target.startswith("/v1/me") for up in with_cases.values() for one in up.heard
    )


@pytest.mark.parametrize(
    "script",
    [lambda handler: handler.say(500, b"{}"), lambda handler: handler.say(200, b"<html>"), lambda handler: handler.say(200, b"[]"),
     lambda handler: handler.say(200, b'{"cases": 7}'), lambda handler: setattr(handler, "close_connection", True)],
    ids=["500", "not JSON", "a list", "other words", "silence"],
)  # fmt: skip
def test_who_does_not_answer_well_is_named_and_the_others_are_shown(door: Any, with_cases: Any, issuer: Any, script: Any) -> None:
    with_cases["licensing"].scripts["/v1/me/"] = script
    said = door.ask("/v1/me/cases", **bearer(issuer))
    assert said.status == 200 and said.json["missing"] == ["licensing"] and len(said.json["cases"]) == len(with_cases) - 1


def test_a_stopped_service_is_named(door: Any, with_cases: Any, issuer: Any) -> None:
    with_cases["complaints"].stop()
    try:
        assert door.ask("/v1/me/cases", **bearer(issuer)).json["missing"] == ["complaints"]
    finally:
        with_cases["complaints"].start()


def test_a_hung_service_is_named_and_keeps_no_slot(door: Any, with_cases: Any, issuer: Any) -> None:
    """As often as there are slots; then the service is asked something it answers."""
    over, finance = threading.Event(), with_cases["finance-sts"]
    finance.scripts["/v1/me/"] = lambda handler: over.wait(60)
    answers: list[Any] = []
    asked = [
        threading.Thread(target=lambda: answers.append(door.ask("/v1/me/cases", **bearer(issuer)).json)) for _ in range(MOST_IN_FLIGHT + 6)
    ]
    try:
        for one in asked:
            one.start()
        for one in asked:
            one.join()
        assert all("finance-sts" in said["missing"] for said in answers)
        for _ in range(200):
            if door.ask("/v1/bills").status == 200:
                break
            time.sleep(0.05)
        assert door.ask("/v1/bills").status == 200
    finally:
        over.set()


def document(name: str) -> dict[str, Any]:
    def answer(example: Any) -> Any:
        content = {"schema": {"$ref": "#/components/schemas/View"}, "example": example}
        return {"200": {"description": "it", "content": {"application/json": content}}}

    listed, mine = answer({"questions": {"$ref": "#/answers"}}), answer({"service": name, "cases": [case(name, "2027-01-01")]})
    return {
        "openapi": "3.1.0", "info": {"title": f"About {name}", "version": "v1"},
        "paths": {
            f"/v1/{name}": {"get": {"operationId": "list", "responses": listed, "security": []}},
            "/v1/me/cases": {"get": {"operationId": "mine", "summary": "My cases at this office.", "responses": mine}},
        },
        "components": {"schemas": {"View": {"type": "object", "title": name}}, "securitySchemes": {"bearer": {"type": "apiKey"}}},
    }  # fmt: skip


@pytest.fixture
def documented(upstreams: Any) -> Any:
    for name, upstream in upstreams.items():
        upstream.scripts["/openapi.json"] = lambda handler, name=name: handler.say(200, json.dumps(document(name)).encode())
    return upstreams


def test_the_documentation_is_one_and_no_two_names_clash(a_door: Any, documented: Any) -> None:
    said = a_door().ask("/openapi.json")
    merged = said.json
    assert merged["openapi"] == "3.1.0" and merged["x-missing"] == [] and said.headers["Content-Type"] == "application/json"
    for name in documented:
        operation = merged["paths"][f"/v1/{name}"]["get"]
        reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert reference == f"#/components/schemas/{name}.View" and merged["components"]["schemas"][f"{name}.View"]["title"] == name
        assert operation["tags"] == [name] and operation["security"] == []
    everybodys = merged["paths"]["/v1/me/cases"]["get"]
    assert everybodys["tags"] == ["every-office"] and everybodys["summary"] == "My cases at every office."
    assert set(everybodys["responses"]["200"]["content"]["application/json"]["schema"]["required"]) == {"cases", "next", "missing"}
    examples = [answer["responses"]["200"]["content"]["application/json"]["example"] for answer in (operation, everybodys)]
    assert examples == [
        {"questions": {"$ref": "#/answers"}},
        {"cases": [case(name, "2027-01-01") for name in sorted(documented)], "next": None, "missing": []},
    ], "an example is shown as it is; of everybody's part as the door answers it"  # fmt: skip
    names = [operation["operationId"] for path in merged["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) and merged["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_the_documentation_names_who_is_missing_and_is_whole_again_soon(a_door: Any, documented: Any) -> None:
    door = a_door()
    documented["licensing"].stop()
    try:
        merged = door.ask("/openapi.json").json
        assert merged["x-missing"] == ["licensing"] and "/v1/licensing" not in merged["paths"] and "/v1/complaints" in merged["paths"]
    finally:
        documented["licensing"].start()
    for _ in range(200):
        if door.ask("/openapi.json").json["x-missing"] == []:
            break
        time.sleep(0.05)
    assert "/v1/licensing" in door.ask("/openapi.json").json["paths"]


def test_the_documentation_is_made_once_for_all_who_ask(a_door: Any, documented: Any) -> None:
    """It is large, and made by the one process that everybody waits for."""
    slow = documented["identity"].scripts["/openapi.json"]
    documented["identity"].scripts["/openapi.json"] = lambda handler: (time.sleep(0.3), slow(handler))
    door, answers = a_door(), list[Any]()
    asked = [threading.Thread(target=lambda: answers.append(door.ask("/openapi.json", Accept_Encoding="gzip"))) for _ in range(20)]
    for one in asked:
        one.start()
    for one in asked:
        one.join()
    assert {said.status for said in answers} == {200} and len({(said.body, said.headers["ETag"]) for said in answers}) == 1
    assert [sum(heard.target == "/openapi.json" for heard in upstream.heard) for upstream in documented.values()] == [1] * len(documented)


class Addresses(HTMLParser):
    """Everything a page loads or runs."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        told = dict(attributes)
        self.loaded += [str(told[name]) for name in ("src", "srcset", "data", "poster", "action", "background") if name in told]
        self.loaded += [str(told["href"])] if tag in ("link", "base", "use", "image") else []
        self.inline += [name for name in told if name.startswith("on") or name == "style"]
        self._inside = tag

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style") and data.strip():
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""


def test_the_page_loads_nothing_from_outside_and_runs_nothing_inline(door: Any) -> None:
    page = door.ask("/docs")
    found = Addresses()
    found.feed(page.body.decode())
    assert page.headers["Content-Type"].startswith("text/html") and sorted(found.loaded) == ["/docs.css", "/docs.js"] and found.inline == []
    for path in ("/docs", *found.loaded):
        text = door.ask(path).body.decode()
        assert not re.search(r"(?:https?:)?//[\w.-]+\.\w|@import|url\(|import\(|eval\(|innerHTML|new Function", text), path
    assert re.findall(r"fetch\(([^)]*)\)", door.ask("/docs.js").body.decode()) == ['"/openapi.json"']


@pytest.mark.parametrize("path", ["/docs", "/docs.js", "/docs.css"])
def test_the_pages_policy_allows_our_own_files_and_nothing_else(door: Any, path: str) -> None:
    policy = dict(rule.strip().partition(" ")[::2] for rule in door.ask(path).headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert set(" ".join(policy.values()).split()) == {"'none'", "'self'"}


@pytest.mark.parametrize("path", ["/docs", "/docs.js", "/docs.css", "/openapi.json"])
def test_a_page_that_has_not_changed_is_not_sent_again(door: Any, path: str) -> None:
    for accepted in ("identity", "gzip"):
        tag = door.ask(path, Accept_Encoding=accepted).headers["ETag"]
        again = door.ask(path, If_None_Match=tag, Accept_Encoding=accepted)
        assert (again.status, again.body) == (304, b"")


def test_the_beginning_leads_to_the_documentation_and_health_says_so(door: Any) -> None:
    assert (door.ask("/").status, door.ask("/").headers["Location"]) == (303, "/docs")
    assert door.ask("/healthz").json == {"status": "alive"} and door.ask("/readyz").json == {"status": "ready"}
