"""What one more service costs: its own pages, those of its connections, and nothing that its neighbours have already."""

import os
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from smartcity_local.new_service import make_service
from smartcity_local.testing import Suite, memory

ADDED = "street-light"
MOST = 60.0


@pytest.fixture
def grown(suite: Suite) -> Suite:
    """A running clone with a service that was made by `smartcity new-service`."""
    make_service(suite.place.root, ADDED, "Lampu Jalan")
    suite.more["PYTHONPATH"] += f"{os.pathsep}{suite.place.root / 'services' / ADDED / 'src'}"
    suite.up()
    return suite


def ask(port: int, path: str) -> None:
    with suppress(urllib.error.HTTPError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        answer.read()


def test_an_added_service_costs_at_most_60_mb(grown: Suite) -> None:
    port = grown.programs()[f"{ADDED}-web"]["port"]
    for path in ("/readyz", "/openapi.json", "/v1/me/cases", "/metrics") * 3:
        ask(port, path)
    with_it = grown.tree()
    much = memory(with_it)
    assert grown.command("stop-service", ADDED).returncode == 0
    without = grown.tree()
    assert len(with_it) - len(without) >= 4, "its web, its work and their connections"
    assert 10 < much - memory(without) <= MOST
