"""A process that ends must not take what another one has just published with it."""

import subprocess
import sys
from pathlib import Path

from smartcity.events.broker import Outcome, Outgoing, open_broker
from smartcity.events.topology import INTERNAL, topology_of

LEAVING = """
import sys
from smartcity.events.broker import open_broker
open_broker(sys.argv[1]).depth("hearer.events")
"""


def an_event(number: int) -> Outgoing:
    return Outgoing(INTERNAL, "a.b.v1", str(number), "a.b.v1", b"{}", {})


def test_what_is_published_after_a_neighbour_has_left_is_still_there(tmp_path: Path) -> None:
    url = f"embedded://{tmp_path}/bus.db"
    broker = open_broker(url)
    broker.declare(topology_of("hearer", [(INTERNAL, "a.b.v1")]))
    first, second = broker.publisher(), broker.publisher()
    for number, publisher in enumerate((first, second), 1):
        assert publisher.send([an_event(number)]) == [Outcome.CONFIRMED]
        subprocess.run([sys.executable, "-c", LEAVING, url], check=True)
    assert first.send([an_event(3)]) == [Outcome.CONFIRMED]
    check = "import sys; from smartcity.events.broker import open_broker; print(open_broker(sys.argv[1]).depth('hearer.events'))"
    seen = subprocess.run([sys.executable, "-c", check, url], check=True, capture_output=True, text=True)
    assert seen.stdout.strip() == "3"
    first.close()
    second.close()
