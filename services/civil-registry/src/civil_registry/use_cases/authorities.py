"""Who outside does what the law gives to them: numbers of persons, electronic signatures. Without settings, each for trial."""

from civil_registry.use_cases import electronic_signatures, nik_authority
from smartcity.settings import Settings


def configure(config: Settings) -> None:
    """Choose them by the settings; opens nothing. Raises `SettingsError`."""
    nik_authority.configure(config)
    electronic_signatures.configure(config)
