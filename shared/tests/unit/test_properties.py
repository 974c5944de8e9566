"""How properties are tried: no test of them asserts a time."""

import hypothesis


def test_a_busy_machine_makes_no_property_red() -> None:
    assert hypothesis.settings().deadline is None
