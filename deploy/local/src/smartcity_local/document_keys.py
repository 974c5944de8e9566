"""The public keys of this clone's offices: with them a paper is checked without asking anyone."""

import base64

from smartcity.documents.statement import key_id, public_of
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member


def public_keys(place: Place, rooms: list[Member]) -> dict[str, bytes]:
    """Public key by key id, of every service that has a document key."""
    secrets = SecretStore(place.run / "secrets")
    seeds = [base64.b64decode(secrets.key(name)) for room in rooms if (name := f"{room.name}.document_key") in secrets]
    return {key_id(public): public for public in map(public_of, seeds)}
