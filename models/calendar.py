"""Dates: how they are written, moved by months, and counted in years."""

import calendar
import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date

DAYS_PER_YEAR = 365.25
SECONDS_PER_DAY = 86_400.0
HOURS_PER_DAY = 24.0


def parse_day(value: object) -> date:
    """Return the date written as 2027-01-15, 2027-01, 2027Q1 or 2027 (text or number).

    Raises ValueError, naming the accepted forms, for anything else.
    """
    if isinstance(value, date):
        return value
    text = "" if isinstance(value, bool) else str(value).strip()
    if quarter := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        return date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1)
    if match := re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII):
        try:
            return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
        except ValueError:
            pass
    raise ValueError("must be a date such as 2027-01-15, 2027-01, 2027Q1 or 2027")


def add_months(day: date, months: int) -> date:
    """Return the same day of the month, `months` later; the 31st becomes a shorter month's last."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def years_between(first: date, second: date) -> float:
    """Years from the first date to the second, of 365.25 days each [years]."""
    return (second - first).days / DAYS_PER_YEAR


def step_value(steps: Mapping[date, float], day: date) -> float:
    """The value that holds on a day: that of the latest step not after it, else 0."""
    dates = sorted(steps)
    position = bisect_right(dates, day)
    return steps[dates[position - 1]] if position else 0.0
