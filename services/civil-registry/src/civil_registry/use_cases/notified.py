"""What a hospital has told of a registration, against what the parent says."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_notification import BirthNotification
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.registration_person import Part

BIRTH_LETTER = "birth_letter"
"""The paper in whose place a notification stands: it is the hospital's own word."""


def differences(session: Session, registration: BirthRegistration) -> list[str] | None:
    """Fields of the child's identity in which the parent differs from the hospital; `None` where no hospital has told."""
    query = sa.select(BirthNotification).where(BirthNotification.registration_id == registration.id)
    told = session.scalars(query).one_or_none()
    if told is None:
        return None
    said: dict[str, Any] = json.loads(told.said)
    mother = registration.person(Part.MOTHER)
    pairs = {
        "child.born_on": (said["child"]["born_on"], registration.born_on.isoformat()),
        "child.sex": (said["child"]["sex"], registration.child_sex.value),
        "mother.nik": (said["mother"]["nik"], mother.nik if mother else None),
    }
    return [field for field, (theirs, ours) in pairs.items() if theirs != ours]


def notified_as_said(session: Session, registration: BirthRegistration) -> bool:
    """Has a hospital told of this very birth, as the parent says it?"""
    return differences(session, registration) == []


def warnings_of(session: Session, registration: BirthRegistration) -> list[dict[str, str]]:
    """Field and code of what does not agree with the hospital."""
    return [{"field": field, "code": "differs-from-notification"} for field in differences(session, registration) or ()]
