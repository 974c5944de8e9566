"""Checking a document without asking anyone: its QR text or its PDF, and the city's public keys."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from smartcity.documents.electronic import SIGNED, ElectronicSignature
from smartcity.documents.seal import sealed_part
from smartcity.documents.statement import PATTERN, NotGenuine, Statement, read


@dataclass(frozen=True)
class Checked:
    """A statement that holds. Compare its claims with what the paper says.

    For a PDF `sha256` is that of the whole file, and its seal holds: not a byte was changed; `signature` is the person's within it, where its
    kind bears one. Whether the document still stands only `GET /v1/verify/{code}` says.
    """

    statement: Statement
    sha256: str | None = None
    signature: ElectronicSignature | None = None


def verify_offline(
    document: str | bytes, keys: Mapping[str, bytes], roots: Sequence[bytes] = (), withdrawn: Collection[str] = ()
) -> Checked:
    """`document` is text (of a QR code, or a statement) or the bytes of a PDF; `keys` are public keys by key id, `roots` the certificates
    (DER) that vouch for electronic signatures. Of a paper with a key among the `withdrawn` only its office can say whether it is genuine.

    Raises `NotGenuine`, also where a file carries two different statements, was changed after it was sealed or signed, or lacks its signature.
    """
    raw = document.encode(errors="replace") if isinstance(document, str) else document
    found = set(PATTERN.findall(raw))
    if not found:
        raise NotGenuine("no-statement")
    if len(found) > 1:
        raise NotGenuine("several-statements")
    statement = read(found.pop().decode(), keys)
    if statement.key_id in withdrawn:
        raise NotGenuine("key-withdrawn")
    if isinstance(document, str):
        return Checked(statement)
    return Checked(statement, hashlib.sha256(raw).hexdigest(), _signature(raw, statement, keys, roots))


def _signature(raw: bytes, statement: Statement, keys: Mapping[str, bytes], roots: Sequence[bytes]) -> ElectronicSignature | None:
    behind = raw[len(sealed_part(raw, keys[statement.key_id])) :]
    if b"/ByteRange" in behind:
        from smartcity.documents.signature_check import checked

        return checked(raw, roots)
    if behind:
        raise NotGenuine("file-changed")
    if SIGNED in statement.claims:
        raise NotGenuine("no-signature")
    return None
