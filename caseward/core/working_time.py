"""Working time: how much of it lies between two moments, and when an amount of it is used up.

What passes is counted in real time, so a night shift is an hour shorter when summer time begins
and an hour longer when it ends. Moments may come in any zone and go out in UTC. Whole weeks are
taken at once and remembered: ninety days ahead is thirteen steps, not ninety.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from caseward.core.calendars import NO_TIME, ONE_DAY, Calendar, Opening, Span, Week, week_number

__all__ = [
    "Calendar",
    "NoWorkingTime",
    "Opening",
    "Span",
    "add_working",
    "elapsed_working",
    "is_open",
    "next_opening",
    "openings_between",
]


class NoWorkingTime(ValueError):
    """The calendar has no working time left after the given moment, today or ever."""


def elapsed_working(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> timedelta:
    """Return the working time in `[starts_at, ends_at)`.

    Raises:
        ValueError: a datetime without a zone, or an end before the start.
    """
    starts_at, ends_at = _ordered_utc(starts_at, ends_at)
    return sum(
        (
            _inside(week, starts_at, ends_at)
            for week in _weeks_between(calendar, starts_at, ends_at)
        ),
        NO_TIME,
    )


def add_working(calendar: Calendar, starts_at: datetime, duration: timedelta) -> datetime:
    """Return the first moment (UTC) at which `duration` of working time has passed.

    A duration used up at closing time ends there, not at the next opening. No duration at all
    ends where it starts, working or not.

    Raises:
        ValueError: a datetime without a zone, or a negative duration.
        NoWorkingTime: the calendar never has that much working time.
    Source:
        Zoho Desk, "Resolution time for cases": Monday to Friday 9-18, eight hours promised on
        Monday at 16:00 are due on Tuesday at 15:00.
    """
    starts_at = _as_utc(starts_at)
    if duration < NO_TIME:
        raise ValueError(f"duration must not be negative, got {duration}")
    return _spend(calendar, starts_at, duration) if duration else starts_at


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Say whether `at` is working time; an opening is open at its first moment, not its last."""
    at = _as_utc(at)
    return any(
        opening.opens_at <= at < opening.closes_at
        for week in _weeks_between(calendar, at, at)
        for opening in week.openings
    )


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """Return the first moment (UTC) of working time at or after `at`: `at` itself when open.

    Raises:
        ValueError: a datetime without a zone.
        NoWorkingTime: the calendar never opens again.
    """
    at = _as_utc(at)
    return next(
        max(opening.opens_at, at)
        for week in _weeks_from(calendar, at)
        for opening in week.openings
        if opening.closes_at > at
    )


def openings_between(
    calendar: Calendar, starts_at: datetime, ends_at: datetime
) -> Iterator[Opening]:
    """Yield the stretches of working time in `[starts_at, ends_at)`, cut to it, in order."""
    starts_at, ends_at = _ordered_utc(starts_at, ends_at)
    for week in _weeks_between(calendar, starts_at, ends_at):
        for opening in week.openings:
            cut = Opening(max(opening.opens_at, starts_at), min(opening.closes_at, ends_at))
            if cut.opens_at < cut.closes_at:
                yield cut


def _spend(calendar: Calendar, starts_at: datetime, left: timedelta) -> datetime:
    for week in _weeks_from(calendar, starts_at):
        inside = _inside(week, starts_at)
        if inside >= left:
            return _spend_in(week, starts_at, left)
        left -= inside
    raise AssertionError("weeks go on until they raise")  # pragma: no cover


def _spend_in(week: Week, starts_at: datetime, left: timedelta) -> datetime:
    for opens_at, closes_at in week.openings:
        begins_at = max(opens_at, starts_at)
        if closes_at - begins_at >= left:
            return begins_at + left
        left -= max(closes_at - begins_at, NO_TIME)
    raise AssertionError("the week holds at least the time left")  # pragma: no cover


def _inside(week: Week, starts_at: datetime, ends_at: datetime | None = None) -> timedelta:
    """Return the working time of a week from a moment on, up to the end if there is one."""
    if not week.openings:
        return NO_TIME
    ends_at = ends_at or week.openings[-1].closes_at
    if starts_at <= week.openings[0].opens_at and week.openings[-1].closes_at <= ends_at:
        return week.working
    return sum(
        (
            max(min(closes_at, ends_at) - max(opens_at, starts_at), NO_TIME)
            for opens_at, closes_at in week.openings
        ),
        NO_TIME,
    )


def _weeks_between(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> Iterator[Week]:
    """Yield the weeks that can have openings in a period; a day more on either side, for nights."""
    first = week_number(starts_at.astimezone(calendar.zone).date() - ONE_DAY)
    last = week_number(ends_at.astimezone(calendar.zone).date() + ONE_DAY)
    return (calendar.week(number) for number in range(first, min(last, calendar.last_week) + 1))


def _weeks_from(calendar: Calendar, at: datetime) -> Iterator[Week]:
    first = week_number(at.astimezone(calendar.zone).date() - ONE_DAY)
    for number in range(first, calendar.last_week + 1):
        yield calendar.week(number)
    raise NoWorkingTime(f"the calendar has no working time left after {at.isoformat()}")


def _ordered_utc(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    starts_at, ends_at = _as_utc(starts_at), _as_utc(ends_at)
    if ends_at < starts_at:
        raise ValueError(f"the end must not be before the start, got {starts_at} to {ends_at}")
    return starts_at, ends_at


def _as_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"expected a datetime with a zone, got {moment.isoformat()} without one")
    return moment.astimezone(UTC)
