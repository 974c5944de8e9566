"""What counts, keeps and configures, without a process."""

import dataclasses
from typing import Any

import pytest
from gunicorn.http.errors import InvalidChunkSize

from gateway import settings
from gateway.answers import Answer
from gateway.cache import OVERHEAD, Cache
from gateway.incoming import Body, BodyFailed, Request, Terms
from gateway.limits import WINDOW, Limits
from gateway.proxy import _counted
from smartcity import context
from smartcity.settings import SettingsError

PUBLIC = ("Cache-Control", "public, max-age=60")
ENVIRON = {
    "PORT": "8080", "PUBLIC_URL": "http://127.0.0.1:8080", "ISSUER_URL": "http://127.0.0.1:8080",
    "UPSTREAMS": "licensing=http://127.0.0.1:8085, identity=http://10.0.0.1:8081",
}  # fmt: skip


def get(target: str, **sent: str) -> Request:
    return Request("GET", target, target, list(sent.items()), "-", Body(None, None, 0, False, Terms()), context.Context(), sent)


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the limits, to be turned."""
    now = [WINDOW * 1000.0]
    monkeypatch.setattr("gateway.limits.time.time", lambda: now[0])
    return now


@pytest.mark.parametrize("url", ["", "memory://"])
def test_a_quota_is_of_one_minute_one_class_and_one_caller(minute: list[float], url: str) -> None:
    limits = Limits(url, {"api": 2, "anonymous": 1})
    assert [limits.ask("api", "budi").allowed for _ in range(3)] == [True, True, False]
    assert limits.ask("api", "siti").allowed and limits.ask("anonymous", "budi").allowed
    minute[0] += WINDOW - 1
    refused = limits.ask("api", "budi")
    assert not refused.allowed and ("Retry-After", "1") in refused.headers
    minute[0] += 1
    assert limits.ask("api", "budi").headers == [("RateLimit-Policy", '"api";q=2;w=60'), ("RateLimit", '"api";r=1;t=60')]


def test_two_doors_with_one_store_count_together_and_go_on_alone_without_it(minute: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = (Limits("memory://", {"api": 3}) for _ in range(2))
    there._shared = here._shared
    assert [here.ask("api", "budi").used, there.ask("api", "budi").used] == [1, 2]
    away = RuntimeError("away")
    monkeypatch.setattr(type(here._shared), "base_exceptions", property(lambda _: RuntimeError))
    monkeypatch.setattr(here._shared, "incr", lambda *_: (_ for _ in ()).throw(away))
    assert [here.ask("api", "budi").used for _ in range(2)] == [1, 2] and there.ask("api", "budi").used == 1


@pytest.mark.parametrize(
    "one, other, together",
    [("7.7.7.7", "7.7.7.8", False), ("2001:db8::1", "2001:db8:0:0:ffff::2", True), ("2001:db8::1", "2001:db8:0:1::1", False)],
)
def test_who_has_a_network_of_addresses_has_one_quota(one: str, other: str, together: bool) -> None:
    """A household or a phone is given a /64 of IPv6: 2**64 addresses."""
    asked = [_counted(dataclasses.replace(get("/v1/permits"), address=address), None, None) for address in (one, other)]
    assert (asked[0] == asked[1]) is together


@pytest.mark.parametrize("error, status", [(TimeoutError(), 408), (ConnectionResetError(), 400), (InvalidChunkSize(b"z"), 400)])
def test_a_body_that_stops_coming_is_too_slow_and_one_that_breaks_off_unreadable(error: Exception, status: int) -> None:
    class Parsed:
        def read(self, _: int) -> bytes:
            raise error

    body = Body(Parsed(), None, 10, False, Terms())
    with pytest.raises(BodyFailed) as failed:
        body.part()
    assert failed.value.status == status and body.failed


def test_the_cache_is_small_and_forgets_what_was_not_asked_for_longest() -> None:
    cache, carried = Cache(most_bytes=3 * (OVERHEAD + 1000)), list[str]()

    def ask(target: str) -> None:
        cache.through(get(target), lambda: (carried.append(target), Answer(200, [PUBLIC], b"x" * 1000))[1])

    for target in ("/a", "/b", "/c", "/a", "/d", "/a", "/b"):
        ask(target)
    assert carried == ["/a", "/b", "/c", "/d", "/b"]


def test_a_kept_answer_grows_old() -> None:
    now, carried = [0.0], list[float]()
    cache = Cache(now=lambda: now[0])

    def ask() -> Answer:
        return cache.through(get("/a"), lambda: (carried.append(now[0]), Answer(200, [PUBLIC], b"x"))[1])

    ask()
    now[0] = 59.5
    assert ask().get("age") == "59"
    now[0] = 60.0
    assert ask().get("age") == "" and carried == [0.0, 60.0]


def test_answers_that_vary_are_kept_apart() -> None:
    cache, carried = Cache(), list[str]()

    def ask(accept: str) -> bytes | Any:
        request = get("/a", accept=accept)
        return cache.through(request, lambda: (carried.append(accept), Answer(200, [PUBLIC, ("Vary", "Accept")], accept.encode()))[1]).body

    assert [ask(accept) for accept in ("a", "b", "a", "b")] == [b"a", b"b", b"a", b"b"] and carried == ["a", "b"]


def test_the_settings_are_read_once_and_whole() -> None:
    found = settings.load({**ENVIRON, "LIMITS_PER_MINUTE": "api=7", "TRUSTED_PROXIES": "10.0.0.0/8"})
    assert found.upstreams == {"licensing": ("127.0.0.1", 8085), "identity": ("10.0.0.1", 8081)}
    assert found.per_minute["api"] == 7 and found.per_minute["partner"] == settings.PER_MINUTE["partner"]
    assert found.jwks_url == "http://127.0.0.1:8080/.well-known/jwks.json" and not found.bind_all
    assert dataclasses.asdict(found.terms)["head"] == 10 and str(found.terms.proxies[0]) == "10.0.0.0/8"


@pytest.mark.parametrize(
    "name, value",
    [("PORT", ""), ("PORT", "80a"), ("PUBLIC_URL", ""), ("ISSUER_URL", ""), ("UPSTREAMS", ""), ("UPSTREAMS", "licensing"),
     ("UPSTREAMS", "licensing=https://a:1"), ("UPSTREAMS", "licensing=http://a"), ("LIMITS_URL", "postgres://x"), ("LIMITS_PER_MINUTE", "api"),
     ("LIMITS_PER_MINUTE", "api=0"), ("LIMITS_PER_MINUTE", "other=5"), ("HEAD_SECONDS", "0"), ("BODY_BYTES_PER_SECOND", "fast"),
     ("DEADLINE_SECONDS", "-1"), ("TRUSTED_PROXIES", "10.0.0.1/8"), ("LOG_LEVEL", "LOUD"), ("METRICS_PORT", "x"), ("CORS_ORIGINS", "*")],
)  # fmt: skip
def test_a_missing_or_malformed_setting_stops_the_start_and_names_itself(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        settings.load({**ENVIRON, name: value})
