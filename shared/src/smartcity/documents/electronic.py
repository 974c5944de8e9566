"""Signing a finished file with a person's certificate (PAdES, UU 11/2008 Pasal 11): the place to plug in who does it.

The order: the page with its statement is rendered as PDF/A, sealed by the office, and signed last, as an incremental update behind the
sealed bytes. So the seal covers what was printed, the signature covers seal and page, and the recorded digest covers everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

SIGNED = "signature"
"""The claim of a statement whose file bears a signature, so that one without it shows."""
PADES = "pades"


class SignerAway(Exception):
    """It cannot be reached, or answered what cannot be understood; asked again later. Names the reason by a code."""


class SignerRefused(Exception):
    """It was understood, and will not sign: a person has to look. Names the reason by a code."""


@dataclass(frozen=True)
class Signatory:
    """Who signs: their account, name and capacity as printed, and what it is for."""

    sub: str
    name: str
    capacity: str
    reason: str


@dataclass(frozen=True)
class ElectronicSignature:
    """A signature that was checked: whose certificate, who vouches for it, when it says it was made."""

    by: str
    issuer: str
    serial: str
    at: datetime

    def shown(self) -> dict[str, Any]:
        """As `verify` answers it."""
        return {"by": self.by, "issuer": self.issuer, "serial": self.serial, "at": self.at}


class ElectronicSigner(Protocol):
    """Bytes in, signed bytes out. `mark` is printed on the page where its certificates prove nothing, else `None`."""

    mark: str | None
    at_once: bool
    """Signs in this process and is never away; else it is asked by due work."""

    def roots(self) -> Sequence[bytes]:
        """The certificates (DER) that vouch for its signatures."""
        ...

    def sign(self, pdf: bytes, signatory: Signatory) -> bytes:
        """The same file and a signature behind it. Raises `SignerAway`, `SignerRefused`."""
        ...


@dataclass(frozen=True)
class Signing:
    """How a kind of document is signed: by whom, and where the service keeps and finds what was made, in the transaction that renders.

    `signatory` is `None` for one that bears no signature, because it was issued before there were any.
    """

    signatory: Callable[[Session, UUID], Signatory | None]
    note: Callable[[Session, UUID, ElectronicSignature], None]
    noted: Callable[[Session, UUID], ElectronicSignature | None]


_chosen: list[ElectronicSigner] = []


def choose(signer: ElectronicSigner) -> None:
    """The one of this process."""
    _chosen[:] = [signer]


def signer() -> ElectronicSigner:
    """The one of this process; raises `RuntimeError` where none was chosen."""
    if not _chosen:
        raise RuntimeError("no electronic signer: the service's `configure` chooses one")
    return _chosen[0]


def signed(pdf: bytes, signatory: Signatory) -> tuple[bytes, ElectronicSignature]:
    """The signed file and its signature, checked before anybody relies on it. Raises `SignerAway`, `SignerRefused`."""
    from smartcity.documents.signature_check import checked
    from smartcity.documents.statement import NotGenuine

    by = signer()
    whole = by.sign(pdf, signatory)
    if not whole.startswith(pdf):
        raise SignerRefused("file-rewritten")
    try:
        return whole, checked(whole, by.roots())
    except NotGenuine as error:
        raise SignerRefused(error.code) from None
