"""Calendars: when people work, on the clocks of their own zone, holidays and half days included.

A clock time that comes twice, when summer time ends, means its first coming; one that is skipped,
when summer time begins, means the end of the gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

NO_TIME = timedelta(0)
ONE_DAY = timedelta(days=1)
ONE_SECOND = timedelta(seconds=1)
LAST_WEEK = date.max.toordinal() // 7 - 1
KEPT_WEEKS = 2_000


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


class Week(NamedTuple):
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
    _weeks: dict[int, Week] = field(default_factory=dict, init=False, repr=False, compare=False)

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
    def last_week(self) -> int:
        """Number the last week that can have working time; weekly hours go on to the year 9999."""
        if any(self.weekly.values()):
            return LAST_WEEK
        open_days = [day for day, spans in self.exceptions.items() if spans]
        return week_number(max(open_days, default=date.min))

    def week(self, number: int) -> Week:
        """Return the openings of a week as numbered by `week_number`, worked out once."""
        week = self._weeks.get(number)
        if week is None:
            if len(self._weeks) >= KEPT_WEEKS:
                self._weeks.clear()
            week = self._weeks[number] = _work_out_week(self, number)
        return week


def _work_out_week(calendar: Calendar, number: int) -> Week:
    monday = date.fromordinal(7 * number + 1)
    covered_until = max(
        (opening.closes_at for opening in _hours(calendar, monday - ONE_DAY)),
        default=datetime.min.replace(tzinfo=UTC),
    )
    openings = []
    for weekday in range(7):
        for opens_at, closes_at in _hours(calendar, monday + weekday * ONE_DAY):
            if max(opens_at, covered_until) < closes_at:
                openings.append(Opening(max(opens_at, covered_until), closes_at))
                covered_until = closes_at
    return Week(tuple(openings), sum((closes - opens for opens, closes in openings), NO_TIME))


def _hours(calendar: Calendar, day: date) -> Iterator[Opening]:
    for span in calendar.spans_on(day):
        closing_day = day + ONE_DAY if span.closes <= span.opens else day
        yield Opening(
            first_moment(calendar.zone, datetime.combine(day, span.opens)),
            first_moment(calendar.zone, datetime.combine(closing_day, span.closes)),
        )


def first_moment(zone: ZoneInfo, wall: datetime) -> datetime:
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


def week_number(day: date) -> int:
    """Number the weeks from Monday to Sunday; week 0 is the first of the year 1."""
    return (day.toordinal() - 1) // 7


def _in_order[Key](hours: Mapping[Key, Sequence[Span]]) -> dict[Key, tuple[Span, ...]]:
    return {key: tuple(sorted(spans)) for key, spans in hours.items()}
