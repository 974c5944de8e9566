"""How a letter is written, and which channel the settings name."""

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from identity.model.letter import Letter
from identity.use_cases import channels
from identity.use_cases.channels import Folder, Mail, Nowhere, written
from smartcity.settings import Settings, SettingsError

LETTER = {
    "recipient": "ratna@example.com",
    "subject": "Kode 123456",
    "text": "Isi surat.\n",
    "expires_at": datetime(2026, 3, 2, tzinfo=UTC),
}
BASE = Settings("identity", "", "", "file:///nowhere/files", "", "", b"", b"", environment="test")


def named(url: str, environment: str = "production") -> Any:
    extra = MappingProxyType({"MESSAGES_URL": url, "MESSAGES_PASSWORD": "p"})
    channels.configure(replace(BASE, environment=environment, extra=extra))
    return channels.channel()


def test_the_settings_name_the_channel() -> None:
    assert named("smtp://kota@mail.example:2525?from=kota@example.com") == Mail(
        "mail.example", 2525, False, "kota", "p", "kota@example.com"
    )
    assert named("smtps://mail.example?from=kota@example.com") == Mail("mail.example", 465, True, "", "p", "kota@example.com")
    assert named("file:///tmp/surat", "demo") == Folder(Path("/tmp/surat"))
    assert named("", "demo") == Folder(Path("/nowhere/files/messages"))
    assert isinstance(named(""), Nowhere) and not channels.is_open()


@pytest.mark.parametrize(
    "url", ["file:///tmp/surat", "http://mail.example", "smtp://mail.example", "smtp://mail.example:x?from=a@b.c", "x"]
)
def test_a_channel_that_is_none_stops_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match="MESSAGES_URL"):
        named(url)


def test_the_password_of_the_mail_server_is_never_printed() -> None:
    assert "p'" not in repr(named("smtp://kota@mail.example?from=kota@example.com"))


def test_a_letter_in_a_folder_is_whole_and_its_owners_alone(tmp_path: Path) -> None:
    letter = Letter(**LETTER)
    Folder(tmp_path / "surat").send(letter)
    Folder(tmp_path / "surat").send(letter)
    (file,) = (tmp_path / "surat").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "To: ratna@example.com" in file.read_text() and "Isi surat." in file.read_text()


def test_no_header_can_be_smuggled_in() -> None:
    with pytest.raises(ValueError, match=r"linefeed"):
        written(Letter(**{**LETTER, "subject": "Kode\nBcc: x@example.com"}), "kota@example.com")


class Server:
    """What `smtplib` offers, listening to itself."""

    said: list[Any]

    def __init__(self, host: str, port: int, **more: Any) -> None:
        Server.said = [("open", host, port)]

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        Server.said.append("closed")

    def starttls(self, *, context: Any) -> None:
        Server.said.append(("tls", context.check_hostname))

    def login(self, user: str, password: str) -> None:
        Server.said.append((user, password))

    def send_message(self, mail: Any) -> None:
        Server.said.append((mail["From"], mail["To"], mail.get_content()))


def test_mail_is_sent_under_tls_before_the_password_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smtplib.SMTP", Server)
    named("smtp://kota@mail.example?from=kota@example.com").send(Letter(**LETTER))
    letter = ("kota@example.com", "ratna@example.com", "Isi surat.\n")
    assert Server.said == [("open", "mail.example", 587), ("tls", True), ("kota", "p"), letter, "closed"]
    monkeypatch.setattr("smtplib.SMTP_SSL", Server)
    named("smtps://mail.example?from=kota@example.com").send(Letter(**LETTER))
    assert Server.said == [("open", "mail.example", 465), letter, "closed"]
