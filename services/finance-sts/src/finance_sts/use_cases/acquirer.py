"""The acquirer, asked what became of a QRIS payment: what an adapter must do, and which one the settings name."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from smartcity.settings import Settings, SettingsError

OTHERS = ("ACQUIRER_CLIENT_ID", "ACQUIRER_CLIENT_SECRET", "ACQUIRER_PRIVATE_KEY")


class AcquirerAway(Exception):
    """It cannot be reached, or answers nonsense: ask again later. The message is a code, never what it said."""


@dataclass(frozen=True)
class Said:
    """What became of a payment: `status` as SNAP's `latestTransactionStatus`, `amount` in whole rupiah."""

    status: str
    amount: int


class Acquirer(Protocol):
    """One way to ask; asking changes nothing."""

    def ask(self, label: str, reference: str) -> Said:
        """Of the payment `reference` (the acquirer's number) for the bill that its code calls `label`; raises `AcquirerAway`."""


_named: list[Acquirer] = []


def configure(config: Settings) -> None:
    """Read `ACQUIRER_URL` and what belongs to it; opens nothing. Raises `SettingsError` naming what is missing or wrong."""
    from finance_sts.use_cases.acquirer_by_snap import OverSnap  # here, so that it may know what an adapter is

    _named.clear()
    url = urlsplit(config.extra["ACQUIRER_URL"])
    if not config.extra["ACQUIRER_URL"]:
        return
    if url.scheme not in ("http", "https") or not url.hostname:
        raise SettingsError("ACQUIRER_URL must start with one of https://, http://")
    missing = [name for name in OTHERS if not config.extra[name]]
    if missing:
        raise SettingsError(f"{missing[0]} is not set")
    try:
        _named.append(OverSnap(url, *(config.extra[name] for name in OTHERS)))
    except (ValueError, TypeError):
        raise SettingsError("ACQUIRER_PRIVATE_KEY is not the base64 of the DER of an RSA private key") from None


def named() -> Acquirer | None:
    """The acquirer, where the settings name one."""
    return _named[0] if _named else None
