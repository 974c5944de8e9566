"""`python -m civil_registry verify-register`: is the register whole? For the auditor and the nightly invariants."""

from civil_registry.use_cases.chains import CHAINS, first_broken
from smartcity.settings import Settings
from smartcity.storage import root_keys
from smartcity.storage.transaction import Database


def verify_register(config: Settings) -> int:
    """Read every chain and say whether it holds; 0 when all do, 1 with the places where they do not."""
    database = Database(config.database_url)
    root_keys.configure(database.engine, config.secret_key, config.secret_key_other)
    try:
        with database.session() as session:
            broken = {chain.label: place for chain in CHAINS if (place := first_broken(session, chain)) is not None}
    finally:
        database.close()
    for label, place in broken.items():
        print(f"{label} is broken at position {place}")
    if not broken:
        print("the register is whole")
    return 1 if broken else 0
