"""A city office's own small machine carries the whole suite, with people at work in it."""

from smartcity_local.testing import memory
from tests.integration.city import City

MOST = 1100.0
"""Megabytes, after all that the tests before have asked of it (837 after `make demo`), of every process of the suite, its PostgreSQL among them; a page that several share is counted once."""


def test_the_whole_suite_stays_within_1100_mb(city: City) -> None:
    assert memory(city.suite.tree()) <= MOST
