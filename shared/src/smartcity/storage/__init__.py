"""Entities, the one transaction, and what every service's database holds."""

from smartcity.storage.encryption import Encrypted, blind_index
from smartcity.storage.entity import Aggregate, Base, Moment, get, states, uuid7
from smartcity.storage.numbering import next_number, official_number

__all__ = ["Aggregate", "Base", "Encrypted", "Moment", "blind_index", "get", "next_number", "official_number", "states", "uuid7"]
