"""Passwords and client secrets: argon2id (RFC 9106), and as slow for a name nobody has as for one that is known.

19 MiB, two passes, one lane, as OWASP asks: twenty sign-ins a second of one core stay possible (with 32 MiB it was fourteen). At most two
are computed at once, so that a crowd of guesses costs 38 MiB and not the machine.
"""

import threading

from nacl.exceptions import InvalidkeyError
from nacl.pwhash import argon2id

PASSES, MEMORY = 2, 19 * 1024 * 1024
_AT_ONCE = threading.BoundedSemaphore(2)
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$U21hcnRDaXR5Tm9ib2R5IQ$Ouk17UbQiOa69X97OgL8ARgq4oMD9iVz08NO5WfuOu8"
"""The hash of no password: verified for an unknown name, so that the answer takes as long."""


def hash_secret(secret: str) -> str:
    """The argon2id hash of `secret`, with its parameters and salt."""
    with _AT_ONCE:
        return argon2id.str(secret.encode(), opslimit=PASSES, memlimit=MEMORY).decode()


def matches(known: str | None, secret: str) -> bool:
    """Is `secret` the one behind the hash `known`? `None` (nobody) takes as long and is never true."""
    with _AT_ONCE:
        try:
            return argon2id.verify((known or NOBODY).encode(), secret.encode()) and known is not None
        except InvalidkeyError:
            return False
