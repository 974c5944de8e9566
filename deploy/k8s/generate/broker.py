"""Exchanges, queues, bindings and accounts at the broker, from the kernel's own topology and the contracts."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from smartcity.events import topology
from smartcity.events.catalogue import all_contracts

API = "rabbitmq.com/v1beta1"
VHOST = "smartcity"
NOTHING, _DOT = "^$", "\\."
EXCHANGES = {topology.INTERNAL: "topic", topology.PUBLIC: "topic", topology.DEAD: "direct"}
MEMORY_OF_BINDINGS = {"x-max-length": 1, "x-overflow": "drop-head"}


def hears(service: str) -> list[str]:
    """The types a service must hear, as the contracts say; the kernel refuses to start with others."""
    return sorted(contract.name for contract in all_contracts().values() if service in contract.heard_by)


def common() -> Iterator[dict[str, Any]]:
    """The virtual host, the exchanges, the account of the scaler."""
    yield _thing("Vhost", VHOST, name=VHOST, defaultQueueType="quorum")
    for name, kind in EXCHANGES.items():
        yield _thing("Exchange", name.replace(".", "-"), name=name, type=kind, durable=True, autoDelete=False, vhost=VHOST)
    yield _thing("User", "scaler", tags=["monitoring"])
    yield _permission("scaler", NOTHING, NOTHING, NOTHING)


def service(name: str) -> Iterator[dict[str, Any]]:
    """A service's queues and its two accounts: `work` sends and receives, `migrate` alone may declare."""
    told = topology.topology_for(name, hears(name))
    yield _queue(f"{name}-events", told.queue, told.queue_arguments)
    yield _queue(f"{name}-parked", told.parked, told.parked_arguments)
    yield _queue(f"{name}-bindings", f"{name}.bindings", {"x-queue-type": "quorum", **MEMORY_OF_BINDINGS})
    yield _binding(f"{name}-parked", topology.DEAD, told.parked, told.queue)
    for exchange, key in told.bindings:
        yield _binding(f"{name}-hears-{_slug(key)}", exchange, told.queue, key)
    yield _thing("User", name)
    yield _permission(name, NOTHING, _one_of((topology.INTERNAL, topology.PUBLIC)), _one_of((told.queue,)))
    queues = (told.queue, told.parked, f"{name}.bindings")
    declares = _one_of((*EXCHANGES, *queues))
    yield _thing("User", f"{name}-migrate")
    yield _permission(f"{name}-migrate", declares, _one_of((*EXCHANGES, *queues, "amq.default")), declares)
    for exchange in (topology.INTERNAL, topology.PUBLIC):
        keys = [key for where, key in told.bindings if where == exchange]
        yield _topics(name, exchange, f"^{name}{_DOT}", NOTHING)
        yield _topics(f"{name}-migrate", exchange, NOTHING, _one_of(keys) if keys else NOTHING)


def agency(code: str, keys: Iterable[str]) -> Iterator[dict[str, Any]]:
    """An office's queue of public events, and an account that reads it and nothing else."""
    queue = f"agency.{code}.events"
    yield _queue(f"agency-{code}", queue, {"x-queue-type": "quorum", "x-delivery-limit": topology.DELIVERY_LIMIT})
    for key in keys:
        yield _binding(f"agency-{code}-hears-{_slug(key)}", topology.PUBLIC, queue, key)
    yield _thing("User", f"agency-{code}", limits={"connections": 5, "channels": 20})
    yield _permission(f"agency-{code}", NOTHING, NOTHING, _one_of((queue,)))
    for exchange in (topology.INTERNAL, topology.PUBLIC):
        yield _topics(f"agency-{code}", exchange, NOTHING, NOTHING)


def _thing(kind: str, called: str, /, **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": API,
        "kind": kind,
        "metadata": {"name": called},
        "spec": {**spec, "rabbitmqClusterReference": {"name": "rabbitmq"}},
    }


def _queue(name: str, queue: str, arguments: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in arguments.items() if key != "x-queue-type"}
    more = {"arguments": rest} if rest else {}
    kind = arguments["x-queue-type"]
    return _thing("Queue", name, name=queue, vhost=VHOST, type=kind, durable=True, autoDelete=False, deletionPolicy="retain", **more)


def _binding(name: str, exchange: str, queue: str, key: str) -> dict[str, Any]:
    return _thing("Binding", name, vhost=VHOST, source=exchange, destination=queue, destinationType="queue", routingKey=key)


def _permission(user: str, configure: str, write: str, read: str) -> dict[str, Any]:
    permissions = {"configure": configure, "write": write, "read": read}
    return _thing("Permission", user, vhost=VHOST, userReference={"name": user}, permissions=permissions)


def _topics(user: str, exchange: str, write: str, read: str) -> dict[str, Any]:
    permissions = {"exchange": exchange, "write": write, "read": read}
    name = f"{user}-{exchange.rpartition('.')[2]}"
    return _thing("TopicPermission", name, vhost=VHOST, userReference={"name": user}, permissions=permissions)


def _one_of(names: Iterable[str]) -> str:
    return f"^({'|'.join(name.replace('.', _DOT) for name in names)})$"


def _slug(key: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", key.replace("#", "all")).strip("-")
