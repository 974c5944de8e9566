"""The command `smartcity`: one file for each group of commands."""

import sys

from smartcity_local.cli.app import app
from smartcity_local.errors import CannotGoOn, sentence_of

__all__ = ["app", "main"]


def main() -> None:
    """Run a command; what stops it is one sentence and exit code 1."""
    _register(sys.argv[1:])

    try:
        app()
    except CannotGoOn as known:
        _give_up(known)
    except OSError as error:
        if (sentence := sentence_of(error)) is None:
            raise
        _give_up(sentence)


def _register(words: list[str]) -> None:
    """Each file registers its commands. Whoever starts the suite stays for weeks and carries no more than that takes."""
    from smartcity_local.cli import running  # noqa: F401

    if words[:1] != ["up"]:
        from smartcity_local.cli import agencies, building, checking, events, keeping, people, story  # noqa: F401


def _give_up(sentence: CannotGoOn) -> None:
    print(f"smartcity: {sentence}", file=sys.stderr)
    raise SystemExit(1)
