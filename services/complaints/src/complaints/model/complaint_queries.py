"""How complaints are asked for where many are shown."""

import sqlalchemy as sa
from sqlalchemy.orm import raiseload

from complaints.model.complaint import Complaint


def lines() -> sa.Select[Complaint]:
    """Complaints for a list: without their histories, which no line of a list shows."""
    return sa.select(Complaint).options(raiseload(Complaint.history))
