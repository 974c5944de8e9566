"""What an issuer publishes: its keys, and what it has revoked. Read as a whole or not at all."""

import json
import time
import urllib.request
from http.client import HTTPException
from typing import Any

WITHIN, PART = 2.0, 65_536


def read(url: str, longest: int) -> Any:
    """The JSON at `url`: at most `longest` bytes, all of them within two seconds. Raises `OSError` and `ValueError`, whatever it is that answers."""
    end, body = time.monotonic() + WITHIN, bytearray()
    try:
        with urllib.request.urlopen(url, timeout=WITHIN) as answer:
            while part := answer.read1(PART):
                body += part
                if len(body) > longest or time.monotonic() > end:
                    raise ValueError("too long")
        return json.loads(body)
    except HTTPException as error:
        raise ConnectionError("no answer of HTTP") from error
    except RecursionError:
        raise ValueError("nested too deep") from None
