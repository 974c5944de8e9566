"""The environment, read once into a frozen value. A missing or malformed setting stops the start and names itself."""

import base64
import binascii
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A setting is missing or malformed. The message names the variable and never shows a secret."""


@dataclass(frozen=True)
class Settings:
    """What a process of a service needs to know of the world around it."""

    service: str
    database_url: str
    broker_url: str
    files_url: str
    issuer_url: str
    public_url: str
    secret_key: bytes = field(repr=False)
    document_key: bytes = field(repr=False)
    port: int = 0
    metrics_port: int = 0
    log_level: str = "INFO"
    environment: str = "production"
    clock_file: Path | None = None
    jwks_url: str = ""
    revoked_url: str = ""
    pool_size: int = 2
    secret_key_other: bytes | None = field(default=None, repr=False)
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def address(self) -> str:
        """Where to listen: a pod is reached from outside it (probes, gateway, Prometheus); elsewhere only this machine asks."""
        return "0.0.0.0" if self.environment == "production" else "127.0.0.1"  # noqa: S104


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str | None = None) -> str:
        value = self.environ.get(name, default)
        if value is None or (value == "" and default is None):
            raise SettingsError(f"{name} is not set")
        return value

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.environ.get(name) or default)  # set to nothing is not set: `make` hands on what it was not given
        except ValueError:
            raise SettingsError(f"{name} is not a whole number") from None

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name)
        if urlsplit(value).scheme not in schemes:
            raise SettingsError(f"{name} must start with one of {', '.join(s + '://' for s in schemes)}")
        return value

    def key(self, name: str) -> bytes:
        try:
            value = base64.b64decode(self.text(name), validate=True)
        except binascii.Error:
            raise SettingsError(f"{name} is not base64") from None
        if len(value) != 32:
            raise SettingsError(f"{name} must hold 32 bytes")
        return value

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingsError(f"{name} must be one of {', '.join(allowed)}")
        return value


def load(
    service: str, extra: tuple[str, ...] = (), environ: Mapping[str, str] | None = None, options: Mapping[str, str] = MappingProxyType({})
) -> Settings:
    """Settings of a process of `service`; `extra` names those the service itself declares, `options` those that may be left out, with what then holds.

    Raises `SettingsError` for the first one missing or malformed, and when production is given a moved clock.
    """
    read = _Reader(os.environ if environ is None else environ)
    environment = read.choice("ENVIRONMENT", "production", ("production", "demo", "test"))
    clock_file = read.text("CLOCK_FILE", "")
    if clock_file and environment == "production":
        raise SettingsError("CLOCK_FILE must not be set in production: its clocks are honest")
    issuer = read.url("ISSUER_URL", ("http", "https"))
    return Settings(
        service=service,
        database_url=read.url("DATABASE_URL", ("postgresql",)),
        broker_url=read.url("BROKER_URL", ("amqp", "amqps", "embedded")),
        files_url=read.url("FILES_URL", ("file",)),
        issuer_url=issuer,
        public_url=read.url("PUBLIC_URL", ("http", "https")),
        secret_key=read.key("SECRET_KEY"),
        document_key=read.key("DOCUMENT_KEY"),
        port=read.number("PORT", 0),
        metrics_port=read.number("METRICS_PORT", 0),
        log_level=read.choice("LOG_LEVEL", "INFO", tuple(logging.getLevelNamesMapping())),
        environment=environment,
        clock_file=Path(clock_file) if clock_file else None,
        jwks_url=read.text("JWKS_URL", issuer.rstrip("/") + "/.well-known/jwks.json"),
        revoked_url=read.text("REVOKED_URL", ""),
        pool_size=read.number("POOL_SIZE", 2),
        secret_key_other=read.key("SECRET_KEY_OTHER") if read.text("SECRET_KEY_OTHER", "") else None,
        extra=MappingProxyType(
            {name: read.text(name) for name in extra} | {name: read.text(name, usual) for name, usual in options.items()}
        ),
    )
