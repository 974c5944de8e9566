"""Exchanges, queues and bindings: what a service's `migrate` declares, alike on both brokers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

INTERNAL, PUBLIC = "smartcity.internal", "smartcity.public"
"""Durable topic exchanges: what only services hear, and what agencies may hear too."""
DEAD = "smartcity.dead"
"""Durable direct exchange of what was rejected; its routing key is the queue that gave up."""
DELIVERY_LIMIT = 5


@dataclass(frozen=True)
class Topology:
    """One service's queue, the queue of what it could not read, and the `(exchange, binding key)` pairs it hears."""

    queue: str
    parked: str
    bindings: tuple[tuple[str, str], ...]

    @property
    def queue_arguments(self) -> dict[str, Any]:
        return {
            "x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD, "x-dead-letter-routing-key": self.queue,
        }  # fmt: skip

    @property
    def parked_arguments(self) -> dict[str, Any]:
        return {"x-queue-type": "quorum"}


def queue_of(service_name: str) -> str:
    """The queue a service hears from: `licensing.events`."""
    return f"{service_name}.events"


def exchange_of(public: bool) -> str:
    """The one exchange an event of this audience goes to."""
    return PUBLIC if public else INTERNAL


def topology_of(service_name: str, bindings: Iterable[tuple[str, str]]) -> Topology:
    """The topology of a service from its `(exchange, binding key)` pairs."""
    return Topology(queue_of(service_name), f"{service_name}.parked", tuple(sorted(set(bindings))))


def topology_for(service_name: str, types: Iterable[str]) -> Topology:
    """The topology of a service from the event types it hears; raises `ContractError` for one without a contract."""
    from smartcity.events import catalogue

    return topology_of(service_name, ((exchange_of(catalogue.contract(kind).audience == catalogue.PUBLIC), kind) for kind in types))
