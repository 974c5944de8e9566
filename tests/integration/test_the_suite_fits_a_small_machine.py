"""A city office's own small machine carries the whole suite, with people at work in it."""

from smartcity_local.testing import memory
from tests.integration.city import City

MOST = 1024.0
"""Megabytes of every process of the suite, its PostgreSQL among them; a page that several share is counted once."""


def test_the_whole_suite_holds_less_than_a_gigabyte(city: City) -> None:
    assert memory(city.suite.tree()) <= MOST
