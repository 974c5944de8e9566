"""`agency`: a queue of public events for another office of government, and how its account is made."""

from typing import Annotated
from urllib.parse import urlsplit

import kombu
import typer

from smartcity.events.topology import DELIVERY_LIMIT, PUBLIC, queue_of
from smartcity_local.cli.app import app, console
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import here


@app.command()
def agency(
    code: Annotated[str, typer.Argument(help="The office, in lower case: bpn.")],
    keys: Annotated[list[str], typer.Argument(help="What it hears: licensing.permit.#")],
) -> None:
    """Make an office's queue of public events (RabbitMQ only), and say how its account is made.

    The account may read this one queue and nothing else: it declares nothing, binds nothing, publishes nothing.
    """
    place = here()
    if not place.broker_url.startswith("amqp"):
        raise CannotGoOn("The embedded broker is a file of this machine: another office hears at RabbitMQ (make run BROKER_URL=amqp://…).")
    name, queue = f"agency-{code}", queue_of(f"agency.{code}")
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT}
    with kombu.Connection(place.broker_url) as connection:
        channel = connection.default_channel
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments)
        for key in keys:
            channel.queue_bind(queue, PUBLIC, key)
    vhost = urlsplit(place.broker_url).path.lstrip("/") or "/"
    console.print(f"{queue} hears {', '.join(keys)}. On the server, once:", markup=False)
    console.print(f"  rabbitmqctl add_user {name}", markup=False)
    console.print(f"  rabbitmqctl set_permissions -p {vhost} {name} '^$' '^$' '^{queue.replace('.', '[.]')}$'", markup=False)
