"""Kinds of due work: electronic signatures asked of a signer outside, NIKs asked of the national system, sounds of names filed before there were
any, and what is kept no longer."""

from civil_registry.use_cases import awaited_niks, electronic_signatures, issuing, name_sounds, retention

RUNS = {
    awaited_niks.ASK: awaited_niks.ask,
    issuing.SIGN: electronic_signatures.sign_awaiting,
    name_sounds.WRITE: name_sounds.write_missing,
    retention.ERASE: retention.erase,
}
