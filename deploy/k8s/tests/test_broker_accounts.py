"""The accounts and the topology of the manifests, imported into a real RabbitMQ and used by the kernel."""

import json
import threading
from pathlib import Path
from urllib.parse import urlsplit

import kombu
import pytest

from deploy.k8s.generate.broker import hears
from deploy.k8s.tests import definitions
from deploy.k8s.tests.rendering import rendered
from deploy.k8s.tests.rules.data import TABLE
from smartcity.events.broker import BrokerAway, Delivery, Outcome, Outgoing, open_broker
from smartcity.events.topology import INTERNAL, PUBLIC, topology_for
from smartcity.testing.rabbitmq import Node

PAID, ISSUED = "finance-sts.bill.paid.v1", "licensing.permit.issued.v1"


@pytest.fixture(scope="module")
def broker(rabbitmq_node: Node, tmp_path_factory: pytest.TempPathFactory) -> str:
    """`host:port` of a broker that has the accounts of production, and nothing declared yet."""
    folder = tmp_path_factory.mktemp("definitions")
    _import(rabbitmq_node, folder, definitions.accounts(rendered("overlays/production")))
    for name in TABLE.trades:  # no exchange, queue or binding is there before: `migrate` makes its own
        open_broker(_url(rabbitmq_node, f"{name}-migrate")).declare(topology_for(name, hears(name)))
    _import(rabbitmq_node, folder, definitions.topology(rendered("overlays/production")))
    return _url(rabbitmq_node, "{}")


def _import(node: Node, folder: Path, told: object) -> None:
    file = folder / "definitions.json"
    file.write_text(json.dumps(told))
    node.control("import_definitions", str(file))


def _url(node: Node, account: str) -> str:
    return f"amqp://{account}:{definitions.PASSWORD}@{urlsplit(node.url).hostname}:{urlsplit(node.url).port}/smartcity"


def _send(url: str, exchange: str, kind: str) -> Outcome:
    publisher = open_broker(url).publisher()
    try:
        (outcome,) = publisher.send([Outgoing(exchange, kind, "1", kind, b"{}")])
        return outcome
    finally:
        publisher.close()


def _received(url: str, queue: str) -> list[str]:
    stop, keys = threading.Event(), list[str]()

    def on_message(delivery: Delivery) -> None:
        keys.append(delivery.routing_key)
        delivery.ack()
        stop.set()

    limit = threading.Timer(20, stop.set)
    limit.start()
    open_broker(url).consumer(queue).run(on_message, stop)
    limit.cancel()
    return keys


def test_what_the_operator_makes_and_what_migrate_declares_are_one(broker: str) -> None:
    for name in TABLE.trades:
        open_broker(broker.format(f"{name}-migrate")).declare(topology_for(name, hears(name)))


def test_a_service_sends_its_events_and_another_reads_them(broker: str) -> None:
    assert _send(broker.format("finance-sts"), INTERNAL, PAID) is Outcome.CONFIRMED
    assert _received(broker.format("licensing"), "licensing.events") == [PAID]


def test_an_agency_reads_public_events(broker: str) -> None:
    assert _send(broker.format("licensing"), PUBLIC, ISSUED) is Outcome.CONFIRMED
    assert _received(broker.format("agency-bapenda"), "agency.bapenda.events") == [ISSUED]


@pytest.mark.parametrize(
    ("account", "exchange", "kind"),
    [
        ("licensing", INTERNAL, PAID),
        ("finance-sts", PUBLIC, ISSUED),
        ("licensing-migrate", INTERNAL, "licensing.permit.issued.v1"),
        ("agency-bapenda", PUBLIC, ISSUED),
        ("licensing", "", "finance-sts.events"),
    ],
)
def test_nobody_speaks_for_another(broker: str, account: str, exchange: str, kind: str) -> None:
    with pytest.raises(BrokerAway):
        _send(broker.format(account), exchange, kind)


@pytest.mark.parametrize("account", ["finance-sts", "finance-sts-migrate", "agency-bapenda", "scaler"])
def test_nobody_reads_a_neighbours_queue(broker: str, account: str) -> None:
    with kombu.Connection(broker.format(account)) as connection, pytest.raises(connection.channel_errors, match=r"ACCESS_REFUSED|403"):
        connection.channel().basic_get("licensing.events")


@pytest.mark.parametrize("account", ["finance-sts-migrate", "agency-bapenda", "licensing"])
def test_nobody_binds_to_what_is_not_for_them(broker: str, account: str) -> None:
    queue = {"agency-bapenda": "agency.bapenda.events"}.get(account, f"{account.removesuffix('-migrate')}.events")
    with kombu.Connection(broker.format(account)) as connection, pytest.raises(connection.channel_errors, match=r"ACCESS_REFUSED|403"):
        connection.channel().queue_bind(queue, INTERNAL, "civil-registry.#")
