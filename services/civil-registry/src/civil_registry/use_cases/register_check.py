"""`python -m civil_registry verify-register`: is the register whole? For the auditor and the nightly invariants."""

from civil_registry.use_cases.birth_register import first_broken
from smartcity.settings import Settings
from smartcity.storage.encryption import keyring
from smartcity.storage.transaction import Database


def verify_register(config: Settings) -> int:
    """Read the whole chain and say whether it holds; 0 when it does, 1 with the place where it does not."""
    keyring.configure(config.secret_key)
    database = Database(config.database_url)
    try:
        with database.session() as session:
            broken = first_broken(session)
    finally:
        database.close()
    print("the register is whole" if broken is None else f"the register is broken at position {broken}")
    return 0 if broken is None else 1
