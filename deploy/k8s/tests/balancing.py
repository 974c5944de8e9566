"""What a Service of Kubernetes does for two pods: connections go to one after the other."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle


@contextmanager
def balanced(targets: Sequence[int]) -> Iterator[tuple[int, dict[int, int]]]:
    """A local port whose connections are handed to the target ports in turn; and how many each has had."""
    counts = dict.fromkeys(targets, 0)
    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        threading.Thread(target=_serve, args=(door, counts), daemon=True).start()
        yield door.getsockname()[1], counts


def _serve(door: socket.socket, counts: dict[int, int]) -> None:
    for target in cycle(counts):
        try:
            caller, _ = door.accept()
        except OSError:  # the block has ended
            return
        counts[target] += 1
        called = socket.create_connection(("127.0.0.1", target))
        threading.Thread(target=_carry_both_ways, args=(caller, called), daemon=True).start()


def _carry_both_ways(caller: socket.socket, called: socket.socket) -> None:
    back = threading.Thread(target=_carry, args=(called, caller), daemon=True)
    with caller, called:
        back.start()
        _carry(caller, called)
        back.join()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
