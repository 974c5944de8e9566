"""`python -m await_schema PACKAGE`: wait until the database has the schema revision that this image's code needs.

The first container of every `work` pod. Exit code 1 after `PATIENCE`, so that Kubernetes shows the pod as failing and tries again.
"""

import os
import sys
import time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.storage import revision

PATIENCE = 300.0
PAUSE = 1.0


def found(url: str) -> str:
    """The revision of the database, or nothing where there is none, or no database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"connect_timeout": 3})
    try:
        with Session(engine) as session:
            return revision.current(session)
    except sa.exc.SQLAlchemyError:
        return ""


def main(package: str, patience: float = PATIENCE) -> int:
    """0 as soon as the schema is there."""
    needed, end = revision.needed(package), time.monotonic() + patience
    while (seen := found(os.environ["DATABASE_URL"])) < needed:
        if time.monotonic() > end:
            print(f"{package} needs {needed}, the database has {seen or 'nothing'}", file=sys.stderr)
            return 1
        time.sleep(PAUSE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
