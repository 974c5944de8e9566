"""A pod's processes can be reached from outside the pod: by the kubelet's probes, by the gateway, by Prometheus."""

import dataclasses
from typing import Any

import pytest

import gateway.service
import smartcity.web
import smartcity.work
from gateway import settings as of_the_gateway
from licensing.service import SERVICE
from smartcity import service
from smartcity.settings import Settings

EVERYWHERE = "0.0.0.0"  # noqa: S104


@pytest.fixture(scope="session", name="service")
def the_service() -> service.Service:
    return SERVICE


@pytest.fixture
def production(config: Settings) -> Settings:
    """A process of the cluster."""
    return dataclasses.replace(config, environment="production", clock_file=None, port=8080, metrics_port=9090)


class Listening(Exception):
    """Stops a process where it begins to listen."""


def test_web_listens_on_every_address(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = list[str]()
    monkeypatch.setattr(smartcity.web.Server, "serve", lambda server: bound.extend(server.cfg.bind))
    service.run_web(SERVICE, production)
    assert bound == [f"{EVERYWHERE}:8080"]


def test_work_shows_its_metrics_on_every_address(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dict[str, Any]()

    def listen(port: int, **how: Any) -> None:
        asked.update(how, port=port)
        raise Listening

    monkeypatch.setattr(smartcity.work, "start_http_server", listen)
    with pytest.raises(Listening):
        service.run_work(SERVICE, production)
    assert (asked["port"], asked.get("addr", EVERYWHERE)) == (9090, EVERYWHERE)


TOLD = {
    "PORT": "8080", "METRICS_PORT": "9090", "PUBLIC_URL": "https://a", "ISSUER_URL": "https://a", "UPSTREAMS": "a=http://a:1",
    "ENVIRONMENT": "production",
}  # fmt: skip


def test_the_gateway_listens_on_every_address() -> None:
    assert of_the_gateway.load(TOLD).bind_all


def test_the_gateway_shows_its_metrics_on_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = dict[str, Any]()

    def listen(port: int, **how: Any) -> None:
        asked.update(how, port=port)
        raise Listening

    monkeypatch.setattr(gateway.service, "start_http_server", listen)
    worker = gateway.service.serving(of_the_gateway.load(TOLD))
    with pytest.raises(Listening):
        worker.run(object())
    assert (asked["port"], asked.get("addr", EVERYWHERE)) == (9090, EVERYWHERE)
