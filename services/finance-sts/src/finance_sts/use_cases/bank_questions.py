"""Who is asked what became of a payment: what an adapter must do, and which ones the settings name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import SplitResult

from finance_sts.model.payment import Channel
from finance_sts.model.payment_question import PaymentQuestion
from finance_sts.use_cases import tables
from smartcity.partner import address
from smartcity.settings import Settings, SettingsError

ACQUIRER = "ACQUIRER"
"""The settings of the acquirer of QRIS begin so; those of a bank as `asked_by` of `data/partners.yaml` says."""
OTHERS = ("CLIENT_ID", "CLIENT_SECRET", "PRIVATE_KEY")


class BankAway(Exception):
    """It cannot be reached, or answers nonsense: ask again later. The message is a code, never what it said."""


@dataclass(frozen=True)
class Said:
    """What became of a payment: `status` as SNAP's `latestTransactionStatus`, `amount` in whole rupiah, the `reference` it is credited by."""

    status: str
    amount: int
    reference: str


class Asked(Protocol):
    """One way to ask; asking changes nothing."""

    def ask(self, question: PaymentQuestion) -> Said:
        """What became of the payment it is about; raises `BankAway`."""


_named: dict[tuple[Channel, str], Asked] = {}


def configure(config: Settings) -> None:
    """Read the `…_URL` of acquirer and banks and what belongs to each; opens nothing. Raises `SettingsError` naming what is missing or wrong."""
    from finance_sts.use_cases import bank_questions_by_snap as by_snap  # here, so that they may know what an adapter is

    _named.clear()
    for partner in tables.partners():
        for channel, prefix, way in (
            (Channel.QRIS, ACQUIRER if partner.id == tables.acquirer() else None, by_snap.Qris),
            (Channel.VIRTUAL_ACCOUNT, partner.asked_by, by_snap.VirtualAccounts),
        ):
            if prefix and (url := address(config, f"{prefix}_URL")):
                _named[channel, partner.id] = _read(config, url, prefix, way)


def _read(config: Settings, url: SplitResult, prefix: str, way: Callable[..., Asked]) -> Asked:
    named = [f"{prefix}_{other}" for other in OTHERS]
    if missing := [name for name in named if not config.extra[name]]:
        raise SettingsError(f"{missing[0]} is not set")
    try:
        return way(url, *(config.extra[name] for name in named))
    except (ValueError, TypeError):
        raise SettingsError(f"{prefix}_PRIVATE_KEY is not the base64 of the DER of an RSA private key") from None


def asked_of(channel: Channel, partner: str) -> Asked | None:
    """Who knows what became of payments by `channel` that `partner` carries, where the settings name one."""
    return _named.get((channel, partner))
