"""Answers for everybody: kept by caches, known by their ETag."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response

MAX_AGE = 300
"""Seconds."""


def published(view: Callable[..., Any]) -> Callable[..., Response]:
    """Caches may keep the answer for five minutes, the gateway's too; who has it asks by its ETag (RFC 9111, 9110 §13)."""

    @wraps(view)
    def answered(*args: Any, **more: Any) -> Response:
        answer = make_response(view(*args, **more))
        answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE
        answer.add_etag()
        return answer

    return answered
