"""RabbitMQ's face: topology and depth over kombu, consumers over kombu, publishing with pika's pipelined confirms."""

import json
from typing import Any

from smartcity.events.broker import Consumer, Publisher, SameProcess
from smartcity.events.broker.connection import Address, KombuLine, connected
from smartcity.events.broker.consuming import PatientConsumer
from smartcity.events.topology import DEAD, INTERNAL, PUBLIC, Topology

CONFIRM_WITHIN = 5.0


class RabbitBroker:
    """The broker at an AMQP address; 3.10 or later, for quorum queues with a delivery limit."""

    def __init__(self, url: str) -> None:
        self._url, self._process = url, SameProcess()

    def declare(self, topology: Topology) -> None:
        self._process.check()
        with connected(self._url) as connection:
            channel = connection.channel()
            for exchange, kind in ((INTERNAL, "topic"), (PUBLIC, "topic"), (DEAD, "direct")):
                channel.exchange_declare(exchange, kind, durable=True, auto_delete=False)
            _queue(channel, topology.parked, topology.parked_arguments)
            _queue(channel, topology.queue, topology.queue_arguments)
            channel.queue_bind(topology.parked, DEAD, topology.queue)
            for exchange, key in topology.bindings:
                channel.queue_bind(topology.queue, exchange, key)
            _forget_obsolete(channel, topology)

    def publisher(self) -> Publisher:
        self._process.check()
        from smartcity.events.broker.confirms import ConfirmedPublisher

        return ConfirmedPublisher(self._url)

    def consumer(self, queue: str, prefetch: int = 50) -> Consumer:
        self._process.check()
        address = Address(self._url, queue, prefetch)
        return PatientConsumer(queue, lambda: KombuLine(address))

    def depth(self, queue: str) -> int:
        self._process.check()
        with connected(self._url) as connection:
            count: int = connection.channel().queue_declare(queue, passive=True).message_count
            return count


def _queue(channel: Any, name: str, arguments: dict[str, Any]) -> None:
    channel.queue_declare(name, durable=True, exclusive=False, auto_delete=False, arguments=arguments)


def _forget_obsolete(channel: Any, topology: Topology) -> None:
    """AMQP cannot list bindings, so the ones told last are kept in a queue of one message, `<service>.bindings`."""
    memory = topology.queue.rsplit(".", 1)[0] + ".bindings"
    _queue(channel, memory, {"x-queue-type": "quorum", "x-max-length": 1, "x-overflow": "drop-head"})
    last = channel.basic_get(memory)
    for exchange, key in json.loads(last.body) if last else ():
        if (exchange, key) not in topology.bindings:
            channel.queue_unbind(topology.queue, exchange, key)
    told = json.dumps(topology.bindings).encode()
    message = channel.prepare_message(told, content_type="application/json", properties={"delivery_mode": 2})
    channel.basic_publish_confirm(message, exchange="", routing_key=memory, mandatory=True, timeout=CONFIRM_WITHIN)
    if last:
        channel.basic_ack(last.delivery_tag)
