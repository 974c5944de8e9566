"""How long one who guesses must wait. Counted for the typed name (known or not) and for the address it came from.

The waits are short at first and doubled with every further failure, so that a person who mistyped waits seconds and a
machine that guesses waits out the day; the cap keeps a stranger from locking somebody out for long (NIST SP 800-63B §5.2.2).

Behind one address there may be thousands (a carrier's NAT): it is given more, waits are short, and its count eases with time, or the
mistakes of a whole city would add up for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Guarded(StrEnum):
    """What is counted: failures, and (of an address and a recipient) codes that were asked for."""

    ACCOUNT = "account"
    ADDRESS = "address"
    CLIENT_ADDRESS = "client_address"
    CODE_ADDRESS = "code_address"
    RECIPIENT = "recipient"
    SECOND_FACTOR = "second_factor"


ADDRESSES = (Guarded.ADDRESS, Guarded.CLIENT_ADDRESS, Guarded.CODE_ADDRESS)


@dataclass(frozen=True)
class Patience:
    """How many failures are free, how long the first wait is, its longest, and after how long without a failure everything is forgiven.

    `eases`: every such time forgives one, whatever happens meanwhile; zero: nothing does.
    """

    free: int
    first: timedelta
    longest: timedelta
    forgiven_after: timedelta
    eases: timedelta = timedelta()


PATIENCE: Mapping[Guarded, Patience] = MappingProxyType({
    Guarded.ACCOUNT: Patience(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=24)),
    Guarded.ADDRESS: Patience(100, timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=30)),
    Guarded.CLIENT_ADDRESS: Patience(20, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1)),
    Guarded.CODE_ADDRESS: Patience(60, timedelta(seconds=5), timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=30)),
    Guarded.RECIPIENT: Patience(3, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)),
    Guarded.SECOND_FACTOR: Patience(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=24)),
})  # fmt: skip


def one_more(guarded: Guarded, failures: int, since: datetime, now: datetime) -> tuple[int, datetime]:
    """What is counted after one failure more, and since when it eases. `failures` and `since`: what was counted before."""
    patience, quiet = PATIENCE[guarded], max(now - since, timedelta())
    if quiet > patience.forgiven_after:
        return 1, now
    if not patience.eases:
        return failures + 1, now
    forgiven = quiet // patience.eases
    return (1, now) if forgiven >= failures else (failures - forgiven + 1, since + forgiven * patience.eases)


def wait_after(guarded: Guarded, failures: int) -> timedelta:
    """The wait after that many failures in a row; none while they are free."""
    patience = PATIENCE[guarded]
    over = failures - patience.free
    if over < 0:
        return timedelta()
    return min(patience.longest, patience.first * (1 << min(over, 20)))
