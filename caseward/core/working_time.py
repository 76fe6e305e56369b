"""Working time: how much of it lies between two moments, and when an amount of it is used up.

A calendar says when people work on the clocks of their own zone. What passes is counted in real
time, so a night shift is an hour shorter when summer time begins and an hour longer when it ends.
A clock time that comes twice means its first coming; one that is skipped means the end of the gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
NO_TIME = timedelta(0)
LAST_WEEK = date.max.toordinal() // 7 - 1
KEPT_WEEKS = 2_000


class NoWorkingTime(ValueError):
    """The calendar has no working time left after the given moment, today or ever."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Opening hours on the wall clock, belonging to the day they open.

    Closing at or before the opening means the next day: 22:00-06:00 is a night shift,
    09:00-00:00 lasts until midnight and 00:00-00:00 is the whole day.
    """

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError(f"a span takes times without a zone, got {self.opens}-{self.closes}")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a span such as `09:00-18:00` or `16:00-24:00`."""
        opens, _, closes = (part.strip() for part in text.partition("-"))
        try:
            return cls(time.fromisoformat(opens), time.fromisoformat(_as_midnight(closes)))
        except ValueError as error:
            raise ValueError(f"expected hours such as 09:00-18:00, got {text!r}") from error


def _as_midnight(clock: str) -> str:
    return "00:00" if clock == "24:00" else clock


class Opening(NamedTuple):
    """One stretch of working time, `[opens_at, closes_at)` in UTC."""

    opens_at: datetime
    closes_at: datetime


class _Week(NamedTuple):
    """The openings of seven local days in order, none overlapping, and their total."""

    openings: tuple[Opening, ...]
    working: timedelta


@dataclass(frozen=True)
class Calendar:
    """When people work: a zone, hours per ISO weekday (1 is Monday), and days that differ.

    An exception replaces the hours of its date: none for a holiday, shorter ones for a half day.
    It leaves alone the night shift that began the evening before.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[Span]] = field(hash=False)
    exceptions: Mapping[date, Sequence[Span]] = field(default_factory=dict, hash=False)
    _weeks: dict[int, _Week] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for weekday in self.weekly:
            if weekday not in range(1, 8):
                raise ValueError(f"a weekday is 1 (Monday) to 7 (Sunday), got {weekday!r}")
        for day in self.exceptions:
            if type(day) is not date:
                raise ValueError(f"an exception is for a date without a time, got {day!r}")
        # Own copies: what the caller changes later cannot contradict the weeks already worked out.
        object.__setattr__(self, "weekly", _in_order(self.weekly))
        object.__setattr__(self, "exceptions", _in_order(self.exceptions))

    def spans_on(self, day: date) -> Sequence[Span]:
        """Return the hours that open on a local date, earliest first."""
        if day in self.exceptions:
            return self.exceptions[day]
        return self.weekly.get(day.isoweekday(), ())

    @cached_property
    def _last_week(self) -> int:
        """The last week that can have working time; weekly hours go on until the year 9999."""
        if any(self.weekly.values()):
            return LAST_WEEK
        open_days = [day for day, spans in self.exceptions.items() if spans]
        return _week_number(max(open_days, default=date.min))

    def _week(self, number: int) -> _Week:
        week = self._weeks.get(number)
        if week is None:
            if len(self._weeks) >= KEPT_WEEKS:
                self._weeks.clear()
            week = self._weeks[number] = _work_out_week(self, number)
        return week


def elapsed_working(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> timedelta:
    """Return the working time in `[starts_at, ends_at)`.

    Raises:
        ValueError: a datetime without a zone, or an end before the start.
    """
    starts_at, ends_at = _ordered_utc(starts_at, ends_at)
    return sum((_inside(week, starts_at, ends_at)
                for week in _weeks_between(calendar, starts_at, ends_at)), NO_TIME)


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
    return any(opening.opens_at <= at < opening.closes_at
               for week in _weeks_between(calendar, at, at) for opening in week.openings)


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """Return the first moment (UTC) of working time at or after `at`: `at` itself when open.

    Raises:
        ValueError: a datetime without a zone.
        NoWorkingTime: the calendar never opens again.
    """
    at = _as_utc(at)
    return next(max(opening.opens_at, at)
                for week in _weeks_from(calendar, at)
                for opening in week.openings if opening.closes_at > at)


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


def _spend_in(week: _Week, starts_at: datetime, left: timedelta) -> datetime:
    for opens_at, closes_at in week.openings:
        begins_at = max(opens_at, starts_at)
        if closes_at - begins_at >= left:
            return begins_at + left
        left -= max(closes_at - begins_at, NO_TIME)
    raise AssertionError("the week holds at least the time left")  # pragma: no cover


def _inside(week: _Week, starts_at: datetime, ends_at: datetime | None = None) -> timedelta:
    """Return the working time of a week from a moment on, up to the end if there is one."""
    if not week.openings:
        return NO_TIME
    ends_at = ends_at or week.openings[-1].closes_at
    if starts_at <= week.openings[0].opens_at and week.openings[-1].closes_at <= ends_at:
        return week.working
    return sum((max(min(closes_at, ends_at) - max(opens_at, starts_at), NO_TIME)
                for opens_at, closes_at in week.openings), NO_TIME)


def _weeks_between(calendar: Calendar, starts_at: datetime, ends_at: datetime) -> Iterator[_Week]:
    """Yield the weeks that can have openings in a period; a day more on either side, for nights."""
    first = _week_number(starts_at.astimezone(calendar.zone).date() - ONE_DAY)
    last = _week_number(ends_at.astimezone(calendar.zone).date() + ONE_DAY)
    return (calendar._week(number) for number in range(first, min(last, calendar._last_week) + 1))


def _weeks_from(calendar: Calendar, at: datetime) -> Iterator[_Week]:
    first = _week_number(at.astimezone(calendar.zone).date() - ONE_DAY)
    for number in range(first, calendar._last_week + 1):
        yield calendar._week(number)
    raise NoWorkingTime(f"the calendar has no working time left after {at.isoformat()}")


def _work_out_week(calendar: Calendar, number: int) -> _Week:
    monday = date.fromordinal(7 * number + 1)
    covered_until = max((opening.closes_at for opening in _hours(calendar, monday - ONE_DAY)),
                        default=datetime.min.replace(tzinfo=UTC))
    openings = []
    for weekday in range(7):
        for opens_at, closes_at in _hours(calendar, monday + weekday * ONE_DAY):
            if max(opens_at, covered_until) < closes_at:
                openings.append(Opening(max(opens_at, covered_until), closes_at))
                covered_until = closes_at
    return _Week(tuple(openings), sum((closes - opens for opens, closes in openings), NO_TIME))


def _hours(calendar: Calendar, day: date) -> Iterator[Opening]:
    for span in calendar.spans_on(day):
        closing_day = day + ONE_DAY if span.closes <= span.opens else day
        yield Opening(_first_moment(calendar.zone, datetime.combine(day, span.opens)),
                      _first_moment(calendar.zone, datetime.combine(closing_day, span.closes)))


def _first_moment(zone: ZoneInfo, wall: datetime) -> datetime:
    """Return the first moment at which the clocks of the zone show `wall` or later."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _end_of_gap(zone, wall)


def _end_of_gap(zone: ZoneInfo, wall: datetime) -> datetime:
    """Return when the clocks jumped over `wall`, found by halving; clocks jump at whole seconds."""
    before = wall.replace(tzinfo=zone, fold=1, microsecond=0).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0, microsecond=0).astimezone(UTC)
    new_offset = after.astimezone(zone).utcoffset()
    while after - before > ONE_SECOND:
        middle = before + (after - before) // ONE_SECOND // 2 * ONE_SECOND
        if middle.astimezone(zone).utcoffset() == new_offset:
            after = middle
        else:
            before = middle
    return after


def _week_number(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _in_order[Key](hours: Mapping[Key, Sequence[Span]]) -> dict[Key, tuple[Span, ...]]:
    return {key: tuple(sorted(spans)) for key, spans in hours.items()}


def _ordered_utc(starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
    starts_at, ends_at = _as_utc(starts_at), _as_utc(ends_at)
    if ends_at < starts_at:
        raise ValueError(f"the end must not be before the start, got {starts_at} to {ends_at}")
    return starts_at, ends_at


def _as_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"expected a datetime with a zone, got {moment.isoformat()} without one")
    return moment.astimezone(UTC)
