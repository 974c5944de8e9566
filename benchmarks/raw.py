"""What a relay is measured against: publishing and nothing else, pipelined and confirmed, of the same payloads."""

import time
from collections.abc import Sequence
from typing import Any

import pika

from smartcity.events.broker import Outgoing, open_broker

IN_FLIGHT = 1000
BATCH = 500


def publish(url: str, batch: Sequence[Outgoing]) -> float:
    """Messages a second."""
    return _amqp(url, batch) if url.startswith("amqp") else _embedded(url, batch)


def _embedded(url: str, batch: Sequence[Outgoing]) -> float:
    publisher = open_broker(url).publisher()
    publisher.send(batch[:1])
    begin = time.perf_counter()
    for at in range(0, len(batch), BATCH):
        publisher.send(batch[at : at + BATCH])
    took = time.perf_counter() - begin
    publisher.close()
    return len(batch) / took


def _amqp(url: str, batch: Sequence[Outgoing]) -> float:
    """pika with many in flight, and no bookkeeping but the count of confirms."""
    return _Flood(url, batch).run()


class _Flood:
    def __init__(self, url: str, batch: Sequence[Outgoing]) -> None:
        self._batch, self._sent, self._confirmed = batch, 0, 0
        self._begin = self._end = 0.0
        self._properties = [
            pika.BasicProperties(content_type=one.content_type, delivery_mode=2, message_id=one.message_id, type=one.type) for one in batch
        ]
        self._connection = pika.SelectConnection(pika.URLParameters(url), on_open_callback=self._opened)

    def run(self) -> float:
        self._connection.ioloop.start()
        return len(self._batch) / (self._end - self._begin)

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        channel.confirm_delivery(self._answered, callback=self._start)

    def _start(self, _: Any) -> None:
        self._begin = time.perf_counter()
        self._send()

    def _send(self) -> None:
        upto = min(len(self._batch), self._confirmed + IN_FLIGHT)
        for number in range(self._sent, upto):
            one = self._batch[number]
            self._channel.basic_publish(one.exchange, one.routing_key, one.body, self._properties[number], mandatory=True)
        self._sent = upto

    def _answered(self, frame: Any) -> None:
        tag = frame.method.delivery_tag
        self._confirmed = tag if frame.method.multiple else self._confirmed + 1
        if self._confirmed >= len(self._batch):
            self._end = time.perf_counter()
            self._connection.add_on_close_callback(lambda *_: self._connection.ioloop.stop())
            self._connection.close()
        else:
            self._send()
