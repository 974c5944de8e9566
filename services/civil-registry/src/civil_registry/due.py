"""Kinds of due work."""

from civil_registry.use_cases import name_sounds

RUNS = {
    name_sounds.WRITE: name_sounds.write_missing,
}
