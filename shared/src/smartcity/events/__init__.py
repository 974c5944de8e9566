"""What one office must tell another travels as an event: past tense, one fact, at least once."""

from smartcity.events.batch import batch
from smartcity.events.envelope import Event, Heard

__all__ = ["Event", "Heard", "batch"]
