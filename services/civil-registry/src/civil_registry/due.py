"""Kinds of due work: NIKs asked of the national system, sounds of names filed before there were any."""

from civil_registry.use_cases import awaited_niks, name_sounds

RUNS = {
    awaited_niks.ASK: awaited_niks.ask,
    name_sounds.WRITE: name_sounds.write_missing,
}
