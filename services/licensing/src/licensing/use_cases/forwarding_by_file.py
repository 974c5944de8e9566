"""Forwarding by folders: a file for each permit in `outbox`, an answer for each in `inbox`; somebody else carries them.

A share that is not mounted, or a folder that is not there, is a system that is away: nothing is made that nobody would empty.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from licensing.model.permit_forwarding import ForwardingStatus
from licensing.use_cases.national_systems import Answer, SystemAway, answer_of

LARGEST = 100_000


class Folders:
    """`outbox` and `inbox` in one folder. A file is named by the permit's number and appears whole or not at all."""

    def __init__(self, folder: str) -> None:
        self.outbox, self.inbox = Path(folder) / "outbox", Path(folder) / "inbox"

    def send(self, permit_no: str, content: Mapping[str, Any]) -> Answer:
        """Write the permit's file, unless it is there; what the inbox says of it already counts."""
        if not self.inbox.is_dir():
            raise SystemAway("inbox-missing")
        known = self.ask(permit_no)
        if known is None:
            self._write(self.outbox / _name(permit_no), json.dumps(content, ensure_ascii=False, indent=1).encode())
        return known or Answer(ForwardingStatus.FORWARDED)

    def ask(self, permit_no: str) -> Answer | None:
        """The answer in the inbox; it must name the permit itself."""
        try:
            with (self.inbox / _name(permit_no)).open("rb") as file:
                told = json.loads(file.read(LARGEST))
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            raise SystemAway("answer-unreadable") from None
        if not isinstance(told, dict) or told.get("permit_no") != permit_no:
            raise SystemAway("answer-unreadable")
        return answer_of(told)

    def _write(self, file: Path, content: bytes) -> None:
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            if file.exists():
                return
            descriptor = os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o640)
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            unfinished.replace(file)
        except FileNotFoundError:
            raise SystemAway("outbox-missing") from None
        except OSError:
            raise SystemAway("outbox-not-writable") from None


def _name(permit_no: str) -> str:
    return quote(permit_no, safe="") + ".json"
