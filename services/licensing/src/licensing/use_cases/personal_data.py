"""What a person is given who asks for a copy of their data here (UU 27/2022 article 7)."""

from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_measure import PermitMeasure
from smartcity.data_requests import Records, rows


def of_person(session: Session, sub: str) -> Records:
    """Everything that is theirs, by kind."""
    permits = rows(session, Permit.owner_sub, sub)
    return {
        "permit_applications": rows(session, PermitApplication.owner_sub, sub, "documents"),
        "permits": permits,
        "permit_measures": rows(session, PermitMeasure.owner_sub, sub),
    }
