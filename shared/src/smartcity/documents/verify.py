"""Checking a document without asking anyone: its QR text or its PDF, and the city's public keys."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from smartcity.documents.seal import must_be_whole
from smartcity.documents.statement import PATTERN, NotGenuine, Statement, read


@dataclass(frozen=True)
class Checked:
    """A statement that holds. Compare its claims with what the paper says.

    For a PDF `sha256` is that of the whole file, and its seal holds: not a byte was changed. Whether the document still stands
    only `GET /v1/verify/{code}` says.
    """

    statement: Statement
    sha256: str | None = None


def verify_offline(document: str | bytes, keys: Mapping[str, bytes]) -> Checked:
    """`document` is text (of a QR code, or a statement) or the bytes of a PDF; `keys` are public keys by key id.

    Raises `NotGenuine`, also where a file carries two different statements or was changed after it was sealed.
    """
    raw = document.encode(errors="replace") if isinstance(document, str) else document
    found = set(PATTERN.findall(raw))
    if not found:
        raise NotGenuine("no-statement")
    if len(found) > 1:
        raise NotGenuine("several-statements")
    statement = read(found.pop().decode(), keys)
    if isinstance(document, str):
        return Checked(statement)
    must_be_whole(raw, keys[statement.key_id])
    return Checked(statement, hashlib.sha256(raw).hexdigest())
