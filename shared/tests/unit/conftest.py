"""What every test of a part of its own has at hand."""

from collections.abc import Iterator, MutableMapping, Sequence
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from smartcity.observability import log


@pytest.fixture
def logged() -> Iterator[Sequence[MutableMapping[str, Any]]]:
    """What is logged, whatever level a test before has set."""
    structlog.reset_defaults()
    vars(log).pop("bind", None)
    with capture_logs() as lines:
        yield lines
