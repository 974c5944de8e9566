"""The public keys of this clone's offices and the roots of their signatures: with them a paper is checked without asking anyone, here or anywhere else."""

import base64
import binascii
import json
import re
import ssl
from pathlib import Path

from smartcity.documents.statement import key_id, public_of
from smartcity.documents.trial_authority import authority
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member

PEM = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def public_keys(place: Place, rooms: list[Member]) -> dict[str, bytes]:
    """Public key by key id, of every service that has a document key."""
    return {key_id(public): public for public in map(public_of, _seeds(place, rooms))}


def trial_roots(place: Place, rooms: list[Member]) -> list[bytes]:
    """The certificates (DER) that vouch for this clone's signatures for trial."""
    return [authority(seed).certificate for seed in _seeds(place, rooms)]


def _seeds(place: Place, rooms: list[Member]) -> list[bytes]:
    secrets = SecretStore(place.run / "secrets")
    return [base64.b64decode(secrets.key(name)) for room in rooms if (name := f"{room.name}.document_key") in secrets]


def written(keys: dict[str, bytes]) -> dict[str, str]:
    """The keys as `smartcity document-keys` prints them for others: base64 by key id."""
    return {name: base64.b64encode(public).decode() for name, public in keys.items()}


def read_keys(file: Path) -> dict[str, bytes]:
    """The keys of a file that `smartcity document-keys` made; raises `CannotGoOn` for anything else."""
    try:
        keys = {name: base64.b64decode(public, validate=True) for name, public in json.loads(file.read_text()).items()}
    except (OSError, AttributeError, TypeError, ValueError, binascii.Error) as error:
        raise CannotGoOn(f"{file} has no public keys as `smartcity document-keys` writes them.") from error
    if not keys or any(len(public) != 32 or key_id(public) != name for name, public in keys.items()):
        raise CannotGoOn(f"{file} has no public keys as `smartcity document-keys` writes them.")
    return keys


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
