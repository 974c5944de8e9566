"""Who stands behind an examination: whoever held it, and everybody in whose name they did."""

from sqlalchemy.orm import Session

from licensing.model.examination import EXAMINE
from licensing.model.permit_application import PermitApplication
from smartcity import duties


def behind(session: Session, application: PermitApplication) -> frozenset[str]:
    """None of them approves it. Examinations from before duties were kept count by the one who held them."""
    return application.examiners | duties.hands(session, application.id, EXAMINE)
