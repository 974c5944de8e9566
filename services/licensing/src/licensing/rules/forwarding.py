"""How long to wait before a national system is tried again, or asked what came of a permit."""

from datetime import timedelta

FIRST, LONGEST, LONGEST_REST = timedelta(seconds=30), timedelta(hours=1), timedelta(minutes=15)
SOONEST_QUESTION, LATEST_QUESTION = timedelta(minutes=1), timedelta(hours=6)


def before_next_try(attempts: int) -> timedelta:
    """Of one permit that could not be handed over: twice as long each time, at most an hour."""
    return min(FIRST * 2 ** min(attempts - 1, 16), LONGEST)


def rest(failures: int) -> timedelta:
    """Of a whole system after so many failures in a row: nobody tries meanwhile. At most a quarter of an hour."""
    return min(FIRST * 2 ** min(failures - 1, 16), LONGEST_REST)


def before_next_question(since_forwarded: timedelta) -> timedelta:
    """Until a system is asked again what came of a permit: a tenth of the time it has had."""
    return min(max(since_forwarded / 10, SOONEST_QUESTION), LATEST_QUESTION)
