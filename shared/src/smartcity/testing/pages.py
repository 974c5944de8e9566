"""A list walked through page by page, as a client does."""

from collections.abc import Iterator
from typing import Any

from flask.testing import FlaskClient

Line = dict[str, Any]


def pages(client: FlaskClient, path: str, headers: dict[str, str], limit: int = 1) -> Iterator[list[Line]]:
    """Its pages of `limit` lines, each asked for when it is taken; of `me/cases` the `cases`."""
    following: str | None = ""
    while following is not None:
        said: Any = client.get(f"{path}?limit={limit}{following}", headers=headers).json
        yield said["items"] if "items" in said else said["cases"]
        following = said["next"] and f"&cursor={said['next']}"


def my_cases(client: FlaskClient, headers: dict[str, str]) -> list[str]:
    """The ids of all cases, asked for one a page."""
    return [line["id"] for page in pages(client, "/v1/me/cases", headers) for line in page]
