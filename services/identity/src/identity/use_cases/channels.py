"""The ways a message reaches a person: what a channel must do, and which one the settings name.

`MESSAGES_URL`: `smtp://user@host:587?from=…` (STARTTLS), `smtps://…` (TLS from the start), or `file:///folder`, one file a message,
for the demonstration and tests alone. A channel writes nothing to the log.
"""

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from identity.model.letter import Letter
from smartcity.settings import Settings, SettingsError

PATIENCE = 15
SENDER = "noreply@localhost"


class Channel(Protocol):
    """One way to a person. It may be asked for the same letter twice: better two than none."""

    def send(self, letter: Letter) -> None:
        """Hand the letter over; raises `OSError` where that cannot be done now."""


class Nowhere:
    """Nobody has said how messages travel: what needs one is not offered."""

    def send(self, letter: Letter) -> None:
        raise OSError("no channel")


@dataclass(frozen=True)
class Folder:
    """A file a letter, readable by its owner alone; whole or not there."""

    path: Path

    def send(self, letter: Letter) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = self.path / f".{letter.id}"
        half.touch(mode=0o600)
        half.write_bytes(written(letter, SENDER).as_bytes())
        os.replace(half, self.path / f"{letter.id}.eml")


@dataclass(frozen=True)
class Mail:
    """SMTP, never in the clear: STARTTLS, or TLS from the start. `smtplib`'s errors are `OSError`s."""

    host: str
    port: int
    from_the_start: bool
    user: str
    password: str = field(repr=False)
    sender: str = SENDER

    def send(self, letter: Letter) -> None:
        context = ssl.create_default_context()
        with self._line(context) as line:
            if not self.from_the_start:
                line.starttls(context=context)
            if self.user:
                line.login(self.user, self.password)
            line.send_message(written(letter, self.sender))

    def _line(self, context: ssl.SSLContext) -> smtplib.SMTP:
        if self.from_the_start:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)


def written(letter: Letter, sender: str) -> EmailMessage:
    """The letter as mail (RFC 5322); a line break in an address or a subject is refused by `ValueError`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, letter.recipient, letter.subject
    mail["Message-ID"], mail["Auto-Submitted"] = f"<{letter.id}@{sender.rpartition('@')[2]}>", "auto-generated"
    mail.set_content(letter.text)
    return mail


_named: dict[str, Channel] = {}


def configure(config: Settings) -> None:
    """Read `MESSAGES_URL`; opens nothing. Raises `SettingsError` for one that is none, and for a folder in production."""
    _named["mail"] = _channel(config)


def channel() -> Channel:
    """The channel of this process."""
    return _named["mail"]


def is_open() -> bool:
    """Do messages travel at all?"""
    return not isinstance(channel(), Nowhere)


def _channel(config: Settings) -> Channel:
    url, production = config.extra["MESSAGES_URL"], config.environment == "production"
    if not url:
        return Nowhere() if production else Folder(Path(unquote(urlsplit(config.files_url).path)) / "messages")
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path and not production:
        return Folder(Path(unquote(parts.path)))
    if parts.scheme in ("smtp", "smtps") and parts.hostname:
        return _mail(parts, config.extra["MESSAGES_PASSWORD"])
    raise SettingsError("MESSAGES_URL must start with one of smtp://, smtps:// (or file://, outside production)")


def _mail(parts: SplitResult, password: str) -> Mail:
    sender = parse_qs(parts.query).get("from", [""])[0]
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 587)
    except ValueError:
        raise SettingsError("MESSAGES_URL has a malformed port") from None
    if "@" not in sender:
        raise SettingsError("MESSAGES_URL needs ?from=, the sender's address")
    return Mail(str(parts.hostname), port, parts.scheme == "smtps", unquote(parts.username or ""), password, sender)
