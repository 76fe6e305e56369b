"""Periods in whole days and months, as laws count them: on the clocks of a place, not in hours.

The day in which a period begins is not counted; the period ends as the last day does, so that
whoever has three days has three whole ones.
"""

from calendar import monthrange
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from caseward.core.calendars import ONE_DAY, Calendar, first_moment

MONTHS_IN_A_YEAR = 12


def end_of_days(zone: ZoneInfo, starts_at: datetime, days: int) -> datetime:
    """Return the end (UTC) of the `days`-th local day after the one `starts_at` falls in.

    Raises:
        ValueError: a datetime without a zone, or fewer than one day.
    Source:
        Regulation (EEC, Euratom) 1182/71, Article 3: the day of the event is not counted, and the
        period ends with the last hour of the last day.
    """
    _require_some(days, "days")
    return _end_of(zone, _local_day(zone, starts_at) + days * ONE_DAY)


def end_of_months(zone: ZoneInfo, starts_at: datetime, months: int) -> datetime:
    """Return the end (UTC) of the same day of the month, `months` later.

    A month without that day ends the period with its own last day: a month from 31 January is over
    with 28 February, or with 29 February in a leap year.
    """
    _require_some(months, "months")
    return _end_of(zone, months_after(_local_day(zone, starts_at), months))


def end_of_business_days(calendar: Calendar, starts_at: datetime, days: int) -> datetime:
    """Return the end (UTC) of the `days`-th day with working time after the one of `starts_at`.

    Raises:
        ValueError: a datetime without a zone, fewer than one day, or a calendar that never opens.
    """
    _require_some(days, "days")
    if not any(calendar.weekly.values()):
        raise ValueError("a calendar without weekly working time has no business days")
    day = _local_day(calendar.zone, starts_at)
    while days:
        day += ONE_DAY
        days -= bool(calendar.spans_on(day))
    return _end_of(calendar.zone, day)


def months_after(day: date, months: int) -> date:
    """Return the same day of the month, `months` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, MONTHS_IN_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _end_of(zone: ZoneInfo, day: date) -> datetime:
    return first_moment(zone, datetime.combine(day + ONE_DAY, time.min))


def _local_day(zone: ZoneInfo, at: datetime) -> date:
    if at.utcoffset() is None:
        raise ValueError(f"expected a datetime with a zone, got {at.isoformat()} without one")
    return at.astimezone(zone).date()


def _require_some(number: int, what: str) -> None:
    if number < 1:
        raise ValueError(f"a period has at least 1 of its {what}, got {number}")
