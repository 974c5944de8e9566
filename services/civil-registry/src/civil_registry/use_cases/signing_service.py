"""The national signing service (BSrE) by its e-sign client at an address: a file in, the signed file out.

Path and fields (`data/signing_service.yaml`) are from memory and await confirmation; what differs belongs there and here and nowhere else.
"""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult

from civil_registry.use_cases.registry_data import signing_terms
from smartcity.documents import Signatory, SignerAway, SignerRefused
from smartcity.identity_number import is_nik
from smartcity.partner import NoAnswer, Partner

WITHIN = 20.0
"""Seconds for each step of a call, and for its whole answer: the service asks an authority for the time."""
LARGEST = 5_000_000


@dataclass(frozen=True)
class Account:
    """With what a person's signature is asked for. Never shown."""

    nik: str = field(repr=False)
    passphrase: str = field(repr=False)

    def __post_init__(self) -> None:
        if not is_nik(self.nik) or not self.passphrase:
            raise ValueError("a NIK and a passphrase")


class SigningService:
    """Asked by due work, never within a request."""

    mark: str | None = None
    at_once = False

    def __init__(
        self, url: SplitResult, login: tuple[str, str], accounts: Mapping[str, Account], roots: Sequence[bytes], within: float = WITHIN
    ) -> None:
        self.partner, self.accounts, self._roots = Partner(url, within, LARGEST), accounts, roots
        self.headers = {"Authorization": f"Basic {b64encode(':'.join(login).encode()).decode()}"}

    def roots(self) -> Sequence[bytes]:
        """The certificates that vouch for its signatures."""
        return self._roots

    def sign(self, pdf: bytes, signatory: Signatory) -> bytes:
        """200 with a PDF: signed. 4xx: refused, by the code that the service gives. All else: away."""
        if signatory.sub not in self.accounts:
            raise SignerRefused("signer-without-account")
        status, said = self._call(pdf, signatory, self.accounts[signatory.sub])
        if status == 200 and said.startswith(b"%PDF-"):
            return said
        if status in signing_terms()["refusals"]:
            raise SignerRefused(f"refused-{_code(said)}")
        raise SignerAway(f"status-{status}" if status != 200 else "answer-not-understood")

    def _call(self, pdf: bytes, signatory: Signatory, account: Account) -> tuple[int, bytes]:
        terms = signing_terms()
        said = {"nik": account.nik, "passphrase": account.passphrase, "reason": signatory.reason, **terms["fields"]}
        kind, body = _form({terms["names"].get(name, name): value for name, value in said.items()}, terms["names"]["file"], pdf)
        try:
            return self.partner.call("POST", terms["path"], body, {**self.headers, "Content-Type": kind})
        except NoAnswer as nothing:
            raise SignerAway(nothing.reason) from None


def _form(said: Mapping[str, str], file: str, pdf: bytes) -> tuple[str, bytes]:
    """(content type, body) of a form with a file (RFC 7578). The file is called alike every time: its number names a person's paper."""
    edge = secrets.token_hex(16)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in said.items()]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{file}"; filename="kutipan.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + head.encode() + pdf + f"\r\n--{edge}--\r\n".encode()


def _code(said: bytes) -> str:
    """The service's own number of what is wrong; never its sentence, which may name people."""
    try:
        told: Any = json.loads(said)
        return str(int(told["status_code"]))
    except (ValueError, TypeError, KeyError):
        return "unknown"
