"""When money that was booked on a day may stand on a bank's statement: from the banking day before it to the one after it."""

from datetime import date

from smartcity.calendar import ONE, is_working_day, next_working_day


def window(day: date) -> tuple[date, date]:
    """First and last value date that fit a booking of `day`: ±1 banking day, which is a working day of the city's calendar."""
    first = day - ONE
    while not is_working_day(first):
        first -= ONE
    return first, next_working_day(day)
