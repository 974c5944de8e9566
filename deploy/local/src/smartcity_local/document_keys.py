"""The public keys of this clone's offices and the roots of their signatures: with them a paper is checked without asking anyone, here or anywhere else."""

import base64
import json
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from smartcity.documents.statement import key_id, public_of
from smartcity.documents.trial_authority import authority
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member

PEM = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class PublicKeys:
    """Keys by key id, and which of them were withdrawn because others may sign with them."""

    keys: dict[str, bytes]
    withdrawn: frozenset[str] = frozenset()


def public_keys(place: Place, rooms: list[Member]) -> dict[str, bytes]:
    """The public key with which each service that prints signs today, by key id."""
    return {key_id(public): public for public in map(public_of, _seeds(place, rooms))}


def published(place: Place, rooms: list[Member]) -> list[dict[str, Any]]:
    """Every key with which an office has signed, as the running suite tells everybody; today's alone where it does not run."""
    lines: dict[str, dict[str, Any]] = {line["key_id"]: line for line in written(public_keys(place, rooms))}
    for room in rooms:
        try:
            answer = httpx.get(f"{place.public_url}/v1/open-data/{room.name}/document-keys", timeout=5)
        except httpx.TransportError:
            break
        if answer.status_code == 200:
            lines.update((line["key_id"], line) for line in answer.json()["keys"])
    return list(lines.values())


def trial_roots(place: Place, rooms: list[Member]) -> list[bytes]:
    """The certificates (DER) that vouch for this clone's signatures for trial."""
    return [authority(seed).certificate for seed in _seeds(place, rooms)]


def _seeds(place: Place, rooms: list[Member]) -> list[bytes]:
    secrets = SecretStore(place.run / "secrets")
    return [base64.b64decode(secrets.key(name)) for room in rooms if (name := f"{room.name}.document_key") in secrets]


def written(keys: dict[str, bytes]) -> list[dict[str, Any]]:
    """Keys in the form in which offices publish them."""
    return [{"key_id": name, "public_key": base64.b64encode(public).decode(), "withdrawn_at": None} for name, public in keys.items()]


def read(lines: list[dict[str, Any]]) -> PublicKeys:
    """Keys as offices publish them; raises `ValueError` or `LookupError` for anything else."""
    keys = {line["key_id"]: base64.b64decode(line["public_key"], validate=True) for line in lines}
    if not keys or any(len(public) != 32 or key_id(public) != name for name, public in keys.items()):
        raise ValueError("no public keys")
    return PublicKeys(keys, frozenset(line["key_id"] for line in lines if line.get("withdrawn_at")))


def read_file(file: Path) -> PublicKeys:
    """The keys of a file that `smartcity document-keys` or an office's `document-keys` gave; raises `CannotGoOn` for anything else."""
    try:
        return read(json.loads(file.read_text())["keys"])
    except (OSError, AttributeError, TypeError, LookupError, ValueError) as error:
        raise CannotGoOn(f"{file} has no public keys as `smartcity document-keys` writes them.") from error


def pem(roots: list[bytes]) -> str:
    """The roots as `smartcity document-roots` prints them for others."""
    return "".join(ssl.DER_cert_to_PEM_cert(root) for root in roots)


def read_roots(file: Path) -> list[bytes]:
    """The certificates of a PEM file; raises `CannotGoOn` for one that holds none."""
    try:
        roots = [ssl.PEM_cert_to_DER_cert(found) for found in PEM.findall(file.read_text())]
    except (OSError, ValueError) as error:
        raise CannotGoOn(f"{file} holds no certificates as PEM.") from error
    if not roots:
        raise CannotGoOn(f"{file} holds no certificates as PEM.")
    return roots
