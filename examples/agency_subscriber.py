"""Another office of government in one file: it hears every permit the city issues, and can do nothing else there.

    AMQP_URL=amqp://agency-bpn:…@127.0.0.1:5672/%2F python examples/agency_subscriber.py --queue agency.bpn.events

Its queue and account are made by the city (`smartcity agency bpn 'licensing.permit.#'`). Each event is acked when it has been dealt with, so one
that is told while we are away, or that we die over, comes again: keep the ids you have dealt with. Events: docs/events. Needs pika only.
"""

import argparse
import json
import os
import sys
from typing import Any

import pika

ISSUED = "id.go.pemkomedan.licensing.permit.issued.v1"


def on_event(channel: Any, delivery: Any, properties: Any, body: bytes) -> None:
    """Print a permit; pass over what we do not know."""
    event = json.loads(body)
    if event["type"] == ISSUED:
        permit = event["data"]
        print(f"{permit['issued_at'][:10]}  {permit['permit_no']}  {permit['kelurahan_code']}  Rp{permit['retribution_total']}", flush=True)
    channel.basic_ack(delivery.delivery_tag)


def main() -> int:
    """Until Ctrl-C, or `--most` events."""
    arguments = argparse.ArgumentParser(description="Print the permits the city issues.")
    arguments.add_argument("--queue", default="agency.bpn.events")
    arguments.add_argument("--most", type=int, default=0, help="stop after so many events; 0 goes on for ever")
    asked = arguments.parse_args()
    with pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"])) as connection:
        channel = connection.channel()
        channel.basic_qos(prefetch_count=10)
        for heard, (delivery, properties, body) in enumerate(channel.consume(asked.queue), 1):
            on_event(channel, delivery, properties, body)
            if heard == asked.most:
                break
        channel.cancel()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
