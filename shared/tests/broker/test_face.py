"""The face itself: what it loads, what it names, and how topics match."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartcity.events import topology
from smartcity.events.broker.embedded.routing import matches

words = st.lists(st.sampled_from("abc"), max_size=5).map(".".join)


def test_the_face_loads_neither_kombu_nor_pika() -> None:
    program = (
        "import sys, smartcity.events.broker as b, smartcity.events.topology\n"
        "b.open_broker('embedded:///nowhere/bus.db').publisher()\n"
        "loaded = {'kombu', 'pika', 'amqp'} & set(sys.modules)\n"
        "sys.exit(f'loaded {loaded}' if loaded else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_embedded_broker_is_heard_without_kombu() -> None:
    program = (
        "import sys, tempfile, threading\n"
        "from smartcity.events.broker import Outgoing, open_broker\n"
        "from smartcity.events.topology import topology_of\n"
        "broker, stop = open_broker(f'embedded://{tempfile.mkdtemp()}/bus.db'), threading.Event()\n"
        "broker.declare(topology_of('room', []))\n"
        "broker.publisher().send([Outgoing('', 'room.events', '1', 'a', b'{}')])\n"
        "broker.consumer('room.events').run_many(lambda batch: (batch.ack(), stop.set()), stop)\n"
        "sys.exit('loaded' if 'kombu' in sys.modules else 0)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_services_topology_names_its_queues_and_sorts_its_bindings() -> None:
    made = topology.topology_of("licensing", [("x", "b"), ("x", "a"), ("x", "b")])
    assert made == topology.Topology("licensing.events", "licensing.parked", (("x", "a"), ("x", "b")))
    assert made.queue_arguments == {
        "x-queue-type": "quorum", "x-dead-letter-exchange": "smartcity.dead", "x-dead-letter-routing-key": "licensing.events",
        "x-delivery-limit": 5,
    }  # fmt: skip


def test_each_audience_has_one_exchange() -> None:
    assert (topology.exchange_of(public=True), topology.exchange_of(public=False)) == ("smartcity.public", "smartcity.internal")


def test_a_type_without_a_contract_cannot_be_heard() -> None:
    from smartcity.events.catalogue import ContractError

    with pytest.raises(ContractError):
        topology.topology_for("licensing", ["nobody.tells.this.v1"])


@given(words)
def test_a_key_without_wildcards_matches_itself_alone(key: str) -> None:
    assert matches(key, key)
    assert not matches(key, f"{key}.more")


@given(words)
def test_a_hash_matches_everything(key: str) -> None:
    assert matches("#", key)
    assert matches("#.#", key)


@given(words, words)
def test_a_hash_behind_a_prefix_matches_the_prefix_and_all_below(prefix: str, rest: str) -> None:
    joined = ".".join(part for part in (prefix, rest) if part)
    assert matches(f"{prefix}.#" if prefix else "#", joined)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=5))
def test_stars_match_exactly_as_many_words(key: list[str]) -> None:
    assert matches(".".join("*" * len(key)), ".".join(key))
    assert not matches(".".join("*" * (len(key) + 1)), ".".join(key))
