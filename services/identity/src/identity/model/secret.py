"""Passwords and client secrets: argon2id (RFC 9106), and as slow for a name nobody has as for one that is known.

32 MiB, two passes, one lane: some 35 ms of one core, above what OWASP asks (19 MiB, 2, 1), and twenty sign-ins a second a
core stay possible. At most two are computed at once, so that a crowd of guesses costs 64 MiB and not the machine.
"""

import threading

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1, type=argon2.Type.ID)
_AT_ONCE = threading.BoundedSemaphore(2)
NOBODY = "$argon2id$v=19$m=32768,t=2,p=1$U21hcnRDaXR5Tm9ib2R5IQ$V1DQ0cWJkqGf3KkUuVOAvT/Qe3OJzFgoMXgO8i6M0XU"
"""The hash of no password: verified for an unknown name, so that the answer takes as long."""


def hash_secret(secret: str) -> str:
    """The argon2id hash of `secret`, with its parameters and salt."""
    with _AT_ONCE:
        return _HASHER.hash(secret)


def matches(known: str | None, secret: str) -> bool:
    """Is `secret` the one behind the hash `known`? `None` (nobody) takes as long and is never true."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(known or NOBODY, secret) and known is not None
        except (VerificationError, InvalidHashError):
            return False
