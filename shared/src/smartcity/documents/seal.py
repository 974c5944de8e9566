"""A PDF that shows by itself whether a byte of it was changed: a signature of the whole file, in a place kept free for it.

Text: `SCF1.` and base64url of an Ed25519 signature (64 bytes) over a purpose prefix and the SHA-256 of the file as it is with every
seal blank. A seal is as long as the blank one, so the file's structure stays, and nothing follows its end (ISO 19005-2, 6.1.3) but an
electronic signature with an end of its own (`electronic`).
"""

import base64
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from smartcity.documents.statement import NotGenuine

BLANK = "SCF1." + "A" * 86
PATTERN = re.compile(rb"SCF1\.([A-Za-z0-9_-]{86})")
END = re.compile(rb"%%EOF")
MOST_REVISIONS = 8
_PURPOSE = b"smartcity.file.v1\0"


def sealed(seed: bytes, pdf: bytes) -> bytes:
    """The rendered file with its seal. Raises `ValueError` where no place was kept for it."""
    if BLANK.encode() not in pdf:
        raise ValueError("the layout keeps no place for the seal")
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_signed(pdf))
    return PATTERN.sub(b"SCF1." + base64.urlsafe_b64encode(signature).rstrip(b"="), pdf)


def sealed_part(pdf: bytes, public: bytes) -> bytes:
    """What was sealed: the whole file, or all of it that stands before an electronic signature.

    Raises `NotGenuine` for a file without a seal, and for one that was changed after it was sealed.
    """
    if not PATTERN.search(pdf):
        raise NotGenuine("file-not-sealed")
    ends = [found.end() for found in END.finditer(pdf)][:MOST_REVISIONS]
    for end in {len(pdf): None, **dict.fromkeys(ends)}:
        if _holds(pdf[:end], public):
            return pdf[:end]
    raise NotGenuine("file-changed")


def _holds(pdf: bytes, public: bytes) -> bool:
    found = set(PATTERN.findall(pdf))
    if len(found) != 1:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.urlsafe_b64decode(found.pop() + b"=="), _signed(pdf))
    except InvalidSignature:
        return False
    return True


def _signed(pdf: bytes) -> bytes:
    return _PURPOSE + hashlib.sha256(PATTERN.sub(BLANK.encode(), pdf)).digest()
