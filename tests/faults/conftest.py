"""The whole suite, as the integration tests have it."""

from tests.integration.conftest import broker, city

__all__ = ["broker", "city"]
