"""Kinds of due work: electronic signatures asked of a signer outside, NIKs asked of the national system, sounds of names filed before there were any."""

from civil_registry.use_cases import awaited_niks, electronic_signatures, issuing, name_sounds

RUNS = {
    awaited_niks.ASK: awaited_niks.ask,
    issuing.SIGN: electronic_signatures.sign_awaiting,
    name_sounds.WRITE: name_sounds.write_missing,
}
