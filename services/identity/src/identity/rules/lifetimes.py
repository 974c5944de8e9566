"""How long what identity gives out lives."""

from datetime import timedelta

ACCESS_TOKEN = timedelta(minutes=10)
CODE = timedelta(seconds=60)
ASSERTION = timedelta(minutes=5)
SIGN_IN_FORM = timedelta(minutes=30)
SECOND_STEP = timedelta(minutes=10)
ONE_TIME_CODE = timedelta(minutes=15)
LETTER = timedelta(days=1)

KEY_PUBLISHED_AHEAD = timedelta(minutes=10)
KEY_PUBLISHED_AFTER = timedelta(hours=1)
KEY_ROTATED_EVERY = timedelta(days=90)

_CITIZEN_SESSION = timedelta(days=30)
_OFFICE_SESSION = timedelta(hours=12)


def session_lifetime(office: str | None) -> timedelta:
    """How long a sign-in may be refreshed: a month for a citizen, a working day for whoever acts for an office."""
    return _CITIZEN_SESSION if office is None else _OFFICE_SESSION
