"""The standards as pure functions."""
