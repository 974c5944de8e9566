"""The public keys of this clone's offices: with them a paper is checked without asking anyone, here or anywhere else."""

import base64
import binascii
import json
from pathlib import Path

from smartcity.documents.statement import key_id, public_of
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member


def public_keys(place: Place, rooms: list[Member]) -> dict[str, bytes]:
    """Public key by key id, of every service that has a document key."""
    secrets = SecretStore(place.run / "secrets")
    seeds = [base64.b64decode(secrets.key(name)) for room in rooms if (name := f"{room.name}.document_key") in secrets]
    return {key_id(public): public for public in map(public_of, seeds)}


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
