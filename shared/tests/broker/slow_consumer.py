"""A consumer to be killed: says on its standard output what it was given. Arguments: address, queue, what to do with a body."""

import os
import signal
import sys
import threading

from smartcity.events.broker import Delivery, open_broker


def hold(delivery: Delivery) -> None:
    """Keep the message in hand until killed."""
    print(delivery.body.decode(), flush=True)
    threading.Event().wait(60)


def poisoned(delivery: Delivery) -> None:
    """Die of `poison`; be well with anything else."""
    if delivery.body == b"poison":
        os.kill(os.getpid(), signal.SIGKILL)
    print(delivery.body.decode(), flush=True)
    delivery.ack()


def slowly(delivery: Delivery) -> None:
    """Say it, ack it, take one's time: so long that a busy machine has not run out of messages before the next one is killed."""
    print(delivery.body.decode(), flush=True)
    delivery.ack()
    threading.Event().wait(0.02)


if __name__ == "__main__":
    address, queue, way = sys.argv[1:]
    open_broker(address).consumer(queue).run({"hold": hold, "poisoned": poisoned, "slowly": slowly}[way], threading.Event())
