"""What a service promises of its rows at rest can be asked where it runs: `python -m SERVICE verify`."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stall import Thing, thing

from smartcity.service import run_verify
from smartcity.settings import Settings


def numbered(session: Session) -> tuple[int, list[str]]:
    """Every thing has a number."""
    found = session.scalars(sa.select(Thing)).all()
    return len(found), ["a thing has none" for one in found if one.number is None]


def test_what_holds_is_said_and_what_does_not_is_named(
    service: Any, config: Settings, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = replace(service, invariants={"things are numbered": numbered})
    session.add(thing(number="T-1"))
    session.commit()
    assert run_verify(asked, config) == 0
    session.add(thing())
    session.commit()
    assert run_verify(asked, config) == 1
    said = capsys.readouterr().out.replace("✓ root keys opened by SECRET_KEY (1 seen)\n", "")
    assert said == "✓ things are numbered (1 seen)\n✗ things are numbered (2 seen)\n    a thing has none\n"
