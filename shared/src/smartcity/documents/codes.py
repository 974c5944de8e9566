"""The code printed on a document: the service's letter and 75 unguessable bits in Crockford's base32, `L7Q2-K9MD-3XZP-W4TN`."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = re.compile(rf"[A-Z][{ALPHABET}]{{15}}", re.ASCII)
_MISREAD = str.maketrans("OIL", "011")


def new_code(letter: str) -> str:
    """A fresh code of the service with this letter."""
    return _grouped(letter + "".join(secrets.choice(ALPHABET) for _ in range(15)))


def normalised(text: str) -> str | None:
    """The code as a person typed it (small letters, spaces, O for 0, I or L for 1), or `None` where it cannot be one."""
    bare = text.upper().replace("-", "").replace(" ", "")
    bare = bare[:1] + bare[1:].translate(_MISREAD)
    return _grouped(bare) if _CODE.fullmatch(bare) else None


def _grouped(bare: str) -> str:
    return "-".join(bare[i : i + 4] for i in range(0, 16, 4))
