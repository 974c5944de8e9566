"""What an authority is told of a child that needs a NIK."""

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.use_cases.nik_authority import Newborn
from smartcity.regions import kelurahan


def newborn(registration: BirthRegistration) -> Newborn:
    """Region, day and sex. Raises `LookupError` where the table has lost the kelurahan."""
    place = kelurahan(registration.kelurahan_code)
    if place is None:
        raise LookupError("the kelurahan is no longer in the table of regions")
    return Newborn(place.kecamatan.nik_code, registration.born_on, registration.child_sex.value)
