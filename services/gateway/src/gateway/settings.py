"""The gateway's part of the environment, read once."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from urllib.parse import urlsplit

from gateway.incoming import Terms
from smartcity.settings import SettingsError

PER_MINUTE = {"api": 1200, "anonymous": 600, "sign-in": 120, "partner": 6000}


@dataclass(frozen=True)
class GatewaySettings:
    """Where it listens, whom it trusts, where it carries requests."""

    port: int
    metrics_port: int
    public_url: str
    issuer_url: str
    jwks_url: str
    upstreams: Mapping[str, tuple[str, int]]
    limits_url: str
    per_minute: Mapping[str, int]
    revoked_url: str
    origins: frozenset[str]
    terms: Terms
    log_level: str
    bind_all: bool


def load(environ: Mapping[str, str] | None = None) -> GatewaySettings:
    """Raises `SettingsError` naming the first setting that is missing or malformed."""
    env = os.environ if environ is None else environ
    for name in ("PORT", "PUBLIC_URL", "ISSUER_URL", "UPSTREAMS"):
        if not env.get(name):
            raise SettingsError(f"{name} is not set")
    if (level := env.get("LOG_LEVEL") or "INFO") not in logging.getLevelNamesMapping():
        raise SettingsError("LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR")
    return GatewaySettings(
        port=_number(env, "PORT", 0, least=1),
        metrics_port=_number(env, "METRICS_PORT", 0, least=0),
        public_url=env["PUBLIC_URL"],
        issuer_url=env["ISSUER_URL"],
        jwks_url=env.get("JWKS_URL") or env["ISSUER_URL"].rstrip("/") + "/.well-known/jwks.json",
        upstreams=dict(_upstream(pair) for pair in _words(env, "UPSTREAMS")),
        limits_url=_limits_url(env.get("LIMITS_URL", "")),
        per_minute=PER_MINUTE | dict(_quota(pair) for pair in _words(env, "LIMITS_PER_MINUTE")),
        revoked_url=env.get("REVOKED_URL", ""),
        terms=_terms(env),
        origins=frozenset(_origin(word) for word in _words(env, "CORS_ORIGINS")),
        log_level=level,
        bind_all=env.get("ENVIRONMENT") == "production",
    )


def _upstream(pair: str) -> tuple[str, tuple[str, int]]:
    name, _, url = pair.partition("=")
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or not parts.port:
        raise SettingsError(f"UPSTREAMS: {name or pair} must be NAME=http://HOST:PORT")
    return name, (parts.hostname, parts.port)


def _limits_url(url: str) -> str:
    if url and urlsplit(url).scheme not in ("redis", "rediss", "memory"):
        raise SettingsError("LIMITS_URL must be redis://…, rediss://… or memory://")
    return url


def _quota(pair: str) -> tuple[str, int]:
    name, _, count = pair.partition("=")
    if name not in PER_MINUTE or not count.isdecimal() or int(count) < 1:
        raise SettingsError(f"LIMITS_PER_MINUTE: {name or pair} must be one of {', '.join(PER_MINUTE)} and a whole number from 1")
    return name, int(count)


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or text != f"{parts.scheme}://{parts.netloc}" or "*" in text:
        raise SettingsError(f"CORS_ORIGINS: {text} must be like https://portal.example, whole and exact")
    return text


def _terms(env: Mapping[str, str]) -> Terms:
    try:
        proxies = tuple(map(ip_network, _words(env, "TRUSTED_PROXIES")))
    except ValueError:
        raise SettingsError("TRUSTED_PROXIES must be networks, with commas, e.g. 10.0.0.0/8") from None
    seconds, rate = _number(env, "HEAD_SECONDS", 10, least=1), _number(env, "BODY_BYTES_PER_SECOND", 1024, least=1)
    return Terms(seconds, rate, _number(env, "DEADLINE_SECONDS", 60, least=1), proxies)


def _number(env: Mapping[str, str], name: str, usual: int, least: int) -> int:
    text = env.get(name) or str(usual)
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise SettingsError(f"{name} must be a whole number from {least}")
    return int(text)


def _words(env: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in env.get(name, "").split(",") if word.strip()]
